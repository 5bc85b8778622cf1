"""The keyboard alone is enough: shortcuts, help, the skip link, menus, charts, and focus that is always seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browsing import Windows
from instances import Instance, Resident, afternoon_zone
from past import make_past

SHORTCUTS = {"d": "/", "r": "/range", "p": "/projects", "h": "/heartbeats", "c": "/connect", "s": "/settings"}

# Where the focus is, and whether anyone can see it: an outline or a stroke, on something with a size, in the window.
_FOCUS = """() => {
  const focused = document.activeElement;
  const drawn = focused.closest("svg") && focused.querySelector("rect") || focused;
  const style = getComputedStyle(drawn), box = drawn.getBoundingClientRect();
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    || drawn instanceof SVGElement && parseFloat(style.strokeWidth) >= 2;
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
  const name = focused.outerHTML.slice(0, 120);
  return {name, seen: focused === document.body || marked && inside, isBody: focused === document.body};
}"""


@pytest.fixture(scope="module")
def worker(instance: Instance) -> Resident:
    resident = instance.settle(zone=afternoon_zone())
    instance.send(resident, make_past(8, resident.zone, 2))
    return resident


def walk(page: Page, most: int) -> list[str]:
    """Tab through the page; what had the focus without showing it."""
    unseen: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUS)
        if found["isBody"]:
            break
        if not found["seen"]:
            unseen.append(found["name"])
    return unseen


@pytest.mark.parametrize("letter", SHORTCUTS)
def test_g_and_a_letter_lead_to_a_page(windows: Windows, instance: Instance, worker: Resident, letter: str) -> None:
    page = windows.open(worker)
    page.goto("/settings/privacy" if letter != "s" else "/")
    page.keyboard.type(f"g{letter}")
    expect(page).to_have_url(f"{instance.address}{SHORTCUTS[letter]}")


def test_arrows_go_from_day_to_day(windows: Windows, instance: Instance, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/day/2026-03-01")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(f"{instance.address}/day/2026-02-28")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/day/2026-03-01")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"{instance.address}/day/2026-03-02")


def test_a_question_mark_opens_the_help_and_escape_closes_it(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/")
    page.get_by_label(f"Menu of {worker.name}").focus()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.type("gr")
    expect(help_).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    expect(page.get_by_label(f"Menu of {worker.name}")).to_be_focused()


def test_a_slash_searches_or_filters_and_typing_is_left_alone(
    windows: Windows, instance: Instance, worker: Resident
) -> None:
    page = windows.open(worker)
    page.goto("/projects")
    page.keyboard.press("/")
    search = page.get_by_label("Find a project")
    expect(search).to_be_focused()
    page.keyboard.type("gr?/")
    expect(search).to_have_value("gr?/")
    assert page.url == f"{instance.address}/projects"
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.goto("/range")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Project")).to_be_focused()


def test_the_first_tab_offers_to_skip_to_the_content(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_opens_by_key_and_escape_gives_the_focus_back(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/")
    menu = page.get_by_label(f"Menu of {worker.name}")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(menu).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/", "/range", "/projects", "/settings", "/settings/keys", "/connect"])
def test_whatever_has_the_focus_is_seen(windows: Windows, worker: Resident, path: str, width: int) -> None:
    page = windows.open(worker, width=width)
    page.goto(path)
    assert walk(page, 45) == []


def test_a_number_of_a_chart_is_reached_and_followed_by_key(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d")
    mark = page.locator(".chart-bars svg [tabindex='0']")
    mark.focus()
    page.keyboard.press("End")
    said = page.locator(".tip").inner_text()
    assert said == page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/heartbeats?**")
    expect(page.get_by_role("heading", name="What they add up to")).to_be_visible()
