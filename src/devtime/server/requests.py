"""Where a request comes from: the peer's address, the scheme, and whether a page of ours sent it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from devtime.kernel.settings import Settings

AnyRequest = Request[Any, Any, Any]
"""A request of any user, with any credential and state."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def header(scope: Any, name: bytes) -> str:
    """The first value of a header, `""` when it is absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def peer_address(scope: Any, settings: Settings) -> str:
    """The address of whoever asks: what the proxy says if one is trusted, else the other end of the connection."""
    if settings.trust_proxy and (told := header(scope, b"x-forwarded-for")):
        return told.rpartition(",")[2].strip()
    client = scope.get("client")
    return str(client[0]) if client else "local"


def is_secure(scope: Any, settings: Settings) -> bool:
    """Whether the browser speaks HTTPS, to us or to the trusted proxy."""
    if scope["scheme"] in ("https", "wss"):
        return True
    return settings.trust_proxy and _last(header(scope, b"x-forwarded-proto")) == "https"


def is_same_origin(scope: Any, settings: Settings) -> bool:
    """Whether a browser says that a page of this very server made the request, or the person at it did."""
    if fetch_site := header(scope, b"sec-fetch-site"):
        return fetch_site in ("same-origin", "none")
    origin = header(scope, b"origin")
    if not origin or origin == "null":
        return False
    return urlsplit(origin).netloc.lower() in _own_names(scope, settings)


def local_path(text: str | None) -> str:
    """The path if it leads to a page of ours, else `/`: for redirects after signing in."""
    if not text or text[0] != "/" or text[1:2] in ("/", "\\") or "\\" in text or not text.isprintable():
        return "/"
    return text


def _own_names(scope: Any, settings: Settings) -> set[str]:
    names = {header(scope, b"host").lower()}
    if settings.public_url:
        names.add(urlsplit(settings.public_url).netloc.lower())
    if settings.trust_proxy and (told := header(scope, b"x-forwarded-host")):
        names.add(_last(told).lower())
    return names - {""}


def _last(text: str) -> str:
    return text.rpartition(",")[2].strip()
