"""Takes the pictures of the documentation: made-up people seen at a fixed moment in a real browser.

`make screenshots`, or `make screenshots ARGS="day.* keys"` for some, writes docs/tutorial/images/*.png. Needs Chromium,
and the fonts Inter and JetBrains Mono to look the same everywhere (Debian: chromium fonts-inter fonts-jetbrains-mono).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exhibit import Exhibit, open_exhibit
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "tutorial" / "images"
MOST_BYTES = 150_000

_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
    "--force-color-profile=srgb",
)  # fmt: skip
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family" compare="eq"><string>system-ui</string></test>
<edit name="family" mode="assign" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family" compare="eq"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family" compare="eq"><string>ui-monospace</string></test>
<edit name="family" mode="assign" binding="strong"><string>JetBrains Mono</string></edit></match>
</fontconfig>"""
# Secrets differ from run to run, and so does the port: the pictures show made-up ones.
_TIDY = """() => {
  const tidy = text => text
    .replace(/dt_[0-9a-f]{32}/g, "dt_7d1c40c2e0a94b35a1f6b0f3c2d9e8a4")
    .replace(/\\b[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\\b/g, "7d1c40c2-e0a9-4b35-a1f6-b0f3c2d9e8a4")
    .replace(/127\\.0\\.0\\.1:\\d+/g, "127.0.0.1:8765")
    .replace(/dt_[0-9a-f]{4,16}…/g, "dt_7d1c40c2e…")
    .replace(/invite=[\\w-]+/g, "invite=Yw3kT0mZs8Qb5rVh1xLc9uPd");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = tidy(walker.currentNode.data);
}"""

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Picture:
    """One picture: who looks where, how big, and what they do before it is taken."""

    name: str
    path: str
    who: Literal["developer", "newcomer", "stranger"] = "developer"
    height: int = 900
    width: int = 1280
    theme: Literal["light", "dark"] = "light"
    act: Act = lambda page: None


def _make_key(page: Page) -> None:
    page.get_by_role("button", name="Make a key and fill it in").click()
    page.get_by_role("tab", name="VS Code").first.click()
    page.evaluate("document.activeElement.blur()")


def _name_key(page: Page) -> None:
    page.get_by_label("Name").fill("laptop, VS Code")
    page.get_by_role("button", name="Make the key").click()


def _invite(page: Page) -> None:
    page.get_by_label("Who is it for?").fill("Grace")
    page.get_by_role("button", name="Make an invitation").click()


def _choose_privacy(page: Page) -> None:
    page.get_by_role("group", name="File paths").get_by_label("Hash").check()
    page.get_by_label("Projects never recorded").fill("client-*")


def _import(page: Page) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "wakatime-export.json")
        file.write_text(
            '{"user": {}, "days": [{"date": "2025-02-03", "heartbeats": ['
            '{"entity": "/src/old.py", "type": "file", "time": 1738573200.5, "project": "tide-tables"},'
            '{"entity": "/src/old.py", "type": "file", "time": 1738573320.5, "project": "tide-tables"}]}]}'
        )
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Import").click()
        page.locator(".job", has_text="done").wait_for(timeout=30_000)


def _drill_down(page: Page) -> None:
    page.locator("section[aria-labelledby=by-project] a").first.click()
    page.get_by_role("heading", name="What they add up to").wait_for()


def _look_beside(page: Page) -> None:
    page.locator("section[aria-labelledby=beside]").evaluate("each => each.scrollIntoView()")


def _open_session(page: Page) -> None:
    page.locator(".ai-table tbody th a").first.click()
    page.get_by_role("heading", name="How the cost comes about").wait_for()


def _drill_into_cost(page: Page) -> None:
    page.locator("section[aria-labelledby=by-branch] .ranked-time a").first.click()
    page.get_by_role("heading", name="What they add up to").wait_for()


def _open_plan(page: Page) -> None:
    page.locator(".limit-card h2 a").first.click()
    page.get_by_role("heading", name="Now").wait_for()


PICTURES = (
    Picture("welcome", "", "stranger", height=520),
    Picture("connect", "/connect", "newcomer", height=760, act=_make_key),
    Picture("first-heartbeat", "/", "newcomer", height=560),
    Picture("day", "/", height=780),
    Picture("day-dark", "/", height=780, theme="dark"),
    Picture("day-phone", "/", width=390, height=844),
    Picture("day-phone-dark", "/", width=390, height=844, theme="dark"),
    Picture("range", "/range?range=30d", height=860),
    Picture("range-dark", "/range?range=365d", height=860, theme="dark"),
    Picture("projects", "/projects?range=90d", height=660),
    Picture("project", "/project?name=harbor-api&range=30d", height=860),
    Picture("ai", "/ai", height=1180),
    Picture("ai-dark", "/ai?stack=project", height=1180, theme="dark"),
    Picture("ai-phone", "/ai", width=390, height=844),
    Picture("ai-beside", "/ai", height=620, act=_look_beside),
    Picture("ai-session", "/ai/sessions?sort=cost", height=900, act=_open_session),
    Picture("ai-session-dark", "/ai/sessions?sort=cost", height=900, theme="dark", act=_open_session),
    Picture("ai-responses", "/ai", height=860, act=_drill_into_cost),
    Picture("limits", "/limits", height=1010),
    Picture("limits-dark", "/limits", height=1010, theme="dark"),
    Picture("limits-phone", "/limits", width=390, height=844),
    Picture("limits-plan", "/limits", height=1010, act=_open_plan),
    Picture("heartbeats", "/", height=860, act=_drill_down),
    Picture("data", "/settings/data", height=660, act=_import),
    Picture("privacy", "/settings/privacy", height=750, act=_choose_privacy),
    Picture("keys", "/settings/keys", height=610, act=_name_key),
    Picture("people", "/settings/people", height=620, act=_invite),
    Picture("reference", "/api/docs", height=700),
)


def take(browser: Browser, exhibit: Exhibit, picture: Picture) -> Path:
    """Take one picture."""
    context = browser.new_context(
        base_url=exhibit.address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.theme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    session = {"developer": exhibit.developer, "newcomer": exhibit.newcomer}.get(picture.who)
    if session:
        context.add_cookies([{"name": "devtime_session", "value": session, "url": exhibit.address}])
    page = context.new_page()
    page.goto(picture.path or exhibit.link)
    picture.act(page)
    page.mouse.move(0, 0)
    page.evaluate(_TIDY)
    page.evaluate("document.fonts.ready")
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    context.close()
    return file


@contextmanager
def _fonts() -> Generator[None]:
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(_FONTS)
        file.flush()
        os.environ["FONTCONFIG_FILE"] = file.name
        yield


def main(wanted: list[str]) -> None:
    """Take those asked for, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [picture for picture in PICTURES if not wanted or any(re.fullmatch(each, picture.name) for each in wanted)]
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with _fonts(), open_exhibit() as exhibit, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(_FLAGS))
        for picture in chosen:
            file = take(browser, exhibit, picture)
            size = file.stat().st_size
            print(f"{file.name}: {size // 1000} kB")
            if size > MOST_BYTES:
                sys.exit(f"{file.name} is larger than {MOST_BYTES // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
