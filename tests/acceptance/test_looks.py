"""The pages in a real browser, with made-up data: accessible in both themes, fit for a phone, quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from devtime.web.views.day import DayView
from samples import activity
from samples.gallery import CHROMIUM, Gallery, open_gallery
from samples.names import RICH
from samples.pages import make_pages

BROWSER = Path("/usr/bin/chromium")
PAGES = {page.name: page for page in make_pages()}
LOOKED_AT = (
    "day", "day-new", "range-week", "range-empty", "projects", "project", "heartbeats", "account-wrong", "keys-new",
    "ai", "ai-new", "ai-filtered-empty", "ai-events", "ai-sessions", "ai-session", "ai-blocks",
    "privacy", "data", "people", "connect", "reference", "login-wrong", "welcome", "signup-wrong", "missing",
)  # fmt: skip

pytestmark = pytest.mark.skipif(not BROWSER.exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    with open_gallery(dict(PAGES)) as opened:
        yield opened


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with sync_playwright() as play:
        opened = play.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=BROWSER,
            args=list(CHROMIUM),
            viewport={"width": 1280, "height": 900},
            reduced_motion="reduce",
        )
        yield opened
        opened.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A fresh tab; whatever its console complains of fails the test."""
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    context.clear_cookies()
    assert said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_axe_finds_nothing_on_any_page_in_either_theme(tab: Page, gallery: Gallery, name: str, theme: str) -> None:
    tab.goto(f"{gallery.address}/{name}?theme={theme}")
    for details in tab.locator("main details").all():
        details.evaluate("each => each.open = true")
    violations = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in violations] == []


def test_no_page_is_wider_than_a_phone(tab: Page, gallery: Gallery) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    wide: dict[str, int] = {}
    for name in PAGES:
        tab.goto(f"{gallery.address}/{name}")
        wide[name] = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert {name: extra for name, extra in wide.items() if extra} == {}


def test_the_theme_changes_at_once_and_is_kept_in_a_cookie(tab: Page, gallery: Gallery) -> None:
    tab.emulate_media(color_scheme="light")
    tab.goto(f"{gallery.address}/day")
    tab.get_by_role("button", name="Switch between light and dark").click()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    assert [(each["name"], each["value"]) for each in tab.context.cookies()] == [("theme", "dark")]
    assert gallery.posted == []


def test_an_open_page_follows_new_activity_without_losing_what_was_open(tab: Page, gallery: Gallery) -> None:
    gallery.pages["day"] = PAGES["day"]
    with tab.expect_request("**/live"):
        tab.goto(f"{gallery.address}/day")
    tab.locator("#day details summary", has_text="Show as table").click()
    before = tab.locator(".hero-value").inner_text()
    more: DayView = activity.make_day(RICH, seed=8)
    gallery.pages["day"] = type(PAGES["day"])("day", "day", more, PAGES["day"].chrome)
    gallery.ring()
    expect(tab.locator(".hero-value")).not_to_have_text(before)
    assert tab.locator("#day details.chart-table").evaluate("each => each.open")


def test_letters_lead_to_pages_and_arrows_to_the_day_before(tab: Page, gallery: Gallery) -> None:
    tab.goto(f"{gallery.address}/day")
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_be_hidden()
    tab.keyboard.type("gr")
    tab.wait_for_url("**/range")
    tab.goto(f"{gallery.address}/day")
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_url("**/day/2025-01-14")


def test_a_chart_is_one_tab_stop_and_arrows_move_among_its_marks(tab: Page, gallery: Gallery) -> None:
    tab.goto(f"{gallery.address}/range-week")
    bars = tab.locator(".chart-bars svg[data-marks]")
    assert bars.locator('[tabindex="0"]').count() == 1
    bars.locator('[tabindex="0"]').focus()
    first = tab.locator(".tip").inner_text()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".tip")).to_be_visible()
    second = tab.locator(".tip").inner_text()
    assert first.split(":")[0] != second.split(":")[0]
    assert second == tab.evaluate("document.activeElement.getAttribute('aria-label')")
    assert bars.locator('[tabindex="0"]').count() == 1
    tab.keyboard.press("ArrowUp")
    assert tab.locator(".tip").inner_text().split(":")[0] == second.split(":")[0]


def test_what_destroys_asks_first_and_can_be_refused(tab: Page, gallery: Gallery) -> None:
    gallery.posted.clear()
    tab.goto(f"{gallery.address}/keys")
    tab.get_by_role("button", name="Revoke build box").click()
    tab.get_by_role("button", name="Keep it").click()
    expect(tab.get_by_role("dialog")).to_be_hidden()
    assert gallery.posted == []
    tab.get_by_role("button", name="Revoke build box").click()
    tab.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    tab.wait_for_url("**/revoke")
    assert [path for path, _ in gallery.posted] == ["/settings/keys/00000000-0000-4000-8000-000000000001/revoke"]


def test_editors_are_tabs_with_scripts_and_all_shown_without(tab: Page, gallery: Gallery) -> None:
    tab.goto(f"{gallery.address}/connect")
    assert tab.locator("[data-tab-panel]:visible").count() == 1
    tab.get_by_role("tab", name=re.compile("^Emacs")).click()
    expect(tab.get_by_role("tabpanel", name="Emacs")).to_be_visible()
    assert tab.url.endswith("#emacs")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("tabpanel", name="Sublime Text")).to_be_visible()
    tab.route("**/static/js/*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    tab.goto(f"{gallery.address}/connect?again")
    assert tab.locator("[data-tab-panel]:visible").count() == tab.locator("[data-tab-panel]").count()
    expect(tab.get_by_role("tablist")).to_be_hidden()


def test_empty_filters_stay_out_of_the_address(tab: Page, gallery: Gallery) -> None:
    tab.goto(f"{gallery.address}/range-month")
    tab.locator("summary", has_text="Filter").click()
    tab.locator("select[name=project]").select_option("notes")
    tab.get_by_role("button", name="Apply").click()
    tab.wait_for_url("**/range?range=week&project=notes")
