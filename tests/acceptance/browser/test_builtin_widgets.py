"""The widgets that come with DevTime, on a real dashboard: with months of work, and with none yet."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import devtime.plugins.builtin
from browsing import WIDTHS, Windows, find_barriers
from devtime.store.database import Database
from installed_widgets import inside, install_plugin, panel
from instances import Instance, Resident

STORE = Path(devtime.plugins.builtin.__file__).parent / "store"
WIDGETS = ("day-streak", "language-bars", "daily-activity", "project-velocity", "focus-hours", "cost-today")
INSTALLED = (*WIDGETS, "badge-maker")
HOUR_S, DAY_S = 3_600, 86_400


def settle_in(instance: Instance, resident: Resident) -> None:
    """The builtin widgets, for one who may have others of the same names installed already."""

    async def work(database: Database) -> None:
        for name in INSTALLED:
            manifest = json.loads((STORE / name / "plugin.json").read_text())
            script = (STORE / name / "plugin.js").read_text()
            known = await database.fetchval("SELECT id FROM plugin_listings WHERE name = $1", name)
            if known is None:
                title = manifest["display_name"]
                await install_plugin(database, resident.id, name, script, title=title)
            else:
                install = "INSERT INTO installed_plugins (user_id, plugin_id) VALUES ($1, $2)"
                await database.execute(install, resident.id, known)

    instance.reach(work)


def work_for_weeks(instance: Instance, resident: Resident) -> None:
    """An hour or more on most of the last days, in four languages and three projects, and what an agent used."""
    now = int(time.time())
    languages, projects = ("rust", "python", "typescript", "sql"), ("core-engine", "dashboard", "docs & <notes>")
    beats = [
        {
            "tool": "zed",
            "project": projects[(day + part) % 3],
            "language": languages[(day * 2 + part) % 4],
            "time": now - day * DAY_S - part * HOUR_S - minute * 60,
            "duration": 60,
        }
        for day in range(16)
        if day % 6 != 5
        for part in range(1 + day % 3)
        for minute in range(40)
    ]
    instance.send(resident, beats)
    events = [
        {
            "key": f"{resident.id.int % 10**12}{day}",
            "time_ms": (now - day * DAY_S) * 1_000,
            "agent": "claude",
            "model": "claude-sonnet-4-5",
            "input_tokens": 120_000 * (day + 1),
            "output_tokens": 40_000,
        }
        for day in range(4)
    ]
    with instance.client(resident) as client:
        answer = client.post("/api/usage/events", json={"machine": "desk", "events": events})
        assert answer.status_code < 300, answer.text


def see(page: Page, name: str) -> str:
    """What a widget shows once it has asked."""
    panel(page, name).scroll_into_view_if_needed()
    body = inside(page, name).locator("body > div")
    expect(body).not_to_be_empty()
    expect(body.locator("p.text-muted", has_text="…")).to_have_count(0)
    expect(panel(page, name).get_by_role("alert")).to_be_hidden()
    return body.inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_they_show_weeks_of_work(windows: Windows, instance: Instance, ada: Resident, width: int) -> None:
    settle_in(instance, ada)
    work_for_weeks(instance, ada)
    page = windows.open(ada, width=width)
    page.goto("/")
    told = {name: see(page, name) for name in WIDGETS}
    assert told["day-streak"].startswith("5 days")
    assert "rust" in told["language-bars"].lower()
    assert "at best" in told["daily-activity"]
    assert "docs & <notes>" in told["project-velocity"]
    assert "Longest" in told["focus-hours"]
    assert "claude-sonnet-4-5" in told["cost-today"]
    assert find_barriers(page) == []


def test_the_badge_maker_shows_the_badge_and_its_markdown(windows: Windows, instance: Instance, ada: Resident) -> None:
    settle_in(instance, ada)
    page = windows.open(ada)
    page.goto("/")
    see(page, "badge-maker")
    maker = inside(page, "badge-maker")
    expect(maker.get_by_role("textbox")).to_have_value(
        f"![Time this week]({instance.address}/badge/{ada.name}/coding-time)"
    )
    maker.get_by_role("combobox").select_option("streak")
    expect(maker.get_by_role("textbox")).to_have_value(f"![Streak]({instance.address}/badge/{ada.name}/streak)")
    expect(maker.get_by_role("status")).to_contain_text("Your profile is private")
    picture = maker.get_by_role("img")
    assert picture.evaluate("async each => { await each.decode(); return each.naturalWidth; }") > 60


def test_they_say_what_is_missing_while_there_is_nothing(windows: Windows, instance: Instance, ada: Resident) -> None:
    settle_in(instance, ada)
    page = windows.open(ada)
    page.goto("/")
    told = {name: see(page, name) for name in WIDGETS}
    assert "first day with activity" in told["day-streak"]
    for name in WIDGETS[1:]:
        assert told[name].startswith("—"), name
