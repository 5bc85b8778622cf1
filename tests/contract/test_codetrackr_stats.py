"""What CodeTrackr's stats answer, field by field, of days that are known to the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from desk import NOON_MS, Desk

NOW_S = NOON_MS // 1000
HOUR, DAY = 3_600, 86_400


def _run(start_s: int, minutes: int, **fields: Any) -> list[dict[str, Any]]:
    """A heartbeat a minute, each worth its minute."""
    return [{"time": start_s + 60 * number, "duration": 60, **fields} for number in range(minutes)]


@pytest.fixture
def account() -> dict[str, Any]:
    """Ada lives in Berlin."""
    return {"timezone": "Europe/Berlin"}


@pytest_asyncio.fixture
async def week(desk: Desk) -> Desk:
    """Ninety minutes two hours ago, an hour yesterday, half an hour ten days ago."""
    rust: dict[str, Any] = {"project": "engine", "language": "rust", "editor": "VS Code", "branch": "main"}
    beats = [
        *_run(NOW_S - 2 * HOUR, 30, **rust, is_write=True),
        *_run(NOW_S - 2 * HOUR + 1_800, 20, **rust),
        *_run(NOW_S - 2 * HOUR + 3_000, 10, **rust, activity_type="debugging"),
        *_run(NOW_S - HOUR, 30, **(rust | {"language": "YAML", "project": "deploy"})),
        *_run(NOW_S - DAY, 60, project="notes", editor="Vim", is_write=True),
        *_run(NOW_S - 10 * DAY, 30, project="old", language="go", editor="Vim"),
    ]
    answer = (await desk.client.post("/api/v1/heartbeats", json=beats)).json()
    assert (answer["inserted"], answer["rejected"]) == (180, [])
    return desk


async def _get(desk: Desk, path: str) -> Any:
    answer = await desk.client.get(f"/api/v1/stats/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_summary_tells_a_week_unless_asked_otherwise(week: Desk) -> None:
    expected = {
        "total_seconds": 150 * 60,
        "daily_average": 150 * 60 // 7,
        "streak_current": 2,
        "streak_longest": 2,
        "top_language": "rust",
        "top_project": "engine",
        "range_start": "2026-01-08T12:00:00Z",
        "range_end": "2026-01-15T12:00:00Z",
    }
    for query in ("summary", "summary?range=7d", "summary?range=whatever", "summary?range=&start=&end="):
        assert await _get(week, query) == expected


async def test_longer_ranges_hold_more(week: Desk) -> None:
    totals = {name: (await _get(week, f"summary?range={name}"))["total_seconds"] for name in ("30d", "90d", "all")}
    assert totals == dict.fromkeys(("30d", "90d", "all"), 180 * 60)
    everything = await _get(week, "summary?range=all")
    assert (everything["range_start"], everything["daily_average"]) == ("2026-01-05T12:00:00Z", 180 * 60 // 10)


async def test_start_and_end_cut_to_the_second(week: Desk) -> None:
    start = "2026-01-15T10:00:30Z"
    assert (await _get(week, f"summary?start={start}&end=2026-01-15T10:10:10Z"))["total_seconds"] == 580
    assert (await _get(week, "summary?start=2026-01-15T11:00:30%2B01:00&end=2026-01-15T11:10:10%2B01:00"))[
        "total_seconds"
    ] == 580
    assert (await _get(week, "summary?range=7d&end=2026-01-14T00:00:00Z"))["total_seconds"] == 0
    assert (await _get(week, "summary?start=2026-01-14&end=2026-01-14"))["total_seconds"] == 3_600


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=yesterday", "start"),
        ("end=2026-13-45", "end"),
        ("start=2026-01-15T10:00:00", "start"),
        ("start=2026-01-15T10:00:00Z&end=2026-01-15T10:00:00Z", "end"),
        ("end=%00", "end"),
    ],
)
async def test_a_stretch_that_cannot_be_read_is_refused(desk: Desk, query: str, field: str) -> None:
    for path in ("summary", "languages", "projects", "daily", "work-types", "sessions", "dashboard"):
        answer = await desk.client.get(f"/api/v1/stats/{path}?{query}")
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(field)


@pytest.mark.parametrize("query", ["end=0001-01-01T00:00:00Z", "start=9999-12-31T23:59:59Z&end=9999-12-31T23:59:59Z"])
async def test_the_ends_of_time_are_no_fault_of_the_server(desk: Desk, query: str) -> None:
    assert (await desk.client.get(f"/api/v1/stats/summary?{query}")).status_code < 500


async def test_languages_leave_out_time_without_one(week: Desk) -> None:
    assert await _get(week, "languages") == {
        "languages": [
            {"language": "rust", "seconds": 3_600, "percentage": pytest.approx(200 / 3)},
            {"language": "YAML", "seconds": 1_800, "percentage": pytest.approx(100 / 3)},
        ],
        "total_seconds": 5_400,
    }


async def test_projects_come_with_their_last_heartbeat(week: Desk) -> None:
    assert await _get(week, "projects") == {
        "projects": [
            {"project": "engine", "seconds": 3_600, "last_heartbeat": "2026-01-15T10:59:00Z"},
            {"project": "notes", "seconds": 3_600, "last_heartbeat": "2026-01-14T12:59:00Z"},
            {"project": "deploy", "seconds": 1_800, "last_heartbeat": "2026-01-15T11:29:00Z"},
        ]
    }


async def test_days_are_local_in_order_and_only_those_with_activity(week: Desk) -> None:
    assert await _get(week, "daily?range=30d") == {
        "daily": [
            {"date": "2026-01-05", "seconds": 1_800},
            {"date": "2026-01-14", "seconds": 3_600},
            {"date": "2026-01-15", "seconds": 5_400},
        ]
    }


async def test_a_day_ends_at_local_midnight(desk: Desk) -> None:
    midnight = datetime.fromisoformat("2026-01-14T23:00:00+00:00")
    start = int((midnight - timedelta(minutes=10)).timestamp())
    await desk.client.post("/api/v1/heartbeats", json=_run(start, 30, project="a"))
    assert (await _get(desk, "daily"))["daily"] == [
        {"date": "2026-01-14", "seconds": 600},
        {"date": "2026-01-15", "seconds": 1_200},
    ]


async def test_streaks_have_one_calculation_and_a_name_for_each_place(week: Desk) -> None:
    assert await _get(week, "streaks") == {"current_streak": 2, "longest_streak": 2}
    week.clock.now = NOON_MS + DAY * 1_000
    assert await _get(week, "streaks") == {"current_streak": 2, "longest_streak": 2}
    week.clock.now = NOON_MS + 2 * DAY * 1_000
    assert await _get(week, "streaks") == {"current_streak": 0, "longest_streak": 2}
    assert (await _get(week, "summary"))["streak_current"] == 0
    assert (await _get(week, "dashboard"))["streaks"] == {"current": 0, "longest": 2}


async def test_kinds_of_work_add_up_to_the_total(week: Desk) -> None:
    answer = await _get(week, "work-types")
    assert answer["total_seconds"] == (await _get(week, "summary"))["total_seconds"]
    assert [(entry["type"], entry["seconds"]) for entry in answer["work_types"]] == [
        ("Writing code", 5_400),
        ("Debugging", 600),
        ("Reading code", 1_200),
        ("Config / tooling", 1_800),
    ]
    assert sum(entry["percentage"] for entry in answer["work_types"]) == pytest.approx(100)


async def test_sessions_are_the_newest_first_with_what_was_done_in_them(week: Desk) -> None:
    answer = await _get(week, "sessions?range=30d")
    assert (answer["total_sessions"], len(answer["sessions"])) == (4, 4)
    assert answer["sessions"][0] == {
        "start": "2026-01-15T11:00:00Z",
        "end": "2026-01-15T11:30:00Z",
        "duration_seconds": 1_800,
        "duration_minutes": 30,
        "project": "deploy",
        "top_language": "YAML",
        "dominant_work_type": "config",
        "work_breakdown": {"config": 1_800},
    }
    assert answer["sessions"][1]["work_breakdown"] == {"writing": 1_800, "debugging": 600, "reading": 1_200}
    assert answer["sessions"][1]["dominant_work_type"] == "writing"
    assert answer["sessions"][2]["top_language"] is None


async def test_twenty_sessions_are_shown_of_all(desk: Desk) -> None:
    beats = [beat for hour in range(25) for beat in _run(NOW_S - (25 - hour) * HOUR, 2, project=f"p{hour}")]
    await desk.client.post("/api/v1/heartbeats", json=beats)
    answer = await _get(desk, "sessions")
    assert (answer["total_sessions"], len(answer["sessions"])) == (25, 20)
    assert [entry["project"] for entry in answer["sessions"]] == [f"p{hour}" for hour in range(24, 4, -1)]


async def test_the_dashboard_says_the_same_as_the_parts_of_it(week: Desk) -> None:
    dashboard = await _get(week, "dashboard?range=30d")
    summary = await _get(week, "summary?range=30d")
    work = await _get(week, "work-types?range=30d")
    assert dashboard == {
        "summary": {name: summary[name] for name in ("total_seconds", "daily_average", "top_language", "top_project")},
        "streaks": {"current": 2, "longest": 2},
        "daily": (await _get(week, "daily?range=30d"))["daily"],
        "languages": (await _get(week, "languages?range=30d"))["languages"],
        "projects": (await _get(week, "projects?range=30d"))["projects"],
        "work_types": {"total_seconds": work["total_seconds"], "types": work["work_types"]},
    }


async def test_an_account_without_heartbeats_is_answered_with_nothing(desk: Desk) -> None:
    for name in ("7d", "all"):
        assert await _get(desk, f"summary?range={name}") == {
            "total_seconds": 0,
            "daily_average": 0,
            "streak_current": 0,
            "streak_longest": 0,
            "top_language": None,
            "top_project": None,
            "range_start": "2026-01-08T12:00:00Z",
            "range_end": "2026-01-15T12:00:00Z",
        }
    assert await _get(desk, "languages") == {"languages": [], "total_seconds": 0}
    assert await _get(desk, "projects") == {"projects": []}
    assert await _get(desk, "daily") == {"daily": []}
    assert await _get(desk, "sessions") == {"sessions": [], "total_sessions": 0}
    assert [entry["percentage"] for entry in (await _get(desk, "work-types"))["work_types"]] == [0.0] * 4


async def test_agents_at_work_in_parallel_do_not_inflate_the_wall_clock(desk: Desk) -> None:
    beats = [
        beat
        for number in range(3)
        for beat in _run(NOW_S - HOUR, 30, project="a", tool="claude-code", session_id=f"s{number}")
    ]
    await desk.client.post("/api/v1/heartbeats", json=beats)
    assert (await _get(desk, "summary"))["total_seconds"] == 1_800
    assert sum(entry["seconds"] for entry in (await _get(desk, "work-types"))["work_types"]) == 1_800


async def test_strangers_see_only_the_sum_of_public_accounts(week: Desk) -> None:
    async with week.stranger() as stranger:
        assert (await stranger.get("/api/v1/stats/public")).json() == {"users": 0, "total_seconds": 0}
        await week.client.post("/api/v1/user/profile/update", json={"is_public": True})
        assert (await stranger.get("/api/v1/stats/public")).json() == {"users": 0, "total_seconds": 0}
        week.clock.now += 60_000
        assert (await stranger.get("/api/v1/stats/public")).json() == {"users": 1, "total_seconds": 180 * 60}
        for path in ("summary", "languages", "projects", "daily", "streaks", "work-types", "sessions", "dashboard"):
            answer = await stranger.get(f"/api/v1/stats/{path}")
            assert (answer.status_code, answer.json()) == (401, {"error": "Missing or invalid Authorization header"})


async def test_nobody_sees_the_time_of_another(week: Desk) -> None:
    _, key = await week.make_user("eve")
    headers = {"Authorization": f"Bearer {key}"}
    answer = await week.client.get("/api/v1/stats/dashboard?range=all", headers=headers)
    assert answer.json()["summary"]["total_seconds"] == 0
    assert answer.json()["projects"] == []


async def test_a_key_that_only_sends_reads_nothing(week: Desk) -> None:
    headers = {"Authorization": f"Bearer {await week.make_key('ingest')}"}
    answer = await week.client.get("/api/v1/stats/summary", headers=headers)
    assert answer.status_code == 403
    assert "ingest" in answer.json()["error"]
