"""Limits of AI plans through DevTime's own API: what machines send, in what order, and what it comes to."""

from __future__ import annotations

import random
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.kernel.clock import HOUR_MS, MINUTE_MS, to_rfc3339

ROUTE = "/api/limits"


def line(used: float, label: str = "Session", resets_in_h: float | None = 2.5, **fields: Any) -> dict[str, Any]:
    resets_at = None if resets_in_h is None else to_rfc3339(NOON_MS + round(resets_in_h * HOUR_MS))
    return {
        "type": "progress",
        "label": label,
        "used": used,
        "limit": 100,
        "format": {"kind": "percent"},
        "resetsAt": resets_at,
        "periodDurationMs": 5 * HOUR_MS,
        **fields,
    }


def told(minutes_ago: float, *lines: dict[str, Any], plugin: str = "claude", **fields: Any) -> dict[str, Any]:
    at_ms = NOON_MS - round(minutes_ago * MINUTE_MS)
    return {"plugin": plugin, "display_name": plugin.title(), "at_ms": at_ms, "lines": list(lines), **fields}


async def send(desk: Desk, *snapshots: object, machine: str = "laptop") -> dict[str, Any]:
    response = await desk.client.post(ROUTE, json={"machine": machine, "snapshots": list(snapshots)})
    assert response.status_code == 200, response.text
    return response.json()


async def limits(desk: Desk) -> dict[str, Any]:
    return (await desk.client.get(ROUTE)).json()


async def history(desk: Desk, **params: Any) -> list[tuple[str, list[tuple[str, str, float]]]]:
    lines = (await desk.client.get(f"{ROUTE}/history", params=params)).json()["lines"]
    return [
        (each["label"], [(part["since"][11:16], part["until"][11:16], part["used"]) for part in each["stretches"]])
        for each in lines
    ]


async def test_the_newest_word_of_each_source_is_shown_with_its_pace(desk: Desk) -> None:
    assert await send(desk, told(10, line(20)), told(0, line(60))) == {"ok": True, "renewed": 1, "rejected": []}
    (source,) = (await limits(desk))["sources"]
    assert [(each["used"], each["format"]) for each in source["lines"]] == [(60, {"kind": "percent"})]
    (pace,) = source["pace"]
    # Half of the period is over and 60 % are used: the rest lasts 1 h 40 min of 2 h 30 min.
    assert (pace["status"], pace["projected"]) == ("behind", 120)
    assert pace["runs_out_at"].startswith("2026-01-15T13:40:00")
    assert (source["is_stale"], source["error"], source["machine"]) == (False, None, "laptop")


async def test_a_batch_sent_again_changes_nothing(desk: Desk) -> None:
    batch = [told(10, line(20)), told(5, line(95)), told(5, error="Not logged in.", lines=[], plugin="codex")]
    assert (await send(desk, *batch))["renewed"] == 2
    before = (await limits(desk), await history(desk))
    assert (await send(desk, *batch))["renewed"] == 0
    assert (await limits(desk), await history(desk)) == before


async def test_the_past_is_the_same_in_whatever_order_it_is_told(desk: Desk) -> None:
    used = [10, 10, 10, 20, 20, 35, 35, 35, 35, 40]
    snapshots = [told(100 - 10 * place, line(value)) for place, value in enumerate(used)]
    shuffled = random.Random(5).sample(snapshots, len(snapshots))
    for each in [*shuffled, *shuffled[:4]]:
        await send(desk, each)
    assert await history(desk) == [
        ("Session", [("10:20", "10:40", 10), ("10:50", "11:00", 20), ("11:10", "11:40", 35), ("11:50", "11:50", 40)])
    ]
    assert (await limits(desk))["sources"][0]["lines"][0]["used"] == 40


async def test_a_failure_keeps_the_last_lines_and_says_what_to_do(desk: Desk) -> None:
    await send(desk, told(30, line(20), plan="Max"))
    await send(desk, told(0, error="The login has ended. Run `claude` and log in.", lines=[]))
    (source,) = (await limits(desk))["sources"]
    assert (source["plan"], len(source["lines"])) == ("Max", 1)
    assert source["error"].startswith("The login has ended")
    assert (source["fetched_at"], source["checked_at"]) == (to_rfc3339(NOON_MS - 30 * MINUTE_MS), to_rfc3339(NOON_MS))
    await send(desk, told(60, line(5)))
    assert (await limits(desk))["sources"][0]["lines"][0]["used"] == 20


async def test_machines_and_accounts_stand_beside_each_other(desk: Desk) -> None:
    await send(desk, told(0, line(1)), told(0, line(2), instance="work"))
    await send(desk, told(0, line(3)), machine="desktop")
    found = [(each["machine"], each["instance"], each["lines"][0]["used"]) for each in (await limits(desk))["sources"]]
    assert found == [("desktop", "", 3), ("laptop", "", 1), ("laptop", "work", 2)]


async def test_crossings_are_told_once_and_again_after_the_reset(desk: Desk) -> None:
    async def alerts() -> list[tuple[str, bool]]:
        return [(each["rule"], each["ended_at"] is None) for each in (await limits(desk))["alerts"]]

    steady = {"periodDurationMs": None}
    for minutes_ago, used in ((50, 70), (40, 76), (30, 77), (20, 92)):
        await send(desk, told(minutes_ago, line(used, **steady)))
    assert await alerts() == [("90", True), ("75", True)]
    await send(desk, told(10, line(3, **steady)))
    assert await alerts() == [("90", False), ("75", False)]
    await send(desk, told(0, line(80, **steady)))
    assert await alerts() == [("75", True), ("90", False), ("75", False)]


async def test_that_a_limit_will_run_out_is_told(desk: Desk) -> None:
    await send(desk, told(0, line(60)))
    (alert,) = (await limits(desk))["alerts"]
    assert (alert["rule"], alert["label"], alert["used"]) == ("runs-out", "Session", 60)


async def test_what_is_refused_is_told_by_its_place_and_costs_no_other(desk: Desk) -> None:
    answer = await send(desk, told(0, line(1)), {"plugin": "../x"}, 7, told(0, plugin="codex"))
    assert answer["renewed"] == 1
    assert [(each["index"], each["field"]) for each in answer["rejected"]] == [(1, "plugin"), (2, ""), (3, "lines")]


async def test_limits_are_their_users_own_and_a_key_may_only_do_what_it_may(desk: Desk) -> None:
    await send(desk, told(0, line(1)))
    (source,) = (await limits(desk))["sources"]
    _, other = await desk.make_user("mallory")
    async with desk.stranger() as client:
        assert (await client.get(ROUTE)).status_code == 401
        client.headers["X-API-Key"] = other
        assert (await client.get(ROUTE)).json() == {"sources": [], "alerts": []}
        assert (await client.get(f"{ROUTE}/history")).json()["lines"] == []
        assert (await client.delete(f"{ROUTE}/{source['id']}")).status_code == 404
        client.headers["X-API-Key"] = await desk.make_key("ingest")
        assert (await client.get(ROUTE)).status_code == 403
        client.headers["X-API-Key"] = await desk.make_key("read")
        assert (await client.post(ROUTE, json={"machine": "a", "snapshots": []})).status_code == 403


async def test_a_plan_can_be_forgotten_with_its_past(desk: Desk) -> None:
    await send(desk, told(0, line(95)))
    (source,) = (await limits(desk))["sources"]
    assert (await desk.client.delete(f"{ROUTE}/{source['id']}")).status_code == 204
    assert await limits(desk) == {"sources": [], "alerts": []}
    assert await history(desk) == []


@pytest.mark.parametrize("source", ["x", "9" * 19, "1.5", "-", "9" * 400])
async def test_an_id_that_is_none_is_refused(desk: Desk, source: str) -> None:
    assert (await desk.client.get(f"{ROUTE}/history", params={"source": source})).status_code in (200, 400)
    assert (await desk.client.delete(f"{ROUTE}/{source}")).status_code in (400, 404)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"machine":"a"', b'{"machine":5,"snapshots":[]}', b"\xff\xfe"])
async def test_a_body_that_is_no_batch_is_refused(desk: Desk, body: bytes) -> None:
    response = await desk.client.post(ROUTE, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text


async def test_too_many_snapshots_are_refused(desk: Desk) -> None:
    response = await desk.client.post(ROUTE, json={"machine": "a", "snapshots": [{}] * 201})
    assert response.status_code == 413
