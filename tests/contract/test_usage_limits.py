"""How often a machine may send usage: as often as batches of heartbeats, counted together with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import NOON_MS, Desk
from devtime.kernel.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, single_per_minute=3, bulk_per_minute=3)


async def test_batches_of_usage_are_limited_by_request_and_told_when_to_come_back(desk: Desk) -> None:
    event = {"agent": "claude", "model": "m", "time_ms": NOON_MS}
    for start in (0, 500):
        events = [event | {"key": str(key)} for key in range(start, start + 500)]
        answer = await desk.client.post("/api/usage/events", json={"machine": "m", "events": events})
        assert answer.json()["inserted"] == 500
    assert (await desk.client.post("/api/heartbeat/batch", json=[])).status_code == 200
    refused = await desk.client.post("/api/usage/events", json={"machine": "m", "events": [event | {"key": "9999"}]})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert await desk.parts.database.fetchval("SELECT count(*) FROM usage_events") == 1_000
