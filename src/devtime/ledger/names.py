"""What many events share, under numbers: contexts (where an event belongs) and rates (what its price depends on)."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import os
import sqlite3
from bisect import bisect_left

from msgspec.structs import astuple

from devtime.ledger.projects import Projects
from devtime.ledger.schema import CONTEXT_BITS
from devtime.wire.rates import PROMPT_EDGES, Rate
from devtime.wire.text import clean
from devtime.wire.usage import UsageEvent

_ROOM = 1 << CONTEXT_BITS
_CONTEXT_COLUMNS = "agent, session, folder, project, branch, machine, is_sidechain"
_RATE_COLUMNS = "agent, model, provider, speed, tier, region, prompt_class, is_cost_logged, is_model_guessed"
FIELDS = (
    *("key", "rank", "agent", "time_ms", "session", "model", "provider", "folder", "cwd", "project", "branch"),
    *("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"),
    *("extra_tokens", "reasoning_tokens", "web_searches", "cost_nusd", "speed", "tier", "region"),
    *("is_sidechain", "is_model_guessed"),
)
"""The fields of an event, in the order `Names.row` takes them apart."""

_FIND_CONTEXT = f"""SELECT id FROM contexts INDEXED BY contexts_by_session
WHERE ({_CONTEXT_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?) ORDER BY id DESC LIMIT 1"""

if UsageEvent.__struct_fields__ != FIELDS:
    raise ImportError("devtime.ledger.names knows other fields of events than there are")

EventRow = tuple[int | None, ...]
RateFields = tuple[str, str, str, str, str, str, int, bool, bool]
ContextFields = tuple[str, str, str, str, str, str, bool]


def machine_name() -> str:
    """What this machine is called in reports: `DEVTIME_MACHINE`, or its host name."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return clean(os.environ.get("DEVTIME_MACHINE") or host, "machine") or "unknown"


class Names:
    """Hands out the numbers and remembers those it gave. `write` stores what is new.

    Contexts and rates may have several numbers: processes that build a ledger together number apart, `first`,
    `first + step`, …, and a context that is full of events goes on under another number.
    """

    __slots__ = (
        "_context_of",
        "_contexts",
        "_machine",
        "_new_contexts",
        "_new_rates",
        "_next_context",
        "_next_ids",
        "_next_rate",
        "_projects",
        "_rate_of",
        "_rates",
        "_step",
        "_stored",
    )

    def __init__(self, first: int = 1, step: int = 1, stored: sqlite3.Connection | None = None) -> None:
        self._context_of: dict[tuple[str, str, str, str, str, str, bool], int] = {}
        self._contexts: dict[ContextFields, int] = {}
        self._rate_of: dict[RateFields, int] = {}
        self._rates: dict[RateFields, int] = {}
        self._next_ids: dict[int, int] = {}
        self._next_context = first
        self._next_rate = first
        self._step = step
        self._stored = stored
        self._projects = Projects()
        self._machine = machine_name()
        self._new_contexts: list[tuple[int, str, str, str, str, str, str, bool]] = []
        self._new_rates: list[tuple[object, ...]] = []
        if stored is not None:
            self._load(stored)

    def _load(self, stored: sqlite3.Connection) -> None:
        (last,) = stored.execute("SELECT max(id) FROM contexts").fetchone()
        self._next_context = (last or 0) + 1
        for number, *fields, is_logged, is_guessed in stored.execute(f"SELECT id, {_RATE_COLUMNS} FROM rates"):
            self._rates[(*fields, bool(is_logged), bool(is_guessed))] = number
            self._next_rate = max(self._next_rate, number + 1)

    def row(self, event: UsageEvent, file: int, seq: int) -> EventRow:
        """The event as it is stored, under a new id."""
        # All fields at once: this runs for every event there is, and asking for them one by one takes twice as long.
        (
            key,
            rank,
            agent,
            time_ms,
            session,
            model,
            provider,
            folder,
            cwd,
            project,
            branch,
            given,
            answered,
            read,
            write,
            write_1h,
            extra,
            reasoning,
            web_searches,
            cost_nusd,
            speed,
            tier,
            region,
            is_sidechain,
            is_guessed,
        ) = astuple(event)
        length = bisect_left(PROMPT_EDGES, given + read + write + write_1h)
        rate_fields = (agent, model, provider, speed, tier, region, length, cost_nusd is not None, is_guessed)
        rate = self._rate_of.get(rate_fields) or self._add_rate(rate_fields)
        context_fields = (agent, session, folder, project, cwd, branch, is_sidechain)
        context = self._context_of.get(context_fields) or self._add_context(context_fields)
        id = self._next_ids.get(context) or self._first_free(context)
        if id >= (context + 1) * _ROOM:
            context = self._open_another(context)
            id = context * _ROOM
        self._next_ids[context] = id + 1
        counts = (given, answered, read, write, write_1h, extra, reasoning, web_searches)
        return (id, key, rank, file, time_ms, rate, seq, *counts, cost_nusd)

    def kind(self, example: UsageEvent, prompt_tokens: int, *, is_cost_logged: bool) -> tuple[int, int]:
        """Context and rate of events like the example that have such a prompt."""
        fields = (
            example.agent,
            example.model,
            example.provider,
            example.speed,
            example.tier,
            example.region,
            bisect_left(PROMPT_EDGES, prompt_tokens),
            is_cost_logged,
            example.is_model_guessed,
        )
        context_fields = (
            example.agent,
            example.session,
            example.folder,
            example.project,
            example.cwd,
            example.branch,
            example.is_sidechain,
        )
        context = self._context_of.get(context_fields) or self._add_context(context_fields)
        return context, self._rate_of.get(fields) or self._add_rate(fields)

    def take_ids(self, context: int, count: int) -> int:
        """The first of so many new event ids, one after the other in the range of the context (or of its successor)."""
        id = self._next_ids.get(context) or self._first_free(context)
        if id + count > (context + 1) * _ROOM:
            id = self._open_another(context) * _ROOM
        self._next_ids[id // _ROOM] = id + count
        return id

    def _add_rate(self, fields: RateFields) -> int:
        agent, model, provider, speed, tier, region, length, is_cost_logged, is_model_guessed = fields
        rate = Rate(
            clean(agent, "agent"),
            clean(model, "model"),
            clean(provider, "provider"),
            clean(speed, "speed"),
            clean(tier, "tier"),
            clean(region, "region"),
            length,
            is_cost_logged,
            is_model_guessed,
        )
        number = self._rates.get(rate)
        if number is None:
            number, self._next_rate = self._next_rate, self._next_rate + self._step
            self._rates[rate] = number
            self._new_rates.append((number, rate.id, *rate))
        self._rate_of[fields] = number
        return number

    def _add_context(self, fields: tuple[str, str, str, str, str, str, bool]) -> int:
        agent, session, folder, project, cwd, branch, is_sidechain = fields
        context = (
            clean(agent, "agent"),
            clean(session, "session"),
            clean(folder, "folder"),
            clean(project or self._projects.name_of(cwd, folder), "project"),
            clean(branch, "branch"),
            self._machine,
            is_sidechain,
        )
        number = self._contexts.get(context) or self._find(context) or self._open(context)
        self._contexts[context] = self._context_of[fields] = number
        return number

    def _find(self, context: ContextFields) -> int | None:
        row = self._stored.execute(_FIND_CONTEXT, context).fetchone() if self._stored is not None else None
        return row[0] if row else None

    def _open(self, context: ContextFields) -> int:
        number, self._next_context = self._next_context, self._next_context + self._step
        self._new_contexts.append((number, *context))
        return number

    def _open_another(self, full: int) -> int:
        """A second number for a context whose range is used up."""
        context = next(context for context, number in self._contexts.items() if number == full)
        another = self._contexts[context] = self._open(context)
        moved = [fields for fields, number in self._context_of.items() if number == full]
        self._context_of.update(dict.fromkeys(moved, another))
        return another

    def _first_free(self, context: int) -> int:
        if self._stored is None:
            return context * _ROOM
        span = (context * _ROOM, (context + 1) * _ROOM - 1)
        (last,) = self._stored.execute("SELECT max(id) FROM events WHERE id BETWEEN ? AND ?", span).fetchone()
        return context * _ROOM if last is None else last + 1

    def write(self, connection: sqlite3.Connection) -> None:
        """Store the numbers given since the last time."""
        connection.executemany("INSERT INTO contexts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._new_contexts)
        connection.executemany("INSERT INTO rates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._new_rates)
        self._new_contexts.clear()
        self._new_rates.clear()
