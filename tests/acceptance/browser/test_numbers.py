"""Every number of the pages leads to the heartbeats it was counted from, and what is added up there is that number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from browsing import Windows
from devtime.web.format import duration, exact, number, spoken
from instances import Instance, Resident, afternoon_zone
from past import make_past

PAGES = (
    "/", "/?count=total", "/range?range=7d", "/range?range=7d&stack=tool&count=total",
    "/range?range=7d&project=harbor-api&project=harbor-web", "/project?name=harbor-api&range=7d",
)  # fmt: skip

# What a page of heartbeats says at the foot of its sums: how many, and the time inside the asked times.
_READ_SUMS = """async addresses => {
  const sums = {};
  for (const address of addresses) {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = [...page.querySelectorAll(".sums tbody tr")].map(row => [...row.cells].map(cell => cell.textContent));
    const total = rows.find(row => row[0] === "All of them") ?? ["", "0", "0:00:00", "0:00:00"];
    const inside = rows.find(row => row[0] === "Inside these times") ?? total;
    sums[address] = [total[1], inside[2], inside[3]];
  }
  return sums;
}"""


@pytest.fixture(scope="module")
def worker(instance: Instance) -> Resident:
    """Someone with some days of made-up work, agents beside editors, and an editor that is an agent at times."""
    resident = instance.settle(zone=afternoon_zone())
    past = make_past(5, resident.zone, 3)
    for beat in past[-200::7]:
        past.append({**beat, "tool": "cursor", "activity_type": "ai coding" if beat["timestamp"] % 2 else "coding"})
    instance.send(resident, past)
    return resident


def told_amounts(view: dict[str, Any] | list[Any] | str | float | None) -> Iterator[tuple[int, str]]:
    """Every (milliseconds, address of heartbeats) in a page's `.json` twin."""
    parts = list(view.values()) if isinstance(view, dict) else view if isinstance(view, list) else []
    if isinstance(view, dict) and "ms" in view and str(view.get("href")).startswith("/heartbeats"):
        yield view["ms"], view["href"]
    for part in parts:
        yield from told_amounts(part)


def shown_numbers(page: Page) -> list[tuple[str, str]]:
    """(text, address) of every link to heartbeats whose text begins like a number, marks of charts included."""
    script = """() => [...document.querySelectorAll('main a[href^="/heartbeats"]')].map(each => {
        const text = each.getAttribute("aria-label")?.split(": ").at(-1) ?? each.textContent;
        return [text.trim(), each.getAttribute("href")];
    })"""
    return [(text, href) for text, href in page.evaluate(script) if text[:1].isdigit() or text[:1] == "<"]


@pytest.mark.parametrize("path", PAGES)
def test_every_number_leads_to_heartbeats_that_add_up_to_it(windows: Windows, worker: Resident, path: str) -> None:
    page = windows.open(worker)
    page.goto(path)
    shown = shown_numbers(page)
    view: Any = page.evaluate(
        "async path => (await fetch(path)).json()", page.locator(".page-foot a").get_attribute("href")
    )
    told = list(told_amounts(view))
    told += [(view["total_ms"], view["heartbeats_href"]), (view["active_ms"], view["heartbeats_href"])]
    told += [(view["agent_ms"], view["agents_href"])]
    addresses = sorted({href for _, href in (*shown, *told)})
    sums: dict[str, list[str]] = page.evaluate(_READ_SUMS, addresses)
    assert len(addresses) > 20
    wrong = [(exact(ms), sums[href], href) for ms, href in told if exact(ms) not in sums[href][1:]]
    assert wrong == []
    wrong = [(text, sums[href], href) for text, href in shown if text not in spellings(*sums[href])]
    assert wrong == []


def spellings(count: str, *times: str) -> set[str]:
    """How a page may write what the heartbeats add up to."""
    amounts = [_milliseconds(time) for time in times]
    return {count, number(int(count.replace(",", ""))), *map(duration, amounts), *map(spoken, amounts)}


def _milliseconds(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1_000)


def test_a_click_on_a_number_shows_its_heartbeats_and_their_sum(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/range?range=7d&stack=project")
    link = page.locator("section[aria-labelledby=by-project] a").nth(1)
    text = link.inner_text()
    link.click()
    page.wait_for_url("**/heartbeats?**")
    shown = page.locator(".sums tr").last.locator("td").nth(1).inner_text()
    assert duration(_milliseconds(shown)) == text
    assert page.locator("table.heartbeats tbody tr").count() > 0


def test_days_of_a_range_are_the_numbers_of_their_pages(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    read = "async path => (await fetch(path)).json()"
    page.goto("/range?range=7d")
    view: Any = page.evaluate(read, "/range.json?range=7d")
    for bar in view["bars"]["bars"]:
        assert bar["href"].startswith("/day/")
        day: Any = page.evaluate(read, f"{bar['href']}.json")
        assert day["active_ms"] == sum(part["ms"] for part in bar["parts"])
    assert sum(part["ms"] for bar in view["bars"]["bars"] for part in bar["parts"]) == view["active_ms"] > 0
    for breakdown in view["breakdowns"]:
        assert sum(item["ms"] for item in breakdown["items"]) + breakdown["rest_ms"] == view["active_ms"]
    grid = sum(sum(row) for row in view["hours"]["cells"])
    assert grid == view["active_ms"]


def test_pages_of_heartbeats_add_up_to_all_of_them(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker)
    page.goto("/heartbeats?range=7d")
    total = page.locator("tr.sum-total").first.inner_text()
    rows: list[str] = []
    while True:
        rows += page.locator("table.heartbeats tbody tr td:nth-child(2)").all_inner_texts()
        assert page.locator("tr.sum-total").first.inner_text() == total
        later = page.get_by_role("link", name="Later")
        if not later.count():
            break
        later.click()
        page.wait_for_load_state()
    _, count, active, _ = total.split("\t")
    assert number(len(rows)) == count
    assert exact(sum(map(_milliseconds, rows))) == active
