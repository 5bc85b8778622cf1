"""Around every answer: the security headers, and a line of the access log that holds no secret."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, cast

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from devtime.server.requests import has_sound_host, peer_address

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

_LOG = logging.getLogger("devtime.access")
_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_NOT_KEPT = (b"cache-control", b"no-store")
_CACHED = frozenset({b"cache-control", b"etag", b"last-modified"})
"""What has none of these is somebody's own, and nothing on the way may keep it."""
_SECRET_PARAMETER = re.compile(r"(?i)(^|&)(api_key|token|invite|code|password|secret|key)=[^&]*")
_SECRET_LIKE = re.compile(r"(?i)(dt_|waka_)[0-9a-f-]{8,}|(dw_)[\w-]{8,}")


class Envelope:
    """An ASGI application around another: adds headers a route did not set itself, and logs at level INFO."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        app = self._app if has_sound_host(scope) else _refuse_host
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0
        is_tls = scope["scheme"] == "https"

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _complete(list(message["headers"]), is_tls)
            await send(message)

        try:
            await app(scope, receive, send_with_headers)
        finally:
            if _LOG.isEnabledFor(logging.INFO):
                _LOG.info(describe_request(cast("Any", scope), status, time.perf_counter() - started))


def _complete(headers: list[tuple[bytes, bytes]], is_tls: bool) -> list[tuple[bytes, bytes]]:
    present = {name for name, _ in headers}
    headers.extend(pair for pair in _HEADERS if pair[0] not in present)
    if not present & _CACHED:
        headers.append(_NOT_KEPT)
    if is_tls:
        headers.append(_STRICT_TRANSPORT)
    return headers


async def _refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request for a host that cannot be one; links and redirects would be made of it."""
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"the Host header is not valid", "more_body": False})


def describe_request(scope: Any, status: int, seconds: float) -> str:
    """One JSON object: when it ends up in a log, it tells no key, token or password."""
    app = scope.get("app") or scope.get("litestar_app")
    parts = app.state.get("parts") if app is not None else None
    client = scope.get("client")
    return msgspec.json.encode(
        {
            "method": scope["method"],
            "path": redact(scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or scope["path"]),
            "query": redact(scope["query_string"].decode("latin-1")),
            "status": status,
            "ms": round(seconds * 1_000, 1),
            "peer": peer_address(scope, parts.settings) if parts is not None else client and client[0],
        }
    ).decode()


def redact(text: str) -> str:
    """A query string or path without the values of secret parameters, and without anything that looks like a key."""
    return _SECRET_LIKE.sub(r"\1\2***", _SECRET_PARAMETER.sub(r"\1\2=***", text))
