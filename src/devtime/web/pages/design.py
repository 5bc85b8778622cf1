"""`/design`: what plugins may build with, and the style sheet that widgets get."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from litestar import Response, get
from litestar.di import NamedDependency

from devtime.server.identity import Identity
from devtime.server.requests import AnyRequest
from devtime.web.compose.design import compose_design
from devtime.web.design.promised import STYLE_SHEET
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of
from devtime.web.render import STATIC

_KEPT = "public, max-age=3600, stale-while-revalidate=86400"
_ANY = "cross-origin"


@get(["/design", "/design.json"])
async def show_design(request: AnyRequest, identity: NamedDependency[Identity]) -> Page:
    """Every token and every component, in both themes."""
    view = compose_design()
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("design", view, chrome_of(request, identity))


@get(STYLE_SHEET)
async def show_style_sheet(request: AnyRequest) -> Page:
    """What widgets link, kept for an hour. Their documents have no origin, so any origin may load it."""
    body, tag = _read_style_sheet()
    headers = {"Cache-Control": _KEPT, "ETag": tag, "Vary": "Accept-Encoding", "Cross-Origin-Resource-Policy": _ANY}
    # A proxy that compresses marks the tag as weak; what comes back is the same file.
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        return Response(content=b"", status_code=304, headers=headers)
    return Response(content=body, media_type="text/css", headers=headers)


@lru_cache(maxsize=1)
def _read_style_sheet() -> tuple[bytes, str]:
    body = (STATIC / "plugin" / "main.css").read_bytes()
    return body, f'"{blake2b(body, digest_size=12).hexdigest()}"'
