"""Renders every page with made-up data, takes its picture in both themes at two widths, and runs axe on it.

    .venv/bin/python tests/acceptance/preview.py OUT_FOLDER [--only day,range-week] [--no-axe]

Nothing here asserts: it is for looking. Problems (axe, console, content security policy) are printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from samples.gallery import CHROMIUM, open_gallery
from samples.pages import make_pages

WIDTHS = (1280, 390)
THEMES = ("light", "dark")


def look_at(context: BrowserContext, address: str, picture: Path, axe: Axe | None) -> list[str]:
    """Takes one picture; answers what axe and the console say."""
    tab = context.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "/live" not in message.text:
            said.append(message.text)

    tab.on("console", hear)
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(address, wait_until="load")
    tab.wait_for_timeout(60)
    tab.screenshot(path=picture, full_page=True)
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide:
        said.append(f"wider than its window by {wide} px")
    for violation in axe.run(tab).response["violations"] if axe else ():
        said.append(f"axe {violation['id']}: {violation['help']}")
        said.extend(f"    {node['html'][:150]} {node['failureSummary'][:220]!r}" for node in violation["nodes"][:3])
    tab.close()
    return [f"{picture.stem}: {line}" for line in dict.fromkeys(said)]


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
    with open_gallery(pages) as gallery, sync_playwright() as play, tempfile.TemporaryDirectory() as profile:
        for width in WIDTHS:
            context = play.chromium.launch_persistent_context(
                f"{profile}/{width}",
                executable_path="/usr/bin/chromium",
                args=list(CHROMIUM),
                viewport={"width": width, "height": 900},
                reduced_motion="reduce",
            )
            for page in chosen:
                for theme in THEMES:
                    picture = options.folder / f"{page.name}-{theme}-{width}.png"
                    for line in look_at(context, f"{gallery.address}/{page.name}?theme={theme}", picture, axe):
                        print(line)
            context.close()
    print(f"{len(chosen)} pages in {options.folder}")


if __name__ == "__main__":
    main()
