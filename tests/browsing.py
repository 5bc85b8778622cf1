"""A real Chromium for tests: windows that are signed in, and ears for everything a page complains about."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from instances import Instance, Resident

Theme = Literal["light", "dark"]

WIDTHS = {1280: 900, 390: 844}
"""Window widths to try, each with its height: a desk and a phone."""

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
)  # fmt: skip
_PATIENCE_MS = 10_000
_AXE = """async rules => {
  const options = {resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})};
  const {violations} = await axe.run(document, options);
  return violations.map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 200)).slice(0, 3).join(" ")}`);
}"""
_THIN = """() => {
  const many = document.querySelectorAll("tbody tr:nth-child(n + 7), .api-group:nth-of-type(n + 3)");
  for (const each of many) each.remove();
  for (const closed of document.querySelectorAll("main details")) closed.open = true;
}"""
"""Opens what is folded, and takes away rows like those above them: axe needs seconds for a thousand cells."""
_OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules a theme can break; the others see the same page in both."""


@contextmanager
def chromium() -> Generator[Browser]:
    """The machine's own Chromium, headless."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("no Chromium on this machine: install the package chromium")
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """The windows of one test. `complaints` is what their pages said in consoles, and what went wrong while loading."""

    def __init__(self, browser: Browser, instance: Instance) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._instance = instance
        self._contexts: list[Any] = []

    def open(
        self,
        resident: Resident | None = None,
        *,
        width: int = 1280,
        theme: Theme = "light",
        has_scripts: bool = True,
        **options: Any,
    ) -> Page:
        """A window of its own, signed in as the resident; paths are those of the instance."""
        context = self._browser.new_context(
            base_url=self._instance.address,
            viewport={"width": width, "height": WIDTHS.get(width, 900)},
            java_script_enabled=has_scripts,
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
            color_scheme=theme,
            **options,
        )
        context.set_default_timeout(_PATIENCE_MS)
        self._contexts.append(context)
        if resident is not None:
            context.add_cookies([{"name": "devtime_session", "value": resident.session, "url": self._instance.address}])
        page = context.new_page()
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._hear_failure)
        return page

    def close(self) -> None:
        """Close them all."""
        for context in self._contexts:
            context.close()

    def _hear_console(self, message: ConsoleMessage) -> None:
        # An answer of 4xx is told in the console too; tests that ask for one look at the answer itself.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def _hear_failure(self, request: Request) -> None:
        # Leaving a page ends its event stream.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")


def find_barriers(page: Page) -> list[str]:
    """What axe finds on the page as it stands, at both widths and in both themes; and where it is too wide."""
    found: list[str] = []
    wide = {width: _excess(page, width) for width in WIDTHS}
    page.evaluate(_THIN)
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        wide[width] = max(wide[width], _excess(page, width))
        for theme, rules in (("light", None), ("dark", _OF_COLOUR)):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            found += [f"{theme}, at {width}: {each}" for each in page.evaluate(_AXE, rules)]
    return found + [f"at {width}: {excess} px wider than its window" for width, excess in wide.items() if excess]


def _excess(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    excess: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return excess
