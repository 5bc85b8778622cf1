"""What a form sent, as plain text fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request


async def read_form(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The text fields of the form; of a field sent twice, the last. Files are left out."""
    form = await request.form()
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}
