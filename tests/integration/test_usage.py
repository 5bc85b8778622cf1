"""Usage events in a real store: any order, duplicates, machines and processes give the sums of a plain model."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from database import TestServer
from devtime.accounts.users import create_user
from devtime.activity.settings import lock_user
from devtime.kernel.ids import new_uuid
from devtime.stats.ranges import TimeRange
from devtime.stats.usage import fetch_cells, fetch_events, fetch_rates
from devtime.store.database import Connection, Database
from devtime.usage.deleting import delete_usage
from devtime.usage.recording import MachineKey, record_events
from devtime.usage.rules import KeepAll, Rules
from devtime.usage.stored import to_stored
from devtime.usage.sums import rebuild_usage, verify_usage
from devtime.wire.usage import MOST_COST_NUSD, UsageEvent
from devtime.wire.usage_batch import MachineEvent
from devtime.wire.usage_sums import UsageQuestion
from trial import how_often

T = TypeVar("T")
BEGIN_MS = 1_774_742_400_000
"""2026-03-29T00:00Z, the day Berlin's clocks go forward."""
SLOT_MS = 900_000


async def lock(connection: Connection, user_id: UUID) -> Rules:
    """The lock everything of a user is written under, and rules that keep everything."""
    await lock_user(connection, user_id)
    return KeepAll()


@dataclass
class Store:
    """A database seen by several processes' worth of pools."""

    databases: list[Database]

    async def begin(self) -> UUID:
        async with self.databases[0].transaction() as connection:
            return (await create_user(connection, f"u{new_uuid().hex}")).id

    async def problems(self, user_id: UUID) -> list[str]:
        async with self.databases[0].transaction() as connection:
            await lock_user(connection, user_id)
            return (await verify_usage(connection, user_id)).problems


@asynccontextmanager
async def opened_store(dsn: str) -> AsyncGenerator[Store]:
    async with AsyncExitStack() as stack:
        databases: list[Database] = []
        for _ in range(3):
            databases.append(await Database.open(dsn, largest=3))
            stack.push_async_callback(databases[-1].close)
        yield Store(databases)


class Stage:
    """A store for tests that are no coroutines."""

    def __init__(self, server: TestServer) -> None:
        self._loop = asyncio.Runner()
        self._server = server
        self._address = self.run(server.create_database())
        self._opened = opened_store(self._address.dsn())
        self.store = self.run(self._opened.__aenter__())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(coroutine)

    def close(self) -> None:
        self.run(self._opened.__aexit__(None, None, None))
        self.run(self._server.drop_database(self._address))
        self._loop.close()


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    stage = Stage(test_server)
    yield stage
    stage.close()


_counts = st.sampled_from([0, 1, 7, 40_000, 210_000])
_names = st.sampled_from(["", "a", "b"])
events = st.builds(
    UsageEvent,
    key=st.integers(-3, 6) | st.integers(-(2**63), 2**63 - 1),
    rank=st.integers(0, 2),
    agent=st.sampled_from(["claude", "codex"]),
    time_ms=st.integers(0, 3 * 86_400_000).map(lambda ms: BEGIN_MS + ms // 250_000 * 250_000),
    session=_names,
    model=st.sampled_from(["opus", "gpt"]),
    project=_names,
    folder=_names,
    branch=_names,
    input_tokens=_counts,
    output_tokens=_counts,
    cache_read_tokens=_counts,
    cache_write_1h_tokens=_counts,
    extra_tokens=_counts,
    web_searches=st.sampled_from([0, 2]),
    cost_nusd=st.sampled_from([None, 0, 5, MOST_COST_NUSD]),
    is_sidechain=st.booleans(),
)
told = st.builds(MachineEvent, machine=st.sampled_from(["desk", "lap", "ci"]), event=events)
histories = st.lists(told, max_size=40)


def keep(history: Sequence[MachineEvent]) -> dict[int, MachineEvent]:
    """What a store should hold: of each key the event of the largest standing."""
    kept: dict[int, MachineEvent] = {}
    for each in history:
        rival = kept.get(each.event.key)
        if rival is None or to_stored(each).standing > to_stored(rival).standing:
            kept[each.event.key] = each
    return kept


def name_of(each: MachineEvent, part: str, zone: str) -> Any:
    if part == "day":
        local = datetime.fromtimestamp(each.event.time_ms / 1_000, UTC).astimezone(ZoneInfo(zone))
        return (local.date() - date(1970, 1, 1)).days
    if part == "slot":
        return each.event.time_ms // SLOT_MS
    if part == "machine":
        return each.machine
    return getattr(each.event, "is_sidechain" if part == "sidechain" else part)


def expect(kept: Sequence[MachineEvent], question: UsageQuestion, edges: dict[int, list[int]]) -> dict[Any, list[int]]:
    """The answer, summed event by event."""
    sums: dict[Any, list[int]] = defaultdict(lambda: [0] * 10 + [2**62, 0])
    for each in kept:
        event = each.event
        slot = event.time_ms // SLOT_MS
        period = sum(edge <= slot for edge in edges.get(event.rate.id, []))
        names = tuple(name_of(each, part, question.zone) for part in question.parts)
        cell = sums[names, event.rate.id, period]
        values = (
            1, event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens,
            event.cache_write_1h_tokens, event.extra_tokens, event.reasoning_tokens, event.web_searches,
            event.cost_nusd or 0,
        )  # fmt: skip
        for place, value in enumerate(values):
            cell[place] += value
        cell[10], cell[11] = min(cell[10], event.time_ms), max(cell[11], event.time_ms)
    return dict(sums)


async def answer(
    store: Store, user_id: UUID, question: UsageQuestion, edges: dict[int, list[int]], span: TimeRange | None = None
) -> dict[Any, list[int]]:
    cells = await fetch_cells(store.databases[0], user_id, question, edges, span)
    found = {
        (cell.names, cell.rate_id, cell.period): [
            cell.tokens.events, cell.tokens.input, cell.tokens.output, cell.tokens.cache_read, cell.tokens.cache_write,
            cell.tokens.cache_write_1h, cell.tokens.extra, cell.tokens.reasoning, cell.tokens.web_searches,
            cell.logged_nusd, cell.first_ms, cell.last_ms,
        ]
        for cell in cells
    }  # fmt: skip
    assert len(found) == len(cells)
    return found


async def deliver(store: Store, user_id: UUID, history: Sequence[MachineEvent], random: Random) -> None:
    """Hand everything in, cut anywhere, at the same time, through any process."""
    batches: list[list[MachineEvent]] = []
    waiting = list(history)
    while waiting:
        size = random.choice((1, 2, 5, 30))
        batches.append(waiting[:size])
        waiting = waiting[size:]
    random.shuffle(batches)
    await asyncio.gather(*(record_events(random.choice(store.databases), user_id, batch, lock) for batch in batches))


@settings(how_often(150))
@given(history=histories, seed=st.integers(0, 2**32), zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_any_order_any_duplicates_and_any_split_give_the_same_sums(
    stage: Stage, history: list[MachineEvent], seed: int, zone: str
) -> None:
    stage.run(_live_and_compare(stage.store, history, Random(seed), zone))


async def _live_and_compare(store: Store, history: list[MachineEvent], random: Random, zone: str) -> None:
    user_id = await store.begin()
    everything = history + random.choices(history, k=len(history) // 2 if history else 0)
    random.shuffle(everything)
    await deliver(store, user_id, everything, random)
    kept = list(keep(history).values())
    assert await store.problems(user_id) == []
    rates = await fetch_rates(store.databases[0], user_id)
    assert {each.event.rate for each in kept} <= set(rates.values())
    assert all(rate.id == number for number, rate in rates.items())
    edges = {
        number: sorted(random.sample(range(BEGIN_MS // SLOT_MS, BEGIN_MS // SLOT_MS + 300), 2)) for number in rates
    }
    for parts in [
        (),
        ("day", "model"),
        ("slot",),
        ("session", "folder", "project", "branch", "machine", "sidechain"),
        ("agent",),
    ]:
        question = UsageQuestion(parts=parts, zone=zone)
        assert await answer(store, user_id, question, edges) == expect(kept, question, edges)
    first_day = date(2026, 3, 29) + timedelta(days=random.randrange(3))
    days = UsageQuestion(("day",), zone, first_day, first_day + timedelta(days=random.randrange(2)))
    wanted = [
        each
        for each in kept
        if days.first_day <= date(1970, 1, 1) + timedelta(name_of(each, "day", zone)) <= days.last_day
    ]
    assert await answer(store, user_id, days, {}) == expect(wanted, days, {})
    narrow = UsageQuestion(
        ("project",),
        agents=("claude",),
        models=("opus",),
        projects=("a", ""),
        sessions=("a", "b"),
        branches=("",),
        machines=("desk", "lap"),
    )
    wanted = [
        each
        for each in kept
        if each.event.agent == "claude"
        and each.event.model == "opus"
        and (each.event.project in ("a", "") or each.event.folder == "a")
        and each.event.session in ("a", "b")
        and each.event.branch == ""
        and each.machine in ("desk", "lap")
    ]
    assert await answer(store, user_id, narrow, {}) == expect(wanted, narrow, {})
    start_ms = BEGIN_MS + random.randrange(0, 2 * 86_400_000)
    span = TimeRange(start_ms=start_ms, end_ms=start_ms + random.choice((1, 60_000, 900_000, 50_000_000)), zone=zone)
    question = UsageQuestion(("day",), zone)
    wanted = [each for each in kept if span.start_ms <= each.event.time_ms < span.end_ms]
    assert await answer(store, user_id, question, edges, span) == expect(wanted, question, edges)
    listed = await fetch_events(store.databases[0], user_id, question, span, limit=1_000)
    order = sorted(wanted, key=lambda each: (-each.event.time_ms, -each.event.key))
    assert listed == [MachineEvent(each.machine, msgspec.structs.replace(each.event, cwd="")) for each in order]


close = st.builds(
    MachineEvent,
    machine=st.sampled_from(["desk", "lap"]),
    event=st.builds(
        UsageEvent,
        key=st.integers(-3, 6),
        rank=st.integers(0, 2),
        agent=st.just("claude"),
        time_ms=st.integers(0, 12).map(lambda step: BEGIN_MS + step * 100_000),
        session=st.just("s"),
        model=st.just("opus"),
        output_tokens=st.integers(0, 3),
    ),
)
"""Events that fall into the same few sums, so that what one takes off is another's edge."""


class Step(msgspec.Struct, frozen=True):
    """One thing that happens: a batch of a machine that also withdraws keys, or a deletion."""

    events: list[MachineEvent]
    withdrawn: list[MachineKey]
    deleted_from_ms: int | None = None


keys = st.builds(MachineKey, machine=st.sampled_from(["desk", "lap", "ci"]), key=st.integers(-3, 6))
steps = st.builds(
    Step,
    events=st.lists(close | told, max_size=6) | st.lists(close, max_size=6),
    withdrawn=st.lists(keys, max_size=3),
    deleted_from_ms=st.none() | st.integers(BEGIN_MS, BEGIN_MS + 3 * 86_400_000),
)


@settings(how_often(150))
@given(happening=st.lists(steps, max_size=12))
def test_sums_stay_exact_when_events_are_withdrawn_replaced_and_deleted(stage: Stage, happening: list[Step]) -> None:
    stage.run(_happen_and_compare(stage.store, happening))


async def _happen_and_compare(store: Store, happening: list[Step]) -> None:
    user_id = await store.begin()
    kept: dict[int, MachineEvent] = {}
    database = store.databases[0]
    for step in happening:
        gone = {each.key for each in step.withdrawn if each.key in kept and kept[each.key].machine == each.machine}
        rest = {key: each for key, each in kept.items() if key not in gone}
        recorded = await record_events(database, user_id, step.events, lock, step.withdrawn)
        after = keep([*rest.values(), *step.events])
        assert recorded.withdrawn == len(gone - after.keys())
        assert recorded.outcomes.count("new") == len(after.keys() - rest.keys())
        kept = after
        if step.deleted_from_ms is not None:
            start_ms = step.deleted_from_ms
            async with database.transaction() as connection:
                await lock_user(connection, user_id)
                deleted = await delete_usage(
                    connection, user_id, start_ms=start_ms, wanted=lambda context: context.machine != "ci"
                )
            doomed = {key for key, each in kept.items() if each.event.time_ms >= start_ms and each.machine != "ci"}
            assert deleted == len(doomed)
            kept = {key: each for key, each in kept.items() if key not in doomed}
        assert await store.problems(user_id) == []
    question = UsageQuestion(("machine", "slot"))
    assert await answer(store, user_id, question, {}) == expect(list(kept.values()), question, {})


async def test_a_wrong_sum_is_found_and_made_right(stage_store: Store) -> None:
    user_id = await stage_store.begin()
    database = stage_store.databases[0]
    event = UsageEvent(key=1, agent="claude", time_ms=BEGIN_MS, session="s", model="m", input_tokens=5)
    await record_events(database, user_id, [MachineEvent("desk", event)], lock)
    assert await stage_store.problems(user_id) == []
    await database.execute("UPDATE usage_slots SET input_tokens = 4 WHERE user_id = $1", user_id)
    assert len(await stage_store.problems(user_id)) == 1
    async with database.transaction() as connection:
        await lock_user(connection, user_id)
        await rebuild_usage(connection, user_id)
    assert await stage_store.problems(user_id) == []
    await database.execute("DELETE FROM usage_contexts WHERE user_id = $1", user_id)
    assert await stage_store.problems(user_id) == ["1 usage events refer to a dictionary row that is missing"]


async def test_a_user_sees_nothing_of_another(stage_store: Store) -> None:
    ada, bob = await stage_store.begin(), await stage_store.begin()
    database = stage_store.databases[0]
    event = UsageEvent(key=1, agent="claude", time_ms=BEGIN_MS, session="s", model="m", input_tokens=5)
    await record_events(database, ada, [MachineEvent("desk", event)], lock)
    await record_events(database, bob, [MachineEvent("desk", msgspec.structs.replace(event, rank=9))], lock)
    await record_events(database, bob, [], lock, [MachineKey("desk", 1)])
    assert len(await fetch_cells(database, ada, UsageQuestion())) == 1
    assert await fetch_cells(database, bob, UsageQuestion()) == []
    assert await fetch_rates(database, bob) == {next(iter(await fetch_rates(database, ada))): event.rate}


@pytest.fixture
async def stage_store(database_address: Any) -> AsyncGenerator[Store]:
    async with opened_store(database_address.dsn()) as store:
        yield store
