"""What a form sent, as plain text fields."""

from __future__ import annotations

from collections.abc import Mapping

from devtime.server.requests import AnyRequest


async def read_form(request: AnyRequest) -> Mapping[str, str]:
    """The text fields of the form; of a field sent twice, the last. Files are left out."""
    form = await request.form()
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}
