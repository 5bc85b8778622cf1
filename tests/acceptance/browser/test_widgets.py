"""Widgets on the dashboard of a real browser: the documented scripts, errors, order, removal, themes."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from browsing import WIDTHS, Windows, find_barriers
from codetrackr_examples import fetch_examples, widget_examples
from installed_widgets import give_widgets, inside, panel
from instances import Instance, Resident

DAY_S = 86_400


@pytest.fixture
def busy(instance: Instance, ada: Resident) -> Resident:
    """Somebody with an hour of Rust today and one of Python yesterday."""
    now = int(time.time())
    beats = [
        {"tool": "zed", "project": "core-engine", "language": language, "time": now - ago - minute * 60, "duration": 60}
        for language, ago in (("rust", 0), ("python", DAY_S))
        for minute in range(60)
    ]
    instance.send(ada, beats)
    return ada


def test_documented_scripts_run_as_they_are(windows: Windows, instance: Instance, busy: Resident) -> None:
    scripts = [*fetch_examples(), widget_examples()["hello"], widget_examples()["form"]]
    names = give_widgets(instance, busy, scripts)
    page = windows.open(busy)
    page.goto("/")
    for name, script in zip(names, scripts, strict=True):
        panel(page, name).scroll_into_view_if_needed()
        body = inside(page, name).locator("body > div")
        if "stats/summary" in script:
            expected = "core-engine" if "top_project" in script else "2h 0m"
            expect(body).to_contain_text(expected)
        elif "stats/languages" in script:
            expect(body).to_contain_text("50.0%")
        elif "stats/daily" in script:
            expect(body.locator("#ct-bars > div")).to_have_count(2)
        elif "stats/streaks" in script:
            expect(body).to_contain_text("2 day streak")
        elif "Hello" in script:
            expect(body).to_have_text("Hello from my plugin!")
        else:
            file = {"name": "hours.csv", "mimeType": "text/csv", "buffer": b"a,b"}
            body.locator("#csvFile").set_input_files(files=[file])  # pyright: ignore[reportArgumentType]
            expect(body.locator("#status")).to_have_text("Ready: hours.csv")
            body.get_by_role("button", name="Import CSV").click()
            expect(body.locator("#status")).to_have_text("Done!")
            assert body.locator("#progressBar").evaluate("each => each.style.width") == "100%"
        expect(panel(page, name).get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize(
    "script", ["throw new Error('broken glass')", "return Promise.reject(new Error('broken glass'))", "let let = 1;"]
)
def test_an_error_is_told_and_its_details_are_in_the_console(
    windows: Windows, instance: Instance, ada: Resident, script: str
) -> None:
    (name,) = give_widgets(instance, ada, [script])
    instance.send(ada, [{"tool": "zed", "project": "p", "time": time.time()}])
    page = windows.open(ada)
    page.goto("/")
    told = panel(page, name).get_by_role("alert")
    expect(told).to_contain_text("⚠ Plugin error")
    expect(told).to_contain_text("SyntaxError" if "let" in script else "broken glass")
    expect(told.get_by_role("button", name="Run again")).to_be_visible()
    page.wait_for_timeout(100)
    assert any("broken glass" in each or "SyntaxError" in each for each in windows.complaints)
    windows.complaints.clear()


def test_a_frame_is_as_high_as_what_it_shows(windows: Windows, instance: Instance, ada: Resident) -> None:
    script = """
        container.innerHTML = '<div id="it" style="height:300px"></div>';
        addEventListener('themechange', () => {});
        container.addEventListener('themechange', event => { it.textContent = 'dark: ' + event.detail.isDark; });
        it.onclick = () => { it.style.height = '90px'; };
        it.textContent = 'dark: ' + isDark;
    """
    (name,) = give_widgets(instance, ada, [script])
    instance.send(ada, [{"tool": "zed", "project": "p", "time": time.time()}])
    page = windows.open(ada)
    page.goto("/")
    frame = panel(page, name).locator("iframe")
    expect(frame).to_have_css("height", "300px")
    expect(inside(page, name).locator("#it")).to_have_text("dark: false")
    inside(page, name).locator("#it").click()
    expect(frame).to_have_css("height", "90px")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(inside(page, name).locator("#it")).to_have_text("dark: true")
    expect(inside(page, name).locator("body")).to_have_css("background-color", "rgb(25, 25, 28)")


def test_the_page_leads_to_the_store_while_there_are_no_widgets(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    instance.send(ada, [{"tool": "zed", "project": "p", "time": time.time()}])
    page = windows.open(ada)
    page.goto("/")
    expect(page.get_by_role("link", name="Find widgets")).to_have_attribute("href", "/plugin-store")
    assert find_barriers(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_twelve_widgets_fit_and_are_accessible(
    windows: Windows, instance: Instance, busy: Resident, width: int
) -> None:
    names = give_widgets(instance, busy, ["container.textContent = 'Hello'"] * 12, title="A title <b>of</b> HTML")
    page = windows.open(busy, width=width)
    page.goto("/")
    for name in names:
        panel(page, name).scroll_into_view_if_needed()
        expect(inside(page, name).locator("body > div")).to_have_text("Hello")
    assert find_barriers(page) == []


def test_panels_are_moved_with_keys_and_by_dragging_and_come_back_when_removed(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    names = give_widgets(instance, ada, ["container.textContent = Math.random()"] * 3)
    page = windows.open(ada)
    page.goto("/")
    shown = [inside(page, name).locator("body > div") for name in names]
    for each in shown:
        expect(each).to_contain_text("0.")
    before = [each.inner_text() for each in shown]

    def order() -> list[str | None]:
        return [each.get_attribute("data-widget") for each in page.locator("[data-widget]:visible").all()]

    handle = panel(page, names[0]).locator("[data-widget-handle]")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert order() == [names[1], names[0], names[2]]
    expect(handle).to_be_focused()
    page.locator("#announcer").get_by_text("place 2 of 3").wait_for()
    panel(page, names[2]).locator("[data-widget-handle]").drag_to(panel(page, names[1]))
    assert order() == [names[2], names[1], names[0]]
    assert [each.inner_text() for each in shown] == before
    panel(page, names[1]).locator("summary").click()
    panel(page, names[1]).get_by_role("button", name="Remove").click()
    expect(panel(page, names[1])).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(panel(page, names[1])).to_be_visible()
    assert order() == [names[2], names[1], names[0]]
