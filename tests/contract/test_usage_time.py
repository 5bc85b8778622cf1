"""AI cost beside time: people's hours, agents' hours, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from desk import NOON_MS, Desk

MINUTE_MS = 60_000


def beat(minute: int, tool: str = "vscode", **fields: Any) -> dict[str, Any]:
    return {
        "tool": tool,
        "timestamp": NOON_MS - (60 - minute) * MINUTE_MS,
        "project": "orbit",
        "branch": "main",
        **fields,
    }


def event(key: int, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(key), "agent": "claude", "model": "x", "time_ms": NOON_MS - MINUTE_MS, "project": "orbit",
        "branch": "main", "output_tokens": 100, "cost_nusd": 3_000_000_000, **fields,
    }  # fmt: skip


@pytest.fixture
async def filled(desk: Desk) -> Desk:
    """Half an hour in an editor; beside it two sessions of Claude Code, one in another project; then Codex alone."""
    beats = [beat(minute) for minute in range(0, 31, 5)]
    beats += [beat(minute, "claude-code", session_id="a") for minute in range(10, 31, 5)]
    beats += [beat(minute, "claude-code", session_id="b", project="tide") for minute in range(10, 21, 5)]
    beats += [beat(minute, "codex", branch="fix") for minute in range(40, 51, 5)]
    assert (await desk.client.post("/api/heartbeat/batch", json=beats)).status_code == 200
    events = [
        event(1),
        event(2, project="tide"),
        event(3, agent="codex", branch="fix", cost_nusd=6_000_000_000),
        event(4, agent="gemini", project="", branch="", cost_nusd=None, model="nobody-knows-this"),
    ]
    answer = await desk.client.post("/api/usage/events", json={"machine": "m", "events": events})
    assert answer.json()["inserted"] == 4
    return desk


async def ask(desk: Desk, query: str = "") -> dict[str, Any]:
    response = await desk.client.get(f"/api/usage/time?range=today{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def test_time_is_what_the_stats_say_and_costs_what_usage_says(filled: Desk) -> None:
    answer = await ask(filled)
    stats = (await filled.client.get("/api/stats?range=today")).json()
    usage = (await filled.client.get("/api/usage?range=today")).json()
    totals = answer["totals"]
    assert totals["active_seconds"] == stats["active_seconds"]
    assert totals["agent_seconds"] == stats["agent_seconds"] == (20 + 10 + 10) * 60
    assert totals["human_seconds"] == stats["total_seconds"] - stats["agent_seconds"] == 30 * 60
    assert totals["cost_usd"] == usage["totals"]["cost_usd"] == 12.0
    assert totals["cost_usd_per_active_hour"] == pytest.approx(12 / (totals["active_seconds"] / 3_600))
    assert totals["cost_usd_per_agent_hour"] == pytest.approx(12 / (40 / 60))
    assert totals["is_unpriced"]
    assert answer["unpriced_models"] == ["nobody-knows-this"]


async def test_projects_and_branches_add_up_to_the_totals(filled: Desk) -> None:
    answer = await ask(filled)
    for part in ("by_project", "by_branch"):
        for column in ("active_seconds", "human_seconds", "agent_seconds", "cost_usd", "total_tokens", "events"):
            assert sum(row[column] for row in answer[part]) == pytest.approx(answer["totals"][column]), (part, column)
    names = [(row["project"], row["branch"], row["cost_usd"]) for row in answer["by_branch"]]
    assert names == [("orbit", "fix", 6.0), ("orbit", "main", 3.0), ("tide", "main", 3.0), ("Unknown", "Unknown", 0.0)]


async def test_each_agent_has_its_own_hours_and_costs(filled: Desk) -> None:
    rows = {row["agent"]: row for row in (await ask(filled))["by_agent"]}
    told = {name: (row["tool"], row["agent_seconds"] / 60, row["cost_usd"]) for name, row in rows.items()}
    assert told == {
        "claude": ("claude-code", 30, 6.0),
        "codex": ("codex", 10, 6.0),
        "gemini": ("gemini-cli", 0, 0.0),
    }
    assert rows["codex"]["cost_usd_per_agent_hour"] == pytest.approx(36)
    assert rows["gemini"]["cost_usd_per_agent_hour"] is None


async def test_narrowing_by_agent_leaves_peoples_time_whole(filled: Desk) -> None:
    totals = (await ask(filled, "&agent=codex"))["totals"]
    assert (totals["human_seconds"] / 60, totals["agent_seconds"] / 60, totals["cost_usd"]) == (30, 10, 6.0)
    totals = (await ask(filled, "&project=tide"))["totals"]
    assert (totals["human_seconds"], totals["agent_seconds"] / 60, totals["cost_usd"]) == (0, 10, 3.0)
    totals = (await ask(filled, "&project=Unknown"))["totals"]
    assert (totals["active_seconds"], totals["events"], totals["cost_usd_per_active_hour"]) == (0, 1, None)


async def test_without_anything_there_are_zeros(desk: Desk) -> None:
    answer = await ask(desk)
    assert answer["totals"]["cost_usd"] == 0
    assert answer["totals"]["cost_usd_per_active_hour"] is None
    assert answer["by_agent"] == answer["by_project"] == answer["by_branch"] == []
