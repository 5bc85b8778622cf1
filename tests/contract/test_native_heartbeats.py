"""Heartbeats through DevTime's own API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.activity.verifying import verify_activity


def beat(minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
    return {"tool": "vscode", "timestamp": NOON_MS - round(minutes_ago * 60_000), "project": "orbit", **fields}


async def total_seconds(desk: Desk) -> float:
    return (await desk.client.get("/api/stats?range=today")).json()["total_seconds"]


async def test_a_heartbeat_is_stored_when_it_is_answered(desk: Desk) -> None:
    response = await desk.client.post("/api/heartbeat", json=beat())
    assert (response.status_code, response.text) == (200, '{ "ok": true }')
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 1


async def test_the_same_heartbeat_twice_is_one_heartbeat(desk: Desk) -> None:
    for _ in range(2):
        response = await desk.client.post("/api/heartbeat", json=beat())
        assert response.text == '{ "ok": true }'
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 1


async def test_a_bare_array_is_a_batch_too(desk: Desk) -> None:
    response = await desk.client.post("/api/heartbeat/batch", json=[beat(1), beat()])
    assert response.json()["inserted"] == 2
    assert await total_seconds(desk) == 60


async def test_a_batch_sent_again_inserts_nothing_and_changes_no_total(desk: Desk) -> None:
    batch = {"heartbeats": [beat(minutes) for minutes in range(10)]}
    first = await desk.client.post("/api/heartbeat/batch", json=batch)
    again = await desk.client.post("/api/heartbeat/batch", json=batch)
    assert first.json() == {"ok": True, "inserted": 10, "duplicates": 0, "excluded": 0, "rejected": []}
    assert again.json() == {"ok": True, "inserted": 0, "duplicates": 10, "excluded": 0, "rejected": []}
    assert await total_seconds(desk) == 9 * 60


async def test_the_order_of_a_batch_is_no_matter(desk: Desk) -> None:
    minutes = [3, 1, 4, 0, 9, 2, 6, 5]
    response = await desk.client.post("/api/heartbeat/batch", json=[beat(each) for each in minutes])
    assert response.json()["inserted"] == len(minutes)
    assert await total_seconds(desk) == 9 * 60


async def test_a_bad_item_is_told_by_its_index_and_costs_no_other(desk: Desk) -> None:
    batch = [beat(2), {"tool": "vscode"}, beat(1, timestamp="yesterday"), 7, beat(0, is_write="perhaps"), beat()]
    response = await desk.client.post("/api/heartbeat/batch", json=batch)
    answer = response.json()
    assert response.status_code == 200
    assert (answer["inserted"], [each["index"] for each in answer["rejected"]]) == (2, [1, 2, 3, 4])
    assert [each["field"] for each in answer["rejected"]] == ["timestamp", "timestamp", "", "is_write"]
    assert all(each["reason"] for each in answer["rejected"])
    assert await total_seconds(desk) == 120


async def test_a_batch_of_nothing_but_bad_items_is_a_problem_that_lists_them_all(desk: Desk) -> None:
    response = await desk.client.post("/api/heartbeat/batch", json=[{}, 1, beat(timestamp=-5)])
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert [(each["index"], each["field"]) for each in problem["errors"]] == [
        (0, "timestamp"),
        (1, ""),
        (2, "timestamp"),
    ]
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 0


@pytest.mark.parametrize("body", ["[]", '{"heartbeats": []}'])
async def test_an_empty_batch_is_fine(desk: Desk, body: str) -> None:
    response = await desk.client.post("/api/heartbeat/batch", content=body)
    assert (response.status_code, response.json()["inserted"]) == (200, 0)


async def test_several_heartbeats_are_refused_where_one_is_expected(desk: Desk) -> None:
    response = await desk.client.post("/api/heartbeat", json=[beat(), beat(1)])
    assert response.status_code == 400
    assert "/api/heartbeat/batch" in response.json()["detail"]


async def test_a_heartbeat_of_an_excluded_project_is_accepted_and_not_kept(desk: Desk) -> None:
    await desk.parts.database.execute("UPDATE activity_settings SET exclude_projects = '{secret-*}'")
    response = await desk.client.post("/api/heartbeat/batch", json=[beat(project="secret-work"), beat(1)])
    assert response.json() == {"ok": True, "inserted": 1, "duplicates": 0, "excluded": 1, "rejected": []}
    single = await desk.client.post("/api/heartbeat", json=beat(project="secret-work"))
    assert single.text == '{ "ok": true }'
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 1


async def test_tokens_sessions_and_unknown_fields_are_kept(desk: Desk) -> None:
    sent = beat(
        tool="claude-code", session_id="s1", tokens_in=120, tokens_out=45, cursor_line=7, mood={"level": [1, 2]}
    )
    await desk.client.post("/api/heartbeat", json=sent)
    row = await desk.parts.database.fetchrow(
        "SELECT h.tokens_in, h.tokens_out, h.extra, l.session FROM heartbeats h JOIN lanes l ON l.id = h.lane_id"
    )
    assert row is not None
    assert tuple(row) == (120, 45, {"cursor_line": 7, "mood": {"level": [1, 2]}}, "s1")


async def test_a_thousand_heartbeats_a_request_add_up(desk: Desk) -> None:
    batch = [beat(seconds / 60, file=f"src/{seconds % 7}.py") for seconds in range(0, 10_000, 10)]
    response = await desk.client.post("/api/heartbeat/batch", content=json.dumps(batch))
    assert response.json()["inserted"] == 1_000
    assert await total_seconds(desk) == 9_990
    async with desk.parts.database.transaction() as connection:
        verdict = await verify_activity(connection, desk.user.id)
    assert (verdict.heartbeats, verdict.problems) == (1_000, [])
