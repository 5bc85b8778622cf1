"""Gzip for pages: whole bodies of text, when the browser takes it. Streams and small answers pass untouched."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any, cast

from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from devtime.server.requests import header

_SMALLEST = 1_000
_LEVEL = 5
_TEXT = (b"text/", b"application/json", b"image/svg+xml", b"application/javascript")


class CompressPages:
    """Middleware for routers of pages: `middleware=[CompressPages]`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; compress what comes back in one piece."""
        if scope["type"] != "http" or "gzip" not in header(cast("Any", scope), b"accept-encoding"):
            await self._app(scope, receive, send)
            return
        held: HTTPResponseStartEvent | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_text(message["headers"]):
                held = message
                return
            if held is not None:
                start, held = held, None
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    body = message["body"]
                    if len(body) >= _SMALLEST:
                        body = gzip.compress(body, _LEVEL, mtime=0)
                        start["headers"] = _replaced(start["headers"], len(body))
                        message = {"type": "http.response.body", "body": body, "more_body": False}
                await send(start)
            await send(message)

        await self._app(scope, receive, send_compressed)


def _is_text(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    told = dict(headers)
    kind = told.get(b"content-type", b"")
    is_stream = kind.startswith(b"text/event-stream")
    return kind.startswith(_TEXT) and not is_stream and b"content-encoding" not in told


def _replaced(headers: Iterable[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name != b"content-length"]
    return [
        *kept,
        (b"content-length", str(length).encode()),
        (b"content-encoding", b"gzip"),
        (b"vary", b"Accept-Encoding"),
    ]
