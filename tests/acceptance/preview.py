"""Renders every page with made-up data, takes its picture in both themes at two widths, and runs axe on it.

    .venv/bin/python tests/acceptance/preview.py OUT_FOLDER [--only day,range-week] [--no-axe]

Nothing here asserts: it is for looking. Problems (axe, console, content security policy) are printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from devtime.web.render import STATIC, render
from samples.pages import Page, make_pages

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
WIDTHS = (1280, 390)
THEMES = ("light", "dark")
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


class _Preview(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, Page], *args: Any) -> None:
        self.pages = pages
        super().__init__(*args)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        theme = parse_qs(address.query).get("theme", ["auto"])[0]
        if address.path.startswith("/static/"):
            file = STATIC / address.path.removeprefix("/static/")
            found = file.read_bytes() if file.is_file() else None
            self._answer(found, guess_type(file.name)[0] or "text/plain")
            return
        page = self.pages.get(address.path.strip("/"))
        body = render(page.template, page.view, replace(page.chrome, theme=theme)) if page else None
        self._answer(body.encode() if body else None, "text/html; charset=utf-8")

    def _answer(self, body: bytes | None, kind: str) -> None:
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"not here")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def serve_pages(pages: dict[str, Page]) -> Iterator[str]:
    """The address of a server that renders the pages by name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Preview, pages))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def look_at(
    context: BrowserContext, address: str, page: Page, theme: str, width: int, folder: Path, axe: Axe | None
) -> None:
    """One picture, and what axe and the console say."""
    tab = context.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text and "/live" not in message.text:
            said.append(message.text)

    tab.on("console", hear)
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(f"{address}/{page.name}?theme={theme}", wait_until="load")
    tab.wait_for_timeout(60)
    tab.screenshot(path=folder / f"{page.name}-{theme}-{width}.png", full_page=True)
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide:
        said.append(f"wider than its window by {wide} px")
    for violation in axe.run(tab).response["violations"] if axe else ():
        said.append(f"axe {violation['id']}: {violation['help']}")
        said.extend(f"    {node['html'][:150]} {node['failureSummary'][:220]!r}" for node in violation["nodes"][:3])
    for line in dict.fromkeys(said):
        print(f"{page.name} {theme} {width}: {line}")
    tab.close()


def main() -> None:
    """Looks at everything asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-axe", action="store_true")
    options = parser.parse_args()
    wanted = [name for name in options.only.split(",") if name]
    pages = {page.name: page for page in make_pages()}
    chosen = [page for page in pages.values() if not wanted or page.name in wanted]
    options.folder.mkdir(parents=True, exist_ok=True)
    axe = None if options.no_axe else Axe()
    with serve_pages(pages) as address, sync_playwright() as play, tempfile.TemporaryDirectory() as profile:
        for width in WIDTHS:
            context = play.chromium.launch_persistent_context(
                f"{profile}/{width}", executable_path="/usr/bin/chromium", args=list(CHROMIUM),
                viewport={"width": width, "height": 900}, reduced_motion="reduce",
            )  # fmt: skip
            for page in chosen:
                for theme in THEMES:
                    look_at(context, address, page, theme, width, options.folder, axe)
            context.close()
    print(f"{len(chosen)} pages in {options.folder}")


if __name__ == "__main__":
    main()
