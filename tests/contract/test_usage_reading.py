"""AI usage as it is read: sums with costs that add up, down to the single responses."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from desk import NOON_MS, Desk

OPUS = "claude-opus-4-5-20251101"
HOUR_MS = 3_600_000


@pytest.fixture
def account() -> dict[str, Any]:
    return {"timezone": "Europe/Berlin"}


def event(key: int, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(key),
        "agent": "claude",
        "model": OPUS,
        "time_ms": NOON_MS - key * HOUR_MS,
        "session": f"s{key % 2}",
        "folder": f"-home-{key % 3}",
        "project": "orbit",
        "branch": "main",
        "input_tokens": 1_000,
        "output_tokens": 2_000,
        "cache_read_tokens": 100_000,
        "cache_write_1h_tokens": 10_000,
        **fields,
    }


PRICE = (1_000 * 5 + 2_000 * 25 + 100_000 * 0.5 + 10_000 * 10) / 1e6
"""What such an event costs at Opus' price."""

EVENTS = [
    event(0),
    event(1, project="tide", machine="?"),
    event(2, session="", branch=""),
    event(14),
    event(20, agent="codex", model="gpt-5", cache_write_1h_tokens=0),
    event(21, model="nobody-knows-this"),
    event(22, agent="opencode", model="kimi", cost_nusd=1_500_000_000),
    event(300),
]


async def fill(desk: Desk) -> None:
    for machine, part in (("laptop", EVENTS[:4]), ("desktop", EVENTS[4:])):
        answer = await desk.client.post("/api/usage/events", json={"machine": machine, "events": part})
        assert answer.json()["inserted"] == len(part)


async def ask(desk: Desk, path: str) -> dict[str, Any]:
    response = await desk.client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


async def test_days_are_those_of_the_askers_zone_and_costs_those_of_the_models(desk: Desk) -> None:
    await fill(desk)
    answer = await ask(desk, "/api/usage?range=7d")
    assert answer["range"]["timezone"] == "Europe/Berlin"
    rows = {row["day"]: (row["events"], row["cost_usd"], row["is_unpriced"]) for row in answer["rows"]}
    gpt = (1_000 * 1.25 + 2_000 * 10 + 100_000 * 0.125) / 1e6
    assert rows == {
        "2026-01-14": (4, pytest.approx(PRICE + gpt + 1.5), True),
        "2026-01-15": (3, pytest.approx(3 * PRICE), False),
    }
    assert answer["unpriced_models"] == ["nobody-knows-this"]
    assert answer["totals"]["cost_usd"] == pytest.approx(4 * PRICE + gpt + 1.5)
    assert (
        answer["totals"]["total_tokens"] == sum(row["total_tokens"] for row in answer["rows"]) == 6 * 113_000 + 103_000
    )
    in_utc = await ask(desk, "/api/usage?range=7d&timezone=UTC")
    assert [row["events"] for row in in_utc["rows"]] == [4, 3]
    in_tokyo = await ask(desk, "/api/usage?range=7d&timezone=Asia/Tokyo")
    assert [(row["day"], row["events"]) for row in in_tokyo["rows"]] == [("2026-01-14", 1), ("2026-01-15", 6)]


GROUPS = ("day", "agent", "model", "project", "branch", "machine", "session", "folder")


@pytest.mark.parametrize("group", GROUPS)
async def test_every_row_leads_to_events_that_add_up_to_it(desk: Desk, group: str) -> None:
    await fill(desk)
    answer = await ask(desk, f"/api/usage?range=365d&group={group}")
    assert answer["totals"]["events"] == len(EVENTS)
    for column in ("events", "input_tokens", "output_tokens", "total_tokens"):
        assert sum(row[column] for row in answer["rows"]) == answer["totals"][column]
    for row in answer["rows"]:
        if group == "day":
            narrowed = f"start={row['day']}&end={row['day']}"
        elif group == "folder":
            narrowed = f"range=365d&project={row[group]}"
        else:
            narrowed = f"range=365d&{group}={row[group]}"
        listed = await ask(desk, f"/api/usage/events?limit=1000&{narrowed}")
        events = listed["events"]
        assert listed["total"] == len(events) == row["events"], (row, narrowed)
        assert sum(each["output_tokens"] for each in events) == row["output_tokens"]
        assert sum(each["cost_usd"] or 0 for each in events) == pytest.approx(row["cost_usd"])
        assert any(each["cost_usd"] is None for each in events) == row["is_unpriced"]
        assert {row[other] for other in GROUPS if other != group} == {None}


async def test_several_groups_are_told_apart_together_and_the_dearest_comes_first(desk: Desk) -> None:
    await fill(desk)
    answer = await ask(desk, "/api/usage?range=365d&group=project&group=agent")
    names = [(row["project"], row["agent"]) for row in answer["rows"]]
    assert names == [("orbit", "opencode"), ("orbit", "claude"), ("tide", "claude"), ("orbit", "codex")]


async def test_a_range_that_cuts_a_quarter_hour_counts_what_lies_in_it(desk: Desk) -> None:
    await fill(desk)
    inside = await ask(desk, "/api/usage?start=2026-01-15T11:00:00Z&end=2026-01-15T12:00:00.001Z")
    before = await ask(desk, "/api/usage?start=2026-01-15T11:00:00.001Z&end=2026-01-15T12:00:00Z")
    assert (inside["totals"]["events"], before["totals"]["events"]) == (2, 0)


async def test_the_same_as_a_table(desk: Desk) -> None:
    await fill(desk)
    for query, headers in (("&format=csv", {}), ("", {"Accept": "text/csv"})):
        response = await desk.client.get(f"/api/usage?range=7d&group=project&group=day{query}", headers=headers)
        assert response.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(response.text)))
        assert [(row["project"], row["day"], row["events"]) for row in rows] == [
            ("orbit", "2026-01-14", "4"),
            ("orbit", "2026-01-15", "2"),
            ("tide", "2026-01-15", "1"),
        ]
        assert float(rows[2]["cost_usd"]) == pytest.approx(PRICE)
    for accept in ("application/json, text/csv;q=0.1", "*/*", ""):
        response = await desk.client.get("/api/usage?range=7d", headers={"Accept": accept})
        assert response.headers["content-type"].startswith("application/json")
    listed = await desk.client.get("/api/usage/events?format=csv")
    assert listed.text.count("\r\n") == 1 + 7


async def test_cells_are_what_another_pricer_needs(desk: Desk) -> None:
    await fill(desk)
    answer = await ask(desk, "/api/usage/cells?range=365d&part=day&part=sidechain")
    rates = {rate["id"]: rate for rate in answer["rates"]}
    assert sum(cell["events"] for cell in answer["cells"]) == len(EVENTS)
    assert {rates[cell["rate_id"]]["model"] for cell in answer["cells"]} == {OPUS, "gpt-5", "nobody-knows-this", "kimi"}
    assert {cell["period"] for cell in answer["cells"]} == {0}
    opus = next(rate["id"] for rate in answer["rates"] if rate["model"] == OPUS)
    edged = await ask(desk, f"/api/usage/cells?range=365d&edge={opus}:{(NOON_MS - HOUR_MS) // 900_000}&edge={opus}:5")
    cells = [(cell["period"], cell["events"]) for cell in edged["cells"] if cell["rate_id"] == opus]
    assert sorted(cells) == [(1, 3), (2, 2)]
    for odd in ("x", "1", "1:", "1:x", f"{2**70}:1", "1:-1", f"1:{2**31}"):
        assert (await desk.client.get(f"/api/usage/cells?edge={odd}")).status_code == 400


async def test_blocks_follow_from_each_other_and_from_single_requests(desk: Desk) -> None:
    await fill(desk)
    answer = await ask(desk, "/api/usage/blocks?range=7d")
    told = [(block["start_at"], block["events"], block["is_gap"], block["is_active"]) for block in answer["blocks"]]
    assert told == [
        ("2026-01-03T05:00:00Z", 0, True, False),
        ("2026-01-14T15:00:00Z", 1, False, False),
        ("2026-01-14T20:00:00Z", 0, True, False),
        ("2026-01-14T22:00:00Z", 1, False, False),
        ("2026-01-15T03:00:00Z", 0, True, False),
        ("2026-01-15T10:00:00Z", 3, False, True),
    ]
    block = answer["blocks"][-1]
    assert block["cost_usd"] == pytest.approx(3 * PRICE)
    assert block["cost_usd_per_hour"] == pytest.approx(3 * PRICE / 2)
    assert block["projected_cost_usd"] == pytest.approx(3 * PRICE / 2 * 5, abs=0.01)


async def test_a_block_that_ends_within_a_quarter_hour_splits_it(desk: Desk) -> None:
    start_ms = NOON_MS - 10 * HOUR_MS
    times = [start_ms + 1, start_ms + 5 * HOUR_MS - 1, start_ms + 5 * HOUR_MS + 60_000]
    events = [event(place, time_ms=time_ms) for place, time_ms in enumerate(times)]
    events.append(event(9, time_ms=start_ms + 5 * HOUR_MS + 120_000))
    await desk.client.post("/api/usage/events", json={"machine": "m", "events": events})
    answer = await ask(desk, "/api/usage/blocks?range=7d&hours=5")
    assert [(block["start_at"], block["events"]) for block in answer["blocks"]] == [
        ("2026-01-15T02:00:00Z", 2),
        ("2026-01-15T07:00:00Z", 2),
    ]


async def test_prices_of_ones_own_count_as_soon_as_they_are_written(desk: Desk) -> None:
    await fill(desk)
    path = "/api/usage?range=365d&model=nobody-knows-this"
    assert (await ask(desk, path))["unpriced_models"] == ["nobody-knows-this"]
    config = desk.parts.settings.home / "config.toml"
    config.write_text('[prices."nobody-knows-this"]\ninput = 100\noutput = 0\ncache_read = 0\ncache_write_1h = 0\n')
    answer = await ask(desk, path)
    assert (answer["totals"]["cost_usd"], answer["unpriced_models"]) == (pytest.approx(0.1), [])
    config.write_text("[prices\n")
    assert (await ask(desk, path))["totals"]["cost_usd"] == pytest.approx(0.1)


async def test_without_any_usage_everything_is_empty(desk: Desk) -> None:
    for path in ("", "/events", "/blocks", "/cells"):
        for query in ("?range=all", "?start=2026-01-01&end=2026-01-02", "?start=2026-01-01T00:00:00Z"):
            answer = await ask(desk, f"/api/usage{path}{query}")
            assert not any(answer.get(name) for name in ("rows", "events", "blocks", "cells", "rates", "total"))
    assert (await ask(desk, "/api/usage"))["totals"]["first_at"] is None


async def test_nobody_sees_anothers_usage(desk: Desk) -> None:
    await fill(desk)
    _, key = await desk.make_user("bob")
    for path in ("", "/events", "/blocks", "/cells"):
        response = await desk.client.get(f"/api/usage{path}?range=all", headers={"Authorization": f"Bearer {key}"})
        assert response.status_code == 200
        assert OPUS not in response.text
        ingest = {"Authorization": f"Bearer {await desk.make_key('ingest')}"}
        assert (await desk.client.get(f"/api/usage{path}", headers=ingest)).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["group=mood", "range=eternity", "start=x", "timezone=Mars", "start=2026-01-02&end=2026-01-01", "format=xml"],
)
async def test_a_question_that_cannot_be_understood_is_a_problem(desk: Desk, query: str) -> None:
    response = await desk.client.get(f"/api/usage?{query}")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
