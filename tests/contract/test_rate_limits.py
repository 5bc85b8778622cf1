"""How often a key may send, and what a client is told that sends too often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.kernel.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, single_per_minute=3, bulk_per_minute=2)


def native(place: int) -> dict[str, Any]:
    return {"tool": "vscode", "timestamp": NOON_MS - place}


def wakatime(place: int) -> dict[str, Any]:
    return {"entity": "/main.py", "time": (NOON_MS - place) / 1_000}


SINGLE = [("/api/heartbeat", native), ("/api/v1/users/current/heartbeats", wakatime)]
BULK = [("/api/heartbeat/batch", native), ("/api/v1/users/current/heartbeats.bulk", wakatime)]


@pytest.mark.parametrize(("route", "make"), SINGLE)
async def test_single_heartbeats_are_limited_by_key_and_told_when_to_come_back(
    desk: Desk, route: str, make: Any
) -> None:
    responses = [
        await desk.client.post(route, json=make(place), headers={"X-Forwarded-For": f"10.0.0.{place}"})
        for place in range(4)
    ]
    assert [response.status_code for response in responses][:3] == [responses[0].status_code] * 3
    assert responses[3].status_code == 429
    assert 1 <= int(responses[3].headers["retry-after"]) <= 60
    other = {"Authorization": f"Bearer {await desk.make_key('ingest')}"}
    assert (await desk.client.post(route, json=make(9), headers=other)).status_code in (200, 201)
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 4


@pytest.mark.parametrize(("route", "make"), BULK)
async def test_batches_are_limited_by_request_however_much_they_hold(desk: Desk, route: str, make: Any) -> None:
    for start in (0, 500):
        response = await desk.client.post(route, json=[make(place) for place in range(start, start + 500)])
        assert response.status_code in (200, 201)
    refused = await desk.client.post(route, json=[make(5_000)])
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 1_000
