"""The session's cookie: how it is set and taken back."""

from __future__ import annotations

from litestar.datastructures import Cookie

from devtime.kernel.clock import DAY_MS, SECOND_MS
from devtime.server.credentials import cookie_name
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, is_secure

# The browser keeps it as long as browsers may; how long it holds without being used is the server's to say.
_KEPT_S = 400 * DAY_MS // SECOND_MS


def session_cookie(request: AnyRequest, parts: Parts, value: str) -> Cookie:
    """The cookie that signs the browser in."""
    return _cookie(request, parts, value, _KEPT_S)


def no_session_cookie(request: AnyRequest, parts: Parts) -> Cookie:
    """The cookie that makes the browser forget it."""
    return _cookie(request, parts, "", 0)


def _cookie(request: AnyRequest, parts: Parts, value: str, max_age: int) -> Cookie:
    secure = is_secure(request.scope, parts.settings)
    return Cookie(key=cookie_name(secure), value=value, max_age=max_age, httponly=True, samesite="lax", secure=secure)
