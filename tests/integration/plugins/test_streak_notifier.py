"""The streak notifier of CodeTrackr's documentation, as it stands, over a month in the queue of production."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from codetrackr_examples import read_documentation
from devtime.wire.heartbeat import Heartbeat
from plugin_farm import Farm
from plugin_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

_DAY_S = 86_400
_REST = "\nCall GET-streak"


@pytest_asyncio.fixture(loop_scope="module")
async def farm(stage: Stage) -> AsyncIterator[Farm]:
    yield Farm(stage)


async def _pass_a_day(farm: Farm) -> None:
    """The clock cannot be moved, so the world is: everything that was, was a day earlier."""
    await farm.database.execute("DELETE FROM plugin_events")
    await farm.database.execute(
        'UPDATE heartbeats SET "time" = "time" - interval \'1 day\' WHERE user_id = $1', farm.ada
    )
    await farm.database.execute(
        "UPDATE plugin_kv SET value = to_char(value::date - 1, 'YYYY-MM-DD') WHERE key = 'last-day' AND value <> ''"
    )


async def test_it_counts_the_days_with_activity_of_a_month(farm: Farm) -> None:
    if _DAY_S - time.time() % _DAY_S < 120:
        pytest.skip("midnight is near, and the days of this test would shift")
    text = read_documentation()
    script = text[text.index("// ── on_install: initialize Redis state") :]
    plugin = await farm.install("streak-notifier", script[: script.index(_REST)])
    await farm.turn(plugin)
    assert await farm.kept("streak-notifier", "streak") == "0"
    worked = 0
    for day in range(30):
        # The first tick after midnight counts the day before.
        await farm.make_due(plugin)
        await farm.turn(plugin)
        assert await farm.kept("streak-notifier", "streak") == str(worked)
        if day % 7 not in (5, 6):
            beat = Heartbeat(time_ms=int((time.time() + 600) * 1_000), identity=900_000 + day, tool="vim", project="p")
            await farm.ingest.record(farm.ada, [beat])
            await farm.turn(plugin)
            worked += 1
        for _ in range(2):
            await farm.make_due(plugin)
            await farm.turn(plugin)
        await _pass_a_day(farm)
    await farm.make_due(plugin)
    await farm.turn(plugin)
    assert await farm.kept("streak-notifier", "streak") == str(worked) == "22"
    said = [line.text for line in await farm.log(plugin)]
    assert "Day 22 of streak — keep it up!" in said
    assert said.count("No activity today — streak at risk!") >= 8
    assert (await farm.run_row(plugin))["failures"] == 0
