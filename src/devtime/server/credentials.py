"""What a request shows to say who it is: a key in one of its spellings, or a session's cookie. Nothing is checked."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs

import msgspec

from devtime.accounts.keys import read_key

PLAIN_COOKIE = "devtime_session"
SECURE_COOKIE = "__Host-devtime_session"
"""Used over HTTPS: browsers let no other host and no plain page set it."""


class Shown(msgspec.Struct, frozen=True):
    """The credentials of a request. `has_unread` is true when something was meant as a key but is none."""

    key: str | None
    cookie: str | None
    has_unread: bool = False

    def __repr__(self) -> str:
        return f"Shown(key={'***' if self.key else None}, cookie={'***' if self.cookie else None})"


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
    candidates = [*_of_authorization(authorization.decode("latin-1"))] if authorization else []
    if api_key:
        candidates.append(api_key.decode("latin-1"))
    if b"api_key=" in scope["query_string"]:
        candidates += parse_qs(scope["query_string"].decode("latin-1")).get("api_key", [])
    for candidate in candidates:
        if key := read_key(candidate):
            return Shown(key, None)
    cookie = _find_cookie(cookies.decode("latin-1"), cookie_name(is_secure)) if cookies else None
    return Shown(None, cookie, has_unread=bool(candidates))


def _of_authorization(header: str) -> list[str]:
    """What may be the key: `Bearer key`, `Bearer base64(key)`, `Basic base64(key)`, with a colon before or after it."""
    scheme, _, value = header.partition(" ")
    value = value.strip()
    match scheme.lower():
        case "bearer":
            return [value, _unpack(value)]
        case "basic":
            return _unpack(value).split(":", 1) if value else [value]
        case _:
            return [value]


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
