"""The program's own proof finds nothing where nothing is wrong, and each kind of fault where one was planted."""

from __future__ import annotations

import pytest

from devtime.activity.rebuilding import rebuild_activity
from devtime.store.address import Address
from devtime.wire.heartbeat import Heartbeat
from trial import Life, Trial, opened_trial

_MINUTE = 60_000
_START = 1_760_000_000_000

_FAULTS = {
    "credit of a lane": "UPDATE heartbeats SET lane_ms = lane_ms + 1 WHERE user_id = $1 AND identity = 3",
    "credit of the stream": "UPDATE heartbeats SET active_ms = active_ms - 1 WHERE user_id = $1 AND identity = 3",
    "sum of a slot": """UPDATE activity_slots SET lane_ms = lane_ms + 1 WHERE user_id = $1
        AND slot = (SELECT min(slot) FROM activity_slots WHERE user_id = $1)""",
    "count of a slot": """UPDATE activity_slots SET heartbeats = heartbeats + 1 WHERE user_id = $1
        AND slot = (SELECT max(slot) FROM activity_slots WHERE user_id = $1)""",
    "missing slot": """DELETE FROM activity_slots WHERE user_id = $1
        AND slot = (SELECT min(slot) FROM activity_slots WHERE user_id = $1)""",
    "invented slot": """INSERT INTO activity_slots (user_id, slot, context_id, lane_ms, active_ms, heartbeats)
        SELECT user_id, 1, context_id, 5, 5, 0 FROM activity_slots WHERE user_id = $1 LIMIT 1""",
    "heartbeat that went without its credit": "DELETE FROM heartbeats WHERE user_id = $1 AND identity = 3",
    "moved heartbeat": """UPDATE heartbeats SET "time" = "time" + interval '1 second'
        WHERE user_id = $1 AND identity = 3""",
    "missing context": "DELETE FROM contexts WHERE user_id = $1",
    "missing lane": "DELETE FROM lanes WHERE user_id = $1",
    "missing file": "DELETE FROM files WHERE user_id = $1",
    "missing client": "DELETE FROM clients WHERE user_id = $1",
}
_BEYOND_REBUILDING = {"missing context", "missing lane", "missing file", "missing client"}


async def _begin(trial: Trial) -> Life:
    life = await trial.begin()
    heartbeats = [
        Heartbeat(
            time_ms=_START + number * 7 * _MINUTE,
            identity=number,
            tool="vscode" if number % 2 else "zed",
            project="atlas",
            file="a.py",
            user_agent="zed/1.0",
        )
        for number in range(6)
    ]
    await trial.ways_in[0].record(life.user_id, heartbeats)
    return life


async def test_a_right_history_has_no_problems(database_address: Address) -> None:
    async with opened_trial(database_address) as trial:
        verdict = await trial.verify(await _begin(trial))
        assert (verdict.heartbeats, verdict.differences, verdict.problems) == (6, 0, [])


@pytest.mark.parametrize("fault", _FAULTS)
async def test_every_kind_of_fault_is_found_and_told(database_address: Address, fault: str) -> None:
    async with opened_trial(database_address) as trial:
        life, other = await _begin(trial), await _begin(trial)
        await trial.database.execute(_FAULTS[fault], life.user_id)
        verdict = await trial.verify(life)
        assert verdict.differences >= 1
        assert verdict.problems
        assert (await trial.verify(other)).differences == 0


@pytest.mark.parametrize("fault", sorted(_FAULTS.keys() - _BEYOND_REBUILDING))
async def test_rebuilding_mends_what_can_be_made_anew(database_address: Address, fault: str) -> None:
    async with opened_trial(database_address) as trial:
        life = await _begin(trial)
        await trial.database.execute(_FAULTS[fault], life.user_id)
        async with trial.database.transaction() as connection:
            await rebuild_activity(connection, life.user_id)
        assert (await trial.verify(life)).problems == []
