"""What is deleted or veiled is gone, and what is left is counted as if nothing else had ever come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

import model
from database import TestServer
from devtime.activity.choosing import (
    Applied,
    PrivacyChoice,
    choose_privacy,
    choose_retention,
    choose_timeout,
    read_patterns,
)
from devtime.activity.deleting import delete_heartbeats, enforce_retention
from devtime.activity.privacy import veil
from devtime.activity.rebuilding import rebuild_activity
from devtime.activity.settings import fetch_settings
from devtime.kernel.errors import Invalid
from devtime.stats.filters import Filters, fetch_context_ids
from devtime.store.address import Address
from devtime.wire.heartbeat import Heartbeat
from histories import DAY, History, histories
from trial import Life, Stage, Trial, how_often, opened_trial

_VEILS = st.sampled_from(("keep", "hash", "drop"))
_COUNT_ROWS = """
SELECT (SELECT count(*) FROM contexts WHERE user_id = $1) AS contexts,
    (SELECT count(*) FROM lanes WHERE user_id = $1) AS lanes,
    (SELECT count(*) FROM files WHERE user_id = $1) AS files,
    (SELECT count(*) FROM clients WHERE user_id = $1) AS clients
"""
_FETCH_KEPT = """
SELECT h."time", h.identity, coalesce(f.path, '') AS path, c.branch, h.extra
FROM heartbeats h JOIN contexts c ON c.user_id = $1 AND c.id = h.context_id
LEFT JOIN files f ON f.user_id = $1 AND f.id = h.file_id
WHERE h.user_id = $1 ORDER BY h."time", h.identity
"""


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@pytest_asyncio.fixture
async def trial(database_address: Address) -> AsyncIterator[Trial]:
    """A store for a single test."""
    async with opened_trial(database_address) as trial:
        yield trial


async def _compare(trial: Trial, life: Life) -> None:
    assert await trial.credits(life) == model.credit(life.heartbeats, life.timeout_ms)
    assert await trial.quarters(life) == model.quarters(life.heartbeats, life.timeout_ms)
    assert (await trial.verify(life)).problems == []


async def _compare_dictionaries(trial: Trial, life: Life) -> None:
    row = await trial.database.fetchrow(_COUNT_ROWS, life.user_id)
    assert row is not None
    beats = life.heartbeats
    assert row["contexts"] == len({model.names_of(beat) for beat in beats})
    assert row["lanes"] == len({(beat.tool, beat.machine, beat.session) for beat in beats})
    assert row["files"] == len({beat.file for beat in beats if beat.file})
    assert row["clients"] == len({beat.user_agent for beat in beats if beat.user_agent})


@settings(how_often(120))
@given(history=histories(), seed=st.integers(0, 2**32 - 1))
def test_deleting_leaves_nothing_of_the_deleted_and_all_of_the_rest(stage: Stage, history: History, seed: int) -> None:
    trial = stage.trial

    async def run() -> None:
        random = Random(seed)
        life = await trial.live(history)
        first, last = history.heartbeats[0].time_ms, history.heartbeats[-1].time_ms
        start = random.choice((None, random.randint(first, last), first))
        end = random.choice((None, random.randint(first, last + 1), last))
        projects = random.choice(((), ("atlas",), ("boreas", "Unknown")))
        ids = await fetch_context_ids(trial.database, life.user_id, Filters(project=projects))

        def goes(beat: Heartbeat) -> bool:
            in_time = (start is None or beat.time_ms >= start) and (end is None or beat.time_ms < end)
            return in_time and (not projects or (beat.project or "Unknown") in projects)

        async with trial.database.transaction() as connection:
            deleted = await delete_heartbeats(connection, life.user_id, start_ms=start, end_ms=end, context_ids=ids)
        gone = [beat for beat in life.heartbeats if goes(beat)]
        assert deleted == len(gone)
        life.heartbeats = [beat for beat in life.heartbeats if not goes(beat)]
        await _compare(trial, life)
        if gone:
            await _compare_dictionaries(trial, life)
        await trial.deliver(life, [gone], random)
        await _compare(trial, life)

    stage.run(run())


@settings(how_often(80))
@given(history=histories(), files=_VEILS, branches=_VEILS)
def test_veiling_the_past_gives_what_veiled_heartbeats_would_have_given(
    stage: Stage, history: History, files: str, branches: str
) -> None:
    sent = [_with_secrets(beat) for beat in history.heartbeats]

    trial = stage.trial

    async def run() -> None:
        life = await trial.live(History(history.zone, sent, history.seed))
        await _choose(trial, life, PrivacyChoice(file_privacy=files, branch_privacy=branches))
        rules = await fetch_settings(trial.database, life.user_id)
        life.heartbeats = [veil(beat, rules) for beat in life.heartbeats]
        assert await _fetch_kept(trial, life) == [
            (beat.time_ms, beat.identity, beat.file, beat.branch, {**beat.extra, **_idle_extra(beat)})
            for beat in life.heartbeats
        ]
        await _compare(trial, life)
        assert (await trial.ways_in[0].record(life.user_id, sent)).duplicates == len(life.heartbeats)
        life.heartbeats = [veil(beat, rules) for beat in sent]
        later = [msgspec.structs.replace(beat, time_ms=beat.time_ms + 30 * DAY) for beat in sent]
        await trial.ways_in[1].record(life.user_id, later)
        life.heartbeats += [veil(beat, rules) for beat in later]
        await _compare(trial, life)
        await _compare_dictionaries(trial, life)

    stage.run(run())


async def test_a_file_is_one_file_however_often_hashing_is_switched_on_and_off(trial: Trial) -> None:
    life = await trial.begin()
    hashed = PrivacyChoice(file_privacy="hash", branch_privacy="hash")
    for number, choice in enumerate((hashed, PrivacyChoice(), hashed)):
        await _choose(trial, life, choice)
        beat = _beat(number, file="/src/main.py", branch="main")
        await trial.deliver(life, [[beat]], Random(0))
    kept = await _fetch_kept(trial, life)
    assert len(kept) == 3
    assert len({(path, branch) for _, _, path, branch, _ in kept}) == 1
    assert kept[0][2].endswith(".py")
    assert "main" not in kept[0][2] + kept[0][3]


async def test_excluding_the_past_deletes_what_the_patterns_name(trial: Trial) -> None:
    life = await trial.begin()
    beats = [
        _beat(0, project="Secret-Work", file="/a/b.py"),
        _beat(1, project="open", file="/a/.env"),
        _beat(2, project="open", file="/a/b.py"),
    ]
    await trial.deliver(life, [beats], Random(0))
    choice = PrivacyChoice(exclude_projects=("secret-*",), exclude_file_patterns=("*.env",))
    async with trial.database.transaction() as connection:
        untouched = await choose_privacy(connection, life.user_id, choice, apply_to_past=False)
    assert (untouched.deleted, len(await _fetch_kept(trial, life))) == (0, 3)
    assert (await _choose(trial, life, choice)).deleted == 2
    life.heartbeats = beats[2:]
    await _compare(trial, life)
    assert (await trial.ways_in[0].record(life.user_id, beats)).outcomes == ["excluded", "excluded", "duplicate"]


async def test_retention_deletes_whole_days_that_are_older_and_only_for_who_chose_it(trial: Trial) -> None:
    lives = [await trial.begin(), await trial.begin()]
    beats = [_beat(0, at_ms=10 * DAY - 1), _beat(1, at_ms=10 * DAY), _beat(2, at_ms=11 * DAY)]
    for life in lives:
        await trial.deliver(life, [beats], Random(0))
    async with trial.database.transaction() as connection:
        await choose_retention(connection, lives[0].user_id, 3)
    assert await enforce_retention(trial.database, 14 * DAY - 1) == 1
    assert await enforce_retention(trial.database, 14 * DAY - 1) == 0
    lives[0].heartbeats = beats[1:]
    for life in lives:
        await _compare(trial, life)
    async with trial.database.transaction() as connection:
        await choose_retention(connection, lives[0].user_id, None)
    assert await enforce_retention(trial.database, 1_000 * DAY) == 0


async def test_a_timeout_chosen_is_counted_with_once_the_time_is_rebuilt(trial: Trial) -> None:
    life = await trial.begin()
    await trial.deliver(life, [[_beat(0), _beat(5), _beat(25)]], Random(0))
    async with trial.database.transaction() as connection:
        await choose_timeout(connection, life.user_id, 30 * 60_000)
    await _compare(trial, life)
    async with trial.database.transaction() as connection:
        await rebuild_activity(connection, life.user_id)
    life.timeout_ms = 30 * 60_000
    await _compare(trial, life)


@pytest.mark.parametrize("timeout_ms", [0, 59_999, 7_200_001, -1])
async def test_a_timeout_out_of_bounds_is_refused(trial: Trial, timeout_ms: int) -> None:
    life = await trial.begin()
    async with trial.database.transaction() as connection:
        with pytest.raises(Invalid, match="timeout"):
            await choose_timeout(connection, life.user_id, timeout_ms)


@pytest.mark.parametrize("patterns", [[f"p{number}" for number in range(201)], ["x" * 257], ["a\0b"], ["\ud800"]])
def test_patterns_that_cannot_be_kept_are_refused(patterns: list[str]) -> None:
    with pytest.raises(Invalid, match="exclude_projects"):
        read_patterns("exclude_projects", patterns)


def test_patterns_are_trimmed_and_kept_once() -> None:
    assert read_patterns("exclude_projects", [" a* ", "", "a*", "b"]) == ["a*", "b"]


async def _choose(trial: Trial, life: Life, choice: PrivacyChoice) -> Applied:
    async with trial.database.transaction() as connection:
        return await choose_privacy(connection, life.user_id, choice, apply_to_past=True)


async def _fetch_kept(trial: Trial, life: Life) -> list[tuple[int, int, str, str, dict[str, Any]]]:
    rows = await trial.database.fetch(_FETCH_KEPT, life.user_id)
    return [(row[0], row[1], row[2], row[3], row[4] or {}) for row in rows]


def _beat(minute: int, *, at_ms: int = 20_000 * DAY, **fields: str) -> Heartbeat:
    return Heartbeat(time_ms=at_ms + minute * 60_000, identity=minute, tool="vscode", **fields)


def _with_secrets(beat: Heartbeat) -> Heartbeat:
    extra = {**beat.extra, "workspace_root": "/home/ada/secret", "commit": "deadbeef", "lines": 3}
    return msgspec.structs.replace(beat, extra=extra if beat.identity % 2 else beat.extra)


def _idle_extra(beat: Heartbeat) -> dict[str, int]:
    if beat.activity_type == "idle" and beat.duration_ms is not None:
        return {"idle_duration_ms": beat.duration_ms}
    return {}
