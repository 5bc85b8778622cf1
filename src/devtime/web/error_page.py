"""Drawing the page of an error."""

from __future__ import annotations

from typing import Any, cast

from devtime.server.faults import Fault
from devtime.server.identity import Identity
from devtime.server.problems import title_of
from devtime.server.requests import AnyRequest
from devtime.web.pages.frame import chrome_of
from devtime.web.render import render
from devtime.web.views.access import ErrorView


def draw_error(request: AnyRequest, fault: Fault) -> str:
    """The HTML of the page."""
    detail = fault.detail
    if fault.incident:
        detail += f" It is in the server's log as {fault.incident}."
    view = ErrorView(status=fault.status, title=title_of(fault.status), detail=detail)
    known = cast("dict[str, Any]", request.scope).get("devtime_identity")
    return render("error", view, chrome_of(request, known if isinstance(known, Identity) else None))
