"""Where a request comes from: the peer's address, the scheme, and whether a page of ours sent it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from devtime.kernel.settings import Settings

AnyRequest = Request[Any, Any, Any]
"""A request of any user, with any credential and state."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_HOST = re.compile(r"(?:[\w.~-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>\d{0,5}))?", re.ASCII | re.IGNORECASE)


def header(scope: Any, name: bytes) -> str:
    """The first value of a header, `""` when it is absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def peer_address(scope: Any, settings: Settings) -> str:
    """The address of whoever asks: what the proxy says if one is trusted, else the other end of the connection."""
    if settings.trust_proxy and (told := _told_by_proxy(scope, b"x-forwarded-for")):
        # Some proxies tell the port too, of which one address has many.
        return told.partition(":")[0] if told.count(":") == 1 else told.removeprefix("[").partition("]")[0]
    client = scope.get("client")
    return str(client[0]) if client else "local"


def is_secure(scope: Any, settings: Settings) -> bool:
    """Whether the browser speaks HTTPS, to us or to the trusted proxy."""
    if scope["scheme"] in ("https", "wss"):
        return True
    return settings.trust_proxy and _told_by_proxy(scope, b"x-forwarded-proto") == "https"


def is_same_origin(scope: Any, settings: Settings) -> bool:
    """Whether a browser says that a page of this very server made the request, or the person at it did."""
    if fetch_site := header(scope, b"sec-fetch-site"):
        return fetch_site in ("same-origin", "none")
    origin = header(scope, b"origin")
    if not origin or origin == "null":
        return False
    try:
        name = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    return name in _own_names(scope, settings)


def has_sound_host(scope: Any) -> bool:
    """Whether `Host` is told once at most, and is a name or address that links may be made of."""
    hosts = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host" and value]
    if not hosts:
        return True
    found = _HOST.fullmatch(hosts[0])
    return len(hosts) == 1 and found is not None and int(found["port"] or 0) < 65_536


def local_path(text: str | None) -> str:
    """The path if it leads to a page of ours, else `/`: for redirects after signing in."""
    if not text or text[0] != "/" or text[1:2] == "/" or "\\" in text:
        return "/"
    return text if text.isascii() and text.isprintable() else "/"


def _own_names(scope: Any, settings: Settings) -> set[str]:
    names = {header(scope, b"host").lower()}
    if settings.public_url:
        names.add(urlsplit(settings.public_url).netloc.lower())
    if settings.trust_proxy and (told := _told_by_proxy(scope, b"x-forwarded-host")):
        names.add(told.lower())
    return names - {""}


def _told_by_proxy(scope: Any, name: bytes) -> str:
    """The last word of the last header of that name: what comes before, whoever asks may have made up."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[-1].decode("latin-1").rpartition(",")[2].strip() if values else ""
