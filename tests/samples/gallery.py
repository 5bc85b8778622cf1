"""Serves the made-up pages to a real browser on loopback, under the policy they must work with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from devtime.web.pages.frame import answer_json
from devtime.web.render import STATIC, render
from samples.pages import Page

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)

_ELSEWHERE = b"<!doctype html><title>Elsewhere</title><p>Some other page."


class Gallery:
    """The pages by name, which a test may exchange. `posted` is what forms sent."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self.pages = pages
        self.address = ""
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        self._rung = Event()

    def ring(self) -> None:
        """Says `activity` to the page that listens."""
        self._rung.set()

    def wait(self) -> bool:
        """Whether it rang, within a second."""
        is_rung = self._rung.wait(1)
        self._rung.clear()
        return is_rung


@contextmanager
def open_gallery(pages: dict[str, Page]) -> Iterator[Gallery]:
    """A server of the pages: `/NAME?theme=dark`."""
    gallery = Gallery(pages)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Visit, gallery))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    gallery.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield gallery
    finally:
        server.shutdown()
        server.server_close()


class _Visit(BaseHTTPRequestHandler):
    def __init__(self, gallery: Gallery, *args: Any) -> None:
        self.gallery = gallery
        super().__init__(*args)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/live":
            self._stream()
        elif address.path.startswith("/static/"):
            file = STATIC / address.path.removeprefix("/static/")
            found = file.read_bytes() if file.is_file() else None
            self._answer(found, guess_type(file.name)[0] or "text/plain")
        elif address.path.endswith(".json") and (page := self.gallery.pages.get(address.path[1:-5])):
            self._answer(answer_json(page.view).content, "application/json")
        else:
            theme = parse_qs(address.query).get("theme", ["auto"])[0]
            self._page(address.path.strip("/"), theme)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.gallery.posted.append((self.path, parse_qs(body.decode(errors="replace"))))
        self._answer(_ELSEWHERE, "text/html; charset=utf-8")

    def _page(self, name: str, theme: str) -> None:
        page = self.gallery.pages.get(name)
        if page is None:
            self._answer(_ELSEWHERE, "text/html; charset=utf-8")
            return
        chrome = replace(page.chrome, theme=theme, path=self.path)
        self._answer(render(page.template, page.view, chrome).encode(), "text/html; charset=utf-8")

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                is_rung = self.gallery.wait()
                self.wfile.write(b"event: activity\ndata: {}\n\n" if is_rung else b": quiet\n\n")
                self.wfile.flush()
        except OSError:
            return

    def _answer(self, body: bytes | None, kind: str) -> None:
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"not here")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
