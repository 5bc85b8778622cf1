"""Widgets, lifecycle plugins, store and dashboard together, on a server with its sandbox, in a real browser."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Windows, find_barriers
from codetrackr_examples import curl_examples, lifecycle_examples, run_curl, widget_examples
from database import TestServer
from devtime.marketplace.hooks.queue import enqueue_install
from devtime.store.database import Database
from devtime.store.roles import connected
from installed_widgets import give_widgets, inside, install_plugin, panel
from instances import Instance, Resident, afternoon_zone, run_instance


@pytest.fixture(scope="module")
def instance(test_server: TestServer, compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A DevTime whose sandbox is compiled already."""
    folder = tmp_path_factory.mktemp("together")
    shutil.copytree(compiled, folder / "home" / "engine")

    async def prepare() -> None:
        async with connected(test_server.superuser) as connection:
            await connection.execute("GRANT devtime_plugin TO devtime")

    asyncio.run(prepare())
    address = asyncio.run(test_server.create_database())
    with run_instance(address, folder) as running:
        yield running
    asyncio.run(test_server.drop_database(address))


@pytest.fixture
def ada(instance: Instance) -> Resident:
    """Somebody who worked for an hour and a half."""
    made = instance.settle(zone=afternoon_zone())
    with instance.client(made) as client:
        assert client.post("/api/v1/heartbeat", json={"project": "a", "duration": 5400}).status_code == 200
    return made


def give_lifecycle(instance: Instance, resident: Resident, name: str, script: str) -> None:
    async def work(database: Database) -> None:
        plugin_id = await install_plugin(database, resident.id, name, script, plugin_type="lifecycle")
        await enqueue_install(database, resident.id, plugin_id)

    instance.reach(work)


def shown(page: Page, name: str) -> Locator:
    """What a widget shows, once it is in view."""
    panel(page, name).scroll_into_view_if_needed()
    return inside(page, name).locator("body > div")


def order(page: Page) -> list[str | None]:
    return [each.get_attribute("data-widget") for each in page.locator("[data-widget]:visible").all()]


def test_documented_widgets_call_documented_endpoints(windows: Windows, instance: Instance, ada: Resident) -> None:
    give_lifecycle(instance, ada, "my-plugin", lifecycle_examples()["endpoints"])
    give_lifecycle(instance, ada, "streak-notifier", lifecycle_examples()["streak"])
    hours, streak = give_widgets(instance, ada, [widget_examples()["rpc"], widget_examples()["streak"]])
    page = windows.open(ada)
    page.goto("/")
    expect(shown(page, hours)).to_have_text("1.5h total")
    expect(shown(page, streak)).to_have_text("0 day streak 🔥")
    stats, threshold = curl_examples("/rpc/")
    assert run_curl(stats, instance.address, ada.key) == (200, '{"sessions":1,"total_hours":"1.5"}')
    assert run_curl(threshold, instance.address, ada.key) == (200, '{"ok":true,"threshold":7200}')


def test_order_and_removal_are_kept(windows: Windows, instance: Instance, ada: Resident) -> None:
    first, second, third = give_widgets(instance, ada, ["container.textContent = 'here'"] * 3)
    page = windows.open(ada)
    page.goto("/")
    panel(page, first).locator("[data-widget-handle]").focus()
    with page.expect_response("**/api/v1/dashboard/order") as saved:
        page.keyboard.press("ArrowRight")
    assert saved.value.status == 200
    panel(page, third).locator("summary").click()
    panel(page, third).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()
    page.reload()
    assert order(page) == [second, first, third]
    panel(page, first).locator("summary").click()
    panel(page, first).get_by_role("button", name="Remove").click()
    page.reload()
    # What leaves with the page may arrive after the next one was asked for.
    expect(page.locator("[data-widget]:visible")).to_have_count(2 if first not in order(page) else 3)
    page.reload()
    assert order(page) == [second, third]
    panel(page, second).locator("summary").click()
    page.get_by_role("link", name="About this plugin").locator("visible=true").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)


def test_a_paused_plugin_is_told_of_on_the_dashboard_and_resumed(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    give_lifecycle(instance, ada, "falls-over", "function on_tick() { log('up again') }")
    give_widgets(instance, ada, ["container.textContent = 'here'"])

    async def pause(database: Database) -> None:
        await database.execute(
            """UPDATE plugin_runs SET paused_at = now(), failures = 8, trouble = 'on_tick: <b>no luck</b>'
            WHERE user_id = $1""",
            ada.id,
        )

    instance.reach(pause)
    page = windows.open(ada)
    page.goto("/")
    note = page.locator("[data-paused=falls-over]")
    expect(note).to_contain_text("It failed 8 times in a row: on_tick: <b>no luck</b>")
    assert find_barriers(page) == []
    page.goto("/plugins")
    expect(page.locator("main")).to_contain_text("Paused: It failed 8 times in a row:")
    page.goto("/plugin/falls-over/settings")
    expect(page.get_by_role("status").filter(has_text="Paused.")).to_be_visible()
    page.goto("/")
    note.get_by_role("button", name="Resume falls-over").click()
    expect(page.get_by_text("“falls-over” runs again")).to_be_visible()
    page.goto("/")
    expect(note).to_have_count(0)


def test_what_the_documented_curls_publish_is_installed_from_the_store(
    windows: Windows, instance: Instance, ada: Resident
) -> None:
    author = instance.settle()
    for command in curl_examples("/store/publish"):
        status, body = run_curl(command, instance.address, author.key)
        assert (status, json.loads(body)["status"]) == (200, "published"), body
    page = windows.open(ada)
    page.goto("/plugin-store?q=Project+Velocity")
    page.goto("/plugin/my-cool-widget")
    page.get_by_role("button", name="Install").click()
    expect(page.get_by_text("It is on your dashboard.")).to_be_visible()
    page.goto("/")
    expect(shown(page, "my-cool-widget")).to_have_text("a")
