"""A past written at once is the same as one that came heartbeat by heartbeat."""

from __future__ import annotations

from random import Random

import pytest

import model
from devtime.activity.bulk import load_history
from devtime.demo.filling import Order, add_crowd, add_person
from devtime.demo.histories import live
from devtime.demo.people import make_person, make_team
from devtime.kernel.errors import Conflict
from devtime.store.address import Address
from trial import Life, opened_trial

_NOW_MS = 1_763_650_000_000


async def test_a_past_written_at_once_is_credited_as_one_that_came_in_pieces(database_address: Address) -> None:
    past = list(live(make_person(1, "Europe/Berlin"), _NOW_MS, 4))
    async with opened_trial(database_address) as trial:
        at_once, piecemeal = await trial.begin(), await trial.begin()
        async with trial.database.transaction() as connection:
            count = await load_history(connection, at_once.user_id, [*past, *past[:10]])
        for start in range(0, len(past), 100):
            await trial.deliver(piecemeal, [past[start : start + 100]], Random(start))
        assert count == len(past) > 500
        assert await trial.credits(at_once) == await trial.credits(piecemeal) == model.credit(past, 900_000)
        assert await trial.quarters(at_once) == await trial.quarters(piecemeal)
        assert (await trial.verify(at_once)).problems == []


async def test_an_account_with_heartbeats_is_not_written_over(database_address: Address) -> None:
    past = list(live(make_person(1, "Europe/Berlin"), _NOW_MS, 2))
    async with opened_trial(database_address) as trial:
        life = await trial.begin()
        await trial.ways_in[0].record(life.user_id, past[:1])
        with pytest.raises(Conflict):
            async with trial.database.transaction() as connection:
                await load_history(connection, life.user_id, past)
        assert len(await trial.credits(life)) == 1


async def test_people_and_crowds_are_filled_in_exactly(database_address: Address) -> None:
    team = make_team(1, 4, "Europe/Berlin")
    async with opened_trial(database_address) as trial:
        first = await add_person(trial.database, Order(person=team[0], days=5), _NOW_MS)
        others = [Order(person=person, newest=50, days=30) for person in team[1:]]
        crowd = list(add_crowd(database_address.dsn(), others, _NOW_MS))
        assert [filled.heartbeats for filled in crowd] == [50, 50, 50]
        for filled in (first, *crowd):
            verdict = await trial.verify(Life(filled.user_id, []))
            assert (verdict.heartbeats, verdict.problems) == (filled.heartbeats, [])
