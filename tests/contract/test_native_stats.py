"""What `/api/stats` and `/api/sessions` answer."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.stats.ranges import FIRST_DAY

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


def beat(ago_ms: int, **fields: Any) -> dict[str, Any]:
    return {"tool": "vscode", "timestamp": NOON_MS - ago_ms, "project": "orbit", "language": "python", **fields}


async def send(desk: Desk, *beats: dict[str, Any]) -> None:
    response = await desk.client.post("/api/heartbeat/batch", json=list(beats))
    assert response.json()["rejected"] == []


async def ask(desk: Desk, **params: Any) -> dict[str, Any]:
    response = await desk.client.get("/api/stats", params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def test_an_account_without_heartbeats_has_zero_everywhere(desk: Desk) -> None:
    answer = await ask(desk, range="all")
    assert answer["total_seconds"] == answer["active_seconds"] == answer["heartbeats"] == 0
    assert answer["by_tool"] == answer["by_project"] == answer["by_language"] == {}
    assert answer["by_day"] == []


async def test_every_day_of_the_range_is_listed(desk: Desk) -> None:
    await send(desk, beat(3 * DAY + 5 * MINUTE), beat(3 * DAY))
    week = (await ask(desk, range="7d"))["by_day"]
    assert [day["date"] for day in week] == [f"2026-01-{day:02d}" for day in range(9, 16)]
    assert [day["seconds"] for day in week] == [0, 0, 0, 300, 0, 0, 0]
    all_days = (await ask(desk, range="all"))["by_day"]
    assert [day["date"] for day in all_days] == ["2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"]


async def test_every_breakdown_and_the_days_add_up_to_the_total_to_the_millisecond(desk: Desk) -> None:
    beats = [
        beat(
            37_001 * step + step % 7,
            project=f"p{step % 3}",
            language=f"l{step % 5}",
            tool=("vscode", "codex")[step % 2],
        )
        for step in range(200)
    ]
    await send(desk, *beats)
    response = await desk.client.get("/api/stats?range=7d")
    exact = json.loads(response.text, parse_float=Decimal)
    total = Decimal(exact["total_seconds"])
    assert total % 1 != 0
    for name in ("by_tool", "by_project", "by_language", "by_branch", "by_machine", "by_editor"):
        assert sum(map(Decimal, exact[name].values())) == total, name
    assert sum(Decimal(day["seconds"]) for day in exact["by_day"]) == total


async def test_parallel_tools_add_up_and_wall_clock_does_not(desk: Desk) -> None:
    await send(
        desk,
        *(beat(minute * MINUTE) for minute in range(0, 31, 5)),
        *(beat(minute * MINUTE, tool="claude-code", session_id="s") for minute in range(0, 31, 5)),
    )
    answer = await ask(desk, range="today")
    assert answer["by_tool"] == {"claude-code": 1800, "vscode": 1800}
    assert (answer["total_seconds"], answer["active_seconds"], answer["agent_seconds"]) == (3600, 1800, 1800)


@pytest.mark.parametrize(
    ("filters", "seconds"),
    [
        ({}, 600),
        ({"project": "orbit"}, 300),
        ({"project": ["orbit", "notes"]}, 600),
        ({"project": "Unknown"}, 0),
        ({"language": "markdown"}, 300),
        ({"branch": "main"}, 300),
        ({"branch": "Unknown"}, 300),
        ({"tool": "VS Code"}, 600),
        ({"machine": "laptop"}, 600),
        ({"machine": "desktop"}, 0),
        ({"editor": "VS Code"}, 600),
        ({"project": "orbit", "language": "markdown"}, 0),
        ({"project": "nothing\0like it"}, 0),
    ],
)
async def test_filters_narrow_without_moving_credit(desk: Desk, filters: dict[str, Any], seconds: int) -> None:
    await send(
        desk,
        beat(10 * MINUTE, branch="main", machine_id="laptop"),
        beat(5 * MINUTE, project="notes", language="markdown", machine_id="laptop"),
        beat(0, project="notes", language="markdown", machine_id="laptop"),
    )
    assert (await ask(desk, range="today", **filters))["total_seconds"] == seconds


async def test_another_timeout_is_answered_from_the_heartbeats_themselves(desk: Desk) -> None:
    await send(desk, beat(40 * MINUTE), beat(20 * MINUTE), beat(16 * MINUTE), beat(0))
    assert (await ask(desk, range="today"))["total_seconds"] == 4 * 60
    assert (await ask(desk, range="today", timeout=30))["total_seconds"] == 40 * 60
    assert (await ask(desk, range="today", timeout=1))["total_seconds"] == 0


async def test_a_day_is_the_askers_own(desk: Desk) -> None:
    midnight_in_tokyo = NOON_MS + 3 * 60 * MINUTE
    await send(desk, *(beat(NOON_MS - midnight_in_tokyo + offset * MINUTE) for offset in (-10, 0, 10)))
    day = {"start": "2026-01-16", "end": "2026-01-16", "timezone": "Asia/Tokyo"}
    answer = await ask(desk, **day)
    assert (answer["total_seconds"], answer["range"]["start"]) == (600, "2026-01-15T15:00:00Z")
    assert answer["by_day"] == [{"date": "2026-01-16", "seconds": 600}]
    assert (await ask(desk, start="2026-01-15", end="2026-01-15"))["total_seconds"] == 1200


@pytest.mark.parametrize("start", ["2026-01-15T11:55:00Z", "2026-01-15T12:55:00+01:00", "2026-01-15T12:55:00 01:00"])
async def test_a_range_may_begin_and_end_at_an_instant(desk: Desk, start: str) -> None:
    await send(desk, beat(10 * MINUTE), beat(0))
    answer = await ask(desk, start=start, end="2026-01-15T11:57:30.500Z")
    assert answer["total_seconds"] == 150.5
    assert answer["range"] == {
        "start": "2026-01-15T11:55:00Z",
        "end": "2026-01-15T11:57:30.500Z",
        "timezone": "UTC",
        "name": None,
    }


async def test_a_range_of_all_days_there_are_is_answered(desk: Desk) -> None:
    await send(desk, beat(MINUTE), beat(0))
    answer = await ask(desk, start="0001-01-01", end="9999-12-31")
    assert (answer["total_seconds"], answer["by_day"][0]["date"]) == (60, FIRST_DAY.isoformat())


async def test_empty_parameters_say_nothing(desk: Desk) -> None:
    await send(desk, beat(MINUTE), beat(0))
    empty = dict.fromkeys(
        ("start", "end", "timezone", "project", "language", "tool", "branch", "machine", "editor"), ""
    )
    assert (await ask(desk, range="today", **empty))["total_seconds"] == 60


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"range": "fortnight"}, "range"),
        ({"range": "week", "start": "2026-01-01"}, "range"),
        ({"end": "2026-01-01"}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "2026-01-15T09:00:00"}, "start"),
        ({"start": "2026-01-15", "end": "2026-01-14"}, "end"),
        ({"start": "2026-01-15T09:00:00Z", "end": "2026-01-15T09:00:00Z"}, "end"),
        ({"timezone": "Atlantis/Capital"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timeout": "0"}, "timeout"),
        ({"timeout": "soon"}, "timeout"),
    ],
)
async def test_a_question_that_cannot_be_understood_is_a_problem_with_its_field(
    desk: Desk, params: dict[str, str], field: str
) -> None:
    response = await desk.client.get("/api/stats", params=params)
    assert response.status_code == 400, response.text
    assert [each["field"] for each in response.json()["errors"]] == [field]
    assert response.json()["errors"][0]["reason"]


async def test_sessions_are_the_newest_first_and_add_up_to_the_day(desk: Desk) -> None:
    await send(
        desk,
        *(beat(minute * MINUTE) for minute in (100, 95, 90)),
        *(beat(minute * MINUTE) for minute in (60, 50)),
        *(beat(minute * MINUTE, tool="codex", project="notes") for minute in (58, 52)),
    )
    answer = (await desk.client.get("/api/sessions?range=today")).json()
    found = [(each["tool"], each["project"], each["duration"], each["heartbeat_count"]) for each in answer["sessions"]]
    assert found == [("codex", "notes", 360, 2), ("vscode", "orbit", 600, 2), ("vscode", "orbit", 600, 3)]
    assert answer["total"] == 3
    assert sum(each["duration"] for each in answer["sessions"]) == (await ask(desk, range="today"))["total_seconds"]
    newest = answer["sessions"][0]
    assert newest["end_time"] - newest["start_time"] == 360_000
    assert newest["user_id"] == str(desk.user.id)
    page = (await desk.client.get("/api/sessions?range=today&limit=1&offset=1")).json()
    assert [each["id"] for each in page["sessions"]] == [answer["sessions"][1]["id"]]
    only = (await desk.client.get("/api/sessions?range=today&tool=codex")).json()
    assert [each["tool"] for each in only["sessions"]] == ["codex"]


async def test_nobody_sees_the_time_of_another(desk: Desk) -> None:
    await send(desk, beat(MINUTE), beat(0))
    _, key = await desk.make_user("eve")
    other = {"Authorization": f"Bearer {key}"}
    for path in ("/api/stats?range=all", "/api/sessions?range=all"):
        answer = (await desk.client.get(path, headers=other)).json()
        assert answer.get("total_seconds", answer.get("total")) == 0
