"""Filters of ranges and heartbeats: chosen in forms, combined, taken away one by one, kept when other things change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Windows
from devtime.web.format import duration
from instances import Instance, Resident, afternoon_zone
from past import make_past

PAST = make_past(21, afternoon_zone(), 4)


@pytest.fixture(scope="module")
def worker(instance: Instance) -> Resident:
    resident = instance.settle(zone=afternoon_zone())
    instance.send(resident, PAST)
    return resident


def query_of(page: Page) -> dict[str, list[str]]:
    """What the address asks."""
    return parse_qs(urlsplit(page.url).query)


def panel(page: Page, name: str) -> Locator:
    """A form of the toolbar, unfolded."""
    details = page.locator("details.filters", has=page.get_by_text(name, exact=True))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def total_of(instance: Instance, resident: Resident, **asked: str | Sequence[str]) -> str:
    """The same question to the API, as the page writes it."""
    with instance.client(resident) as client:
        answer: Any = client.get("/api/stats", params={"range": "7d", "timezone": resident.zone, **asked}).json()
    return duration(round(answer["active_seconds"] * 1_000))


def test_filters_are_combined_and_taken_away_one_by_one(windows: Windows, instance: Instance, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d")
    hero = page.locator(".hero-value")
    expect(hero).to_have_text(total_of(instance, worker))
    form = panel(page, "Filter")
    form.get_by_label("Project").select_option("harbor-api")
    form.get_by_label("Language").select_option("Python")
    form.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert query_of(page) == {"range": ["7d"], "project": ["harbor-api"], "language": ["Python"], **STACKED}
    expect(hero).to_have_text(total_of(instance, worker, project="harbor-api", language="Python"))
    page.get_by_label("Remove the filter project harbor-api").click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(hero).to_have_text(total_of(instance, worker, language="Python"))
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(hero).to_have_text(total_of(instance, worker))


STACKED = {"stack": ["project"], "count": ["active"]}


def test_several_values_of_one_filter_stay_when_another_is_added(
    windows: Windows, instance: Instance, worker: Resident
) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d&project=harbor-api&project=harbor-web")
    form = panel(page, "Filter")
    form.get_by_label("Language").select_option("Python")
    form.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_count(3)
    expected = total_of(instance, worker, project=["harbor-api", "harbor-web"], language="Python")
    expect(page.locator(".hero-value")).to_have_text(expected)


def test_filters_stay_while_range_stacking_and_dates_change(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d&project=harbor-api&agents=only")
    chips = page.locator(".chip")
    expect(chips).to_have_count(2)
    page.get_by_label("Range", exact=True).get_by_role("link", name="30 days").click()
    page.get_by_label("Stack by").get_by_role("link", name="Language").click()
    page.get_by_label("What is counted").get_by_role("link", name="All tools").click()
    page.get_by_role("link", name="Earlier").click()
    expect(chips).to_have_count(2)
    form = panel(page, "From – to")
    form.get_by_label("From").fill("2026-01-05")
    form.get_by_label("To, included").fill("2026-02-06")
    form.get_by_role("button", name="Show").click()
    page.wait_for_url("**2026-02-06**")
    expect(page.locator(".page-sub")).to_contain_text("5 Jan – 6 Feb 2026")
    expect(chips).to_have_count(2)
    assert query_of(page)["stack"] == ["language"]
    assert query_of(page)["count"] == ["total"]


def test_heartbeats_are_filtered_too_and_dates_keep_the_filters(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/heartbeats?range=7d")
    form = panel(page, "Filter")
    form.get_by_label("Project").select_option("harbor-api")
    form.get_by_label("Tool").select_option(index=1)
    form.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_count(2)
    cells = page.locator("table.heartbeats tbody tr").all_inner_texts()
    assert cells
    assert all("harbor-api" in row for row in cells)
    count = page.locator("tr.sum-total").first.inner_text()
    form = panel(page, "From – to")
    form.get_by_role("button", name="Show").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert page.locator("tr.sum-total").first.inner_text() == count


def test_filters_that_match_nothing_say_so_and_how_to_go_on(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d&project=no-such-project")
    expect(page.get_by_role("heading", name="No activity in this range")).to_be_visible()
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.get_by_role("heading", name="Where it went")).to_be_visible()


def test_projects_are_searched_and_sorted(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/projects?range=7d")
    names = page.locator("table.projects tbody th")
    everything = names.all_inner_texts()
    assert set(everything) == {beat["project"] for beat in PAST}
    page.get_by_label("Order").get_by_role("link", name="Name").click()
    page.wait_for_url("**sort=name**")
    assert names.all_inner_texts() == sorted(everything, key=str.casefold)
    page.get_by_label("Find a project").fill("harbor")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=harbor**")
    assert names.all_inner_texts() == sorted((name for name in everything if "harbor" in name), key=str.casefold)
