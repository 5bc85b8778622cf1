"""A usage event as the store has it: its row, what it shares with others, and which of two with one key is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.kernel.slots import SLOT_MS
from devtime.store.database import Row
from devtime.wire.rates import Rate
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import MachineEvent


class UsageContext(NamedTuple):
    """A row of `usage_contexts`: what many events share. No path and no prompt is among it."""

    agent: str
    session: str
    folder: str
    project: str
    branch: str
    machine: str
    is_sidechain: bool

    @property
    def id(self) -> int:
        """A digest of the fields."""
        return _context_id(self)


class Counts(NamedTuple):
    """What events are summed by, in the order of the columns."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    extra_tokens: int = 0
    reasoning_tokens: int = 0
    web_searches: int = 0


class Cell(NamedTuple):
    """The key of a row of `usage_slots`."""

    slot: int
    context_id: int
    rate_id: int


class StoredEvent(NamedTuple):
    """A row of `usage_events` with what it refers to."""

    key: int
    rank: int
    time_ms: int
    context: UsageContext
    rate: Rate
    counts: Counts
    cost_nusd: int | None

    @property
    def standing(self) -> tuple[object, ...]:
        """Of two events with one key that of the larger standing is kept; of equal ones it does not matter.

        First the rank; then whatever tells more; then the whole content in a fixed order, so that it never depends on
        which came first.
        """
        cost = -1 if self.cost_nusd is None else self.cost_nusd
        return (self.rank, sum(self.counts), cost, self.time_ms, *self.counts, *self.context, *self.rate)


def to_stored(told: MachineEvent) -> StoredEvent:
    """The row of an event that a machine told."""
    event = told.event
    context = UsageContext(
        event.agent, event.session, event.folder, event.project, event.branch, told.machine, event.is_sidechain
    )
    counts = Counts(*(getattr(event, name) for name in Counts._fields))
    return StoredEvent(event.key, event.rank, event.time_ms, context, event.rate, counts, event.cost_nusd)


def to_told(stored: StoredEvent) -> MachineEvent:
    """The event as the machine told it."""
    context, rate = stored.context, stored.rate
    event = UsageEvent(
        key=stored.key,
        rank=stored.rank,
        agent=context.agent,
        time_ms=stored.time_ms,
        session=context.session,
        model=rate.model,
        provider=rate.provider,
        folder=context.folder,
        project=context.project,
        branch=context.branch,
        cost_nusd=stored.cost_nusd,
        speed=rate.speed,
        tier=rate.tier,
        region=rate.region,
        is_sidechain=context.is_sidechain,
        is_model_guessed=rate.is_model_guessed,
        **stored.counts._asdict(),
    )
    return MachineEvent(context.machine, event)


def from_row(row: Row) -> StoredEvent:
    """The event of a row of `fetch_events`, `fetch_page` or `fetch_raw`."""
    parts = list(row)
    context, rate, counts = parts[4:11], parts[11:19], parts[19:27]
    return StoredEvent(
        key=parts[0],
        rank=parts[1],
        time_ms=parts[2],
        cost_nusd=parts[3],
        context=UsageContext(*context),
        rate=Rate(context[0], *rate),
        counts=Counts(*counts),
    )


def cell_of(event: StoredEvent) -> Cell:
    """The row of `usage_slots` it is summed in."""
    return Cell(event.time_ms // SLOT_MS, event.context.id, rate_id(event.rate))


@lru_cache(maxsize=4_096)
def _context_id(context: UsageContext) -> int:
    return digest64(b"usage context", [str(part) for part in context])


@lru_cache(maxsize=4_096)
def rate_id(rate: Rate) -> int:
    """The rate's id, remembered: many events have the same."""
    return rate.id
