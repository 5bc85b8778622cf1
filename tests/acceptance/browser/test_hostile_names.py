"""Names that want to be more than text: shown as they are, run by nobody, and no page is torn by them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browsing import WIDTHS, Windows
from instances import Instance, Resident, afternoon_zone

SCRIPT = "<script>window.owned = 1</script>"
IMAGE = "\"'><img src=x onerror=window.owned=1>"
HEBREW = "פרויקט \u202eסודי\u202c מאוד"
LONG = "w" * 250
TEMPLATE = "{{ 7 * 7 }} ${7 * 7} {% raw %} &lt;b&gt; %00 \\u003cscript\\u003e"
ADDRESS = "javascript:window.owned=1"
NAMES = (SCRIPT, IMAGE, HEBREW, LONG, TEMPLATE, ADDRESS, "a&project=b#c?d/e;f", "🏴 \u200e\t zero\u200bwidth")
PAGES = (
    "/", "/?count=total", "/range?range=7d&stack=branch", "/projects", "/heartbeats", "/connect", "/settings/keys",
    "/settings/people", "/settings", "/range?range=7d&project=" + "%3Cscript%3Ewindow.owned=1%3C/script%3E",
    "/heartbeats?file=%22%3E%3Csvg/onload=window.owned=1%3E", "/projects?q=%22%3E%3Csvg/onload=window.owned=1%3E",
    "/login?next=javascript:window.owned=1", "/%3Cscript%3Ewindow.owned=1%3C/script%3E",
    "/project?name=%3Cscript%3Ewindow.owned=1%3C/script%3E",
)  # fmt: skip


@pytest.fixture(scope="module")
def trickster(instance: Instance) -> Resident:
    """Someone whose every field is hostile."""
    resident = instance.settle(zone=afternoon_zone(), role="admin")
    now_ms = int(time.time() * 1_000)
    instance.send(
        resident,
        [
            {
                "timestamp": now_ms - 3_600_000 + number * 60_000,
                "tool": name,
                "project": name,
                "file": f"/home/{name}/{name}",
                "language": name,
                "branch": name,
                "machine_id": name,
                "editor": name,
                "os": name,
                "activity_type": name,
                "unknown": {name: name},
            }
            for number, name in enumerate([*NAMES, NAMES[0]])
        ],
    )
    with instance.client(resident) as client:
        for name in (SCRIPT, IMAGE, LONG, TEMPLATE, ADDRESS):
            assert client.post("/api/keys", json={"name": name[:128], "scope": "read"}).status_code == 201
    return resident


def check(page: Page) -> None:
    """Nothing ran, nothing sticks out."""
    assert page.evaluate("window.owned") is None
    assert page.locator("main img, main script, main svg[onload]").count() == 0
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess == 0, f"{excess} px wider than {width}"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_or_is_torn_by_a_name(windows: Windows, trickster: Resident, path: str) -> None:
    page = windows.open(trickster)
    page.goto(path)
    check(page)


def test_names_are_shown_as_they_were_sent(windows: Windows, trickster: Resident) -> None:
    page = windows.open(trickster)
    page.goto("/projects?range=7d")
    shown = page.locator("table.projects tbody th").all_text_contents()
    for name in (SCRIPT, IMAGE, HEBREW, LONG, TEMPLATE, ADDRESS):
        assert name in [text.strip() for text in shown]


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_name_leads_to_its_own_page_and_heartbeats(windows: Windows, trickster: Resident, number: int) -> None:
    page = windows.open(trickster)
    page.goto("/projects?range=7d&sort=name")
    page.locator("table.projects tbody th a").nth(number).click()
    expect(page.get_by_label("Summary of the project")).to_be_visible()
    check(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Summary of the project").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What they add up to")).to_be_visible()
    assert page.locator("table.heartbeats tbody tr").count() >= 1
    check(page)


def test_names_typed_into_forms_are_text_too(windows: Windows, trickster: Resident, tmp_path: Path) -> None:
    page = windows.open(trickster)
    page.goto("/settings")
    page.get_by_label("Name shown to others").fill(SCRIPT)
    page.locator("form[action='/settings/account'] button").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    check(page)
    page.goto("/settings/privacy")
    page.get_by_label("Projects never recorded").fill(f"</textarea>{SCRIPT}\n{IMAGE}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Projects never recorded")).to_have_value(f"</textarea>{SCRIPT}\n{IMAGE}")
    check(page)
    file = tmp_path / "<img src=x onerror=window.owned=1>.json"
    file.write_text(f'[{{"tool": "{SCRIPT}", "timestamp": "{SCRIPT}"}}]')
    page.goto("/settings/data")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("1 rejected").first).to_be_visible()
    page.get_by_text("Why rows were rejected").click()
    check(page)
