"""From an error to an answer: what went wrong is described once, and told in the shape of the API that was asked.

`PROBLEM_HANDLERS` (RFC 9457), `CODETRACKR_HANDLERS`, `WAKATIME_HANDLERS` and `PAGE_HANDLERS` go to a router's
`exception_handlers`; `FALLBACK_HANDLERS` is for paths that no router has.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from devtime.server.faults import Fault, describe
from devtime.server.requests import AnyRequest, header
from devtime.wire.problem import PlainError, Problem

AnyResponse = Response[Any]
Handlers = dict[int | type[Exception], Any]
ErrorPage = Callable[[AnyRequest, Fault], str]
"""Draws the HTML page of an error."""

_LOG = logging.getLogger("devtime.server")
_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not available",
}


def title_of(status: int) -> str:
    """A few words for the status."""
    return _TITLES.get(status, "Error")


def answer_problem(request: AnyRequest, error: Exception) -> AnyResponse:
    """`application/problem+json`: type, title, status, detail, and errors with field, reason and index."""
    fault = describe(error)
    problem = Problem(
        type="about:blank",
        title=title_of(fault.status),
        status=fault.status,
        detail=fault.detail,
        errors=list(fault.errors),
        incident=fault.incident or None,
    )
    return _json(problem, fault, "application/problem+json")


def answer_error(request: AnyRequest, error: Exception) -> AnyResponse:
    """`{"error": …}`, as CodeTrackr's and WakaTime's clients read it, with what is known about single fields."""
    fault = describe(error)
    return _json(PlainError(error=fault.detail, errors=list(fault.errors)), fault, "application/json")


def answer_page(request: AnyRequest, error: Exception) -> AnyResponse:
    """A page that says what happened; whoever must sign in first is sent there. `.json` twins answer a problem."""
    scope = cast("dict[str, Any]", request.scope)
    if scope["path"].endswith(".json") or header(scope, b"accept").startswith("application/json"):
        return answer_problem(request, error)
    fault = describe(error)
    if fault.status == 401 and request.method == "GET":
        asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        target = "/login" if asked == "/" else f"/login?next={quote(asked, safe='/')}"
        return Response(content=b"", status_code=303, headers={"Location": target})
    return Response(
        content=_draw(request, fault), status_code=fault.status, headers=fault.headers, media_type="text/html"
    )


def answer_anywhere(request: AnyRequest, error: Exception) -> AnyResponse:
    """The shape that fits the path, where no router is asked."""
    path = str(request.scope["path"])
    if isinstance(error, HTTPException) and error.status_code == 405:
        error.headers = {"Allow": ", ".join(_allowed_methods(request, path))}
    if path.startswith(("/api/v1/", "/api/compat/", "/api/users/")):
        return answer_error(request, error)
    if path.startswith("/api/"):
        return answer_problem(request, error)
    return answer_page(request, error)


def _draw(request: AnyRequest, fault: Fault) -> str:
    draw = cast("ErrorPage", request.app.state.get("error_page", plain_page))
    try:
        return draw(request, fault)
    except Exception:
        _LOG.exception("the page of an error could not be drawn")
        return plain_page(request, fault)


def plain_page(_request: AnyRequest, fault: Fault) -> str:
    """The page of an error when there is no nicer one."""
    title, detail = html.escape(title_of(fault.status)), html.escape(fault.detail)
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><h1>{title}</h1><p>{detail}</p></body></html>"


def _json(content: Problem | PlainError, fault: Fault, media_type: str) -> AnyResponse:
    return Response(
        content=msgspec.json.encode(content),
        status_code=fault.status,
        headers=fault.headers,
        media_type=media_type,
    )


def _allowed_methods(request: AnyRequest, path: str) -> list[str]:
    allowed: list[str] = []
    for method in ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"):
        try:
            request.app.asgi_router.handle_routing(path=path.rstrip("/") or "/", method=method)
        except HTTPException:
            continue
        allowed.append(method)
    return allowed


PROBLEM_HANDLERS: Handlers = {Exception: answer_problem}
CODETRACKR_HANDLERS: Handlers = {Exception: answer_error}
WAKATIME_HANDLERS: Handlers = {Exception: answer_error}
PAGE_HANDLERS: Handlers = {Exception: answer_page}
FALLBACK_HANDLERS: Handlers = {Exception: answer_anywhere}
