"""What a request shows to say who it is: a key in one of its spellings, a widget's token, or a session's cookie.

Nothing is checked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import msgspec

from devtime.accounts.keys import read_key
from devtime.server.widget_tokens import WidgetClaim, read_widget_token

PLAIN_COOKIE = "devtime_session"
SECURE_COOKIE = "__Host-devtime_session"
"""Used over HTTPS: browsers let no other host and no plain page set it."""


class Shown(msgspec.Struct, frozen=True):
    """The credentials of a request. `has_unread` is true when something was meant as a key but is none."""

    key: str | None
    cookie: str | None
    has_unread: bool = False
    widget: WidgetClaim | None = None

    def __repr__(self) -> str:
        told = {name: "***" if getattr(self, name) else None for name in ("key", "cookie", "widget")}
        return f"Shown({', '.join(f'{name}={value}' for name, value in told.items())})"


def cookie_name(is_secure: bool) -> str:
    """The name of the session's cookie."""
    return SECURE_COOKIE if is_secure else PLAIN_COOKIE


def read_credentials(scope: Any, *, is_secure: bool) -> Shown:
    """Look through an ASGI scope: `Authorization`, `X-API-Key`, `?api_key=`, then the cookie."""
    authorization = api_key = cookies = b""
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization = value
        elif name == b"x-api-key":
            api_key = value
        elif name == b"cookie":
            cookies = cookies + b"; " + value if cookies else value
    query = scope["query_string"]
    has_candidates = bool(authorization or api_key or b"api_key=" in query)
    if has_candidates:
        if claim := read_widget_token(authorization.decode("latin-1").removeprefix("Bearer ").strip()):
            return Shown(None, None, widget=claim)
        for candidate in _candidates(
            authorization.decode("latin-1"), api_key.decode("latin-1"), query.decode("latin-1")
        ):
            if key := read_key(candidate):
                return Shown(key, None)
    cookie = _find_cookie(cookies.decode("latin-1"), cookie_name(is_secure)) if cookies else None
    return Shown(None, cookie, has_unread=has_candidates)


def _candidates(authorization: str, api_key: str, query: str) -> Iterator[str]:
    """What may be the key: `Bearer key`, `Bearer base64(key)`, `Basic base64(key)`, with a colon before or after it…"""
    scheme, _, value = authorization.partition(" ")
    value = value.strip()
    if scheme.lower() == "basic":
        yield from _unpack(value).split(":", 1)
    else:
        yield value
        yield _unpack(value)
    yield api_key
    if "api_key=" in query:
        yield from parse_qs(query).get("api_key", [])


def _unpack(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


def _find_cookie(header: str, name: str) -> str | None:
    if name not in header:
        return None
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value.strip('"') or None
    return None
