"""Light and dark: as the system says until somebody chooses, then as chosen, from the first paint of every page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from browsing import Windows
from instances import Resident


def is_dark(page: Page) -> bool:
    """Whether the page's ground is darker than its text."""
    return bool(
        page.evaluate("""() => {
            const bright = text => text.match(/\\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part);
            const style = getComputedStyle(document.body);
            return bright(style.backgroundColor) < bright(style.color);
        }""")
    )


def test_the_systems_theme_is_followed_until_one_is_chosen(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada, theme="dark")
    page.goto("/")
    assert is_dark(page)
    page.emulate_media(color_scheme="light")
    assert not is_dark(page)


def test_the_chosen_theme_stays_on_every_page_and_after_coming_back(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada, theme="light")
    page.goto("/")
    page.get_by_role("button", name="Switch between light and dark").click()
    assert is_dark(page)
    for path in ("/range", "/settings", "/api/docs", "/no-such-page"):
        page.goto(path)
        assert is_dark(page), path
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.reload()
    assert not is_dark(page)


def test_settings_give_the_theme_back_to_the_system(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada, theme="light")
    page.goto("/settings")
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("button", name="Use this theme").click()
    assert is_dark(page)
    page.reload()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    page.get_by_role("radio", name="As the system").check()
    page.get_by_role("button", name="Use this theme").click()
    assert not is_dark(page)
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert is_dark(page)
