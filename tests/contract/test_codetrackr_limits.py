"""The rates of CodeTrackr's ingest routes."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import Desk
from devtime.kernel.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three single heartbeats and two batches a minute."""
    return Settings(home=tmp_path, single_per_minute=3, bulk_per_minute=2)


async def test_single_heartbeats_are_limited_and_a_forged_address_does_not_help(desk: Desk) -> None:
    answers = [
        await desk.client.post(
            "/api/v1/heartbeat", json={"project": "a"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].json()["error"]


async def test_batches_and_imports_are_limited_by_request_not_by_heartbeat(desk: Desk) -> None:
    rows = [{"project": "a", "time": 1_768_478_000 + number} for number in range(500)]
    assert (await desk.client.post("/api/v1/heartbeats", json=rows)).status_code == 200
    assert (await desk.client.post("/api/v1/import", json=rows)).status_code == 200
    answer = await desk.client.post("/api/v1/import", json=rows)
    assert (answer.status_code, "error" in answer.json()) == (429, True)
