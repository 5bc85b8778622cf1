"""Every request of the product plan is answered as the plan shows, byte for byte where it shows a body."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from desk import Desk
from devtime.accounts.users import change_time
from devtime.kernel.clock import from_datetime
from plan_examples import read_examples


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


async def test_the_single_heartbeat_of_the_plan_is_answered_as_it_shows(desk: Desk) -> None:
    request, answer = read_examples("POST /api/heartbeat")
    response = await desk.client.post("/api/heartbeat", content=request)
    assert (response.status_code, response.text) == (200, answer.strip())
    sent = json.loads(request)
    day = {"start": "2024-01-18", "end": "2024-01-18"}
    stats = (await desk.client.get("/api/stats", params=day)).json()
    assert stats["heartbeats"] == 1
    [session] = (await desk.client.get("/api/sessions", params=day)).json()["sessions"]
    assert (session["tool"], session["project"]) == (sent["tool"], sent["project"])
    assert session["start_time"] == sent["timestamp"]


async def test_the_batch_of_the_plan_is_recorded(desk: Desk) -> None:
    [request] = read_examples("POST /api/heartbeat/batch")
    batch = json.loads(request.replace(", ...", ""))
    response = await desk.client.post("/api/heartbeat/batch", json=batch)
    assert response.status_code == 200
    assert response.json() == {"ok": True, "inserted": 2, "duplicates": 0, "excluded": 0, "rejected": []}
    stats = await desk.client.get("/api/stats?start=2024-01-18&end=2024-01-18")
    assert (
        stats.json()["total_seconds"]
        == (batch["heartbeats"][1]["timestamp"] - batch["heartbeats"][0]["timestamp"]) / 1000
    )


async def test_the_stats_of_the_plan_come_out_byte_for_byte_of_a_week_like_it(desk: Desk) -> None:
    [example] = read_examples("GET /api/stats?range=week")
    shown = json.loads(example.replace(",\n    ...", ""))
    third_day = {
        "date": "2025-01-17",
        "seconds": shown["total_seconds"] - sum(day["seconds"] for day in shown["by_day"]),
    }
    expected = shown | {"by_day": [*shown["by_day"], third_day]}
    assert example.replace("...", json.dumps(third_day)).split() != example.split()

    await change_time(desk.parts.database, desk.user.id, timezone="UTC", week_start=3)
    desk.parts.identities.forget(desk.user.id)
    desk.clock.now = from_datetime(datetime(2025, 1, 17, 18, tzinfo=UTC))
    hour = 3600
    history = [
        *_work(15, 9, "vscode", ("my-app", "typescript", 2 * hour)),
        *_work(16, 9, "vscode", ("my-app", "typescript", 2 * hour), ("other-project", "rust", hour)),
        *_work(17, 9, "vscode", ("other-project", "rust", hour)),
        *_work(17, 9, "claude-code", ("my-app", "python", hour), ("other-project", "python", hour)),
    ]
    sent = await desk.client.post("/api/heartbeat/batch", json={"heartbeats": history})
    assert sent.json()["inserted"] == len(history)

    response = await desk.client.get("/api/stats?range=week")
    assert response.text.startswith(_compact(expected)[:-1] + ",")


def _work(day: int, hour: int, tool: str, *runs: tuple[str, str, int]) -> list[dict[str, object]]:
    """Heartbeats every two minutes, through runs of (project, language, seconds) that follow each other."""
    at = datetime(2025, 1, day, hour, tzinfo=UTC)
    beats: list[dict[str, object]] = []
    for project, language, seconds in runs:
        for offset in range(0, seconds + 1, 120):
            instant = from_datetime(at + timedelta(seconds=offset))
            context = {"tool": tool, "project": project, "language": language, "activity_type": "coding"}
            if offset < seconds or (project, language, seconds) == runs[-1]:
                beats.append({"timestamp": instant, **context})
        at += timedelta(seconds=seconds)
    return beats
