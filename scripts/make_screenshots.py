"""Take the pictures of the documentation from a real instance with a made-up year: docs/tutorial/images/*.png.

Run it as `make screenshots`. The people and their past follow from a seed, so that pictures change only when pages do
(and with the date, which is today's). The time zone is one where it is afternoon, so that today has something to show.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs/tutorial/images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PASSWORD = "a quiet afternoon"  # noqa: S105 - of an instance that is gone when this ends
ZONES = (
    "Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin", "Europe/London", "America/Sao_Paulo",
    "America/New_York", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu",
)  # fmt: skip
WIDE, PHONE = (1200, 860), (390, 780)
LARGEST_BYTES = 150_000
_PATIENCE_S = 120


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, and how it is looked at. `act` is done before: a selector to click."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    theme: str = "light"
    act: str = ""


SHOTS = (
    Shot("day", "/"),
    Shot("day-dark", "/", theme="dark"),
    Shot("day-phone", "/", size=PHONE),
    Shot("range", "/range?range=30d"),
    Shot("range-dark", "/range?range=year", theme="dark"),
    Shot("range-phone", "/range?range=30d", size=PHONE, theme="dark"),
    Shot("projects", "/projects?range=90d"),
    Shot("heartbeats", "/heartbeats?range=today"),
    Shot("connect", "/connect"),
    Shot("data", "/settings/data"),
    Shot("privacy", "/settings/privacy"),
    Shot("keys", "/settings/keys"),
    Shot("people", "/settings/people"),
    Shot("reference", "/api/docs"),
)


def main() -> None:
    """Start an instance, take every picture, and complain about those that are too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with run_demo() as told, sync_playwright() as playwright:
        address = find(r"running at (\S+)", told)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        state = sign_in(browser, find(r"(\S+/welcome\?token=\S+)", told))
        for shot in SHOTS:
            take(browser, state, address, shot)
        browser.close()
    large = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > LARGEST_BYTES]
    if large:
        sys.exit(f"larger than {LARGEST_BYTES:,} bytes: {', '.join(large)}")


@contextmanager
def run_demo() -> Generator[str]:
    """`devtime demo`, until the block ends; answers what it printed."""
    program = Path(sys.executable).with_name("devtime")
    command = [program, "demo", "--port", "0", "--seed", "11", "--people", "3", "--zone", afternoon_zone()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = process.stdout or sys.exit("devtime demo has no output")
    told, deadline = "", time.monotonic() + _PATIENCE_S
    try:
        while "Ctrl+C stops it" not in told and time.monotonic() < deadline:
            told += out.readline()
        yield told
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def afternoon_zone() -> str:
    """The zone where it is nearest to four in the afternoon."""
    now = datetime.now(UTC)
    return min(ZONES, key=lambda zone: abs(now.astimezone(ZoneInfo(zone)).hour * 60 + now.minute - 16 * 60))


def find(pattern: str, text: str) -> str:
    """What the pattern's group matches."""
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"devtime demo did not start:\n{text}")
    return match[1]


def sign_in(browser: Browser, link: str) -> object:
    """Use the one-time link as a person does; answers the cookies. The page itself is a picture too."""
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    page.goto(link)
    page.screenshot(path=FOLDER / "welcome.png")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"/(connect)?$"))
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, state: object, address: str, shot: Shot) -> None:
    """One picture, of what fits the window."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme=shot.theme,  # pyright: ignore[reportArgumentType]
        storage_state=state,  # pyright: ignore[reportArgumentType]
    )
    page: Page = context.new_page()
    page.goto(address + shot.path, wait_until="load")
    if shot.act:
        page.click(shot.act)
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main()
