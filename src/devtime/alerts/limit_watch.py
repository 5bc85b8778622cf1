"""Watching what machines tell of limits: what is to be told now is written down and handed to the caller.

Whoever delivers alerts takes what `watch_limits` answers, after the transaction: it is told here once only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from devtime.alerts.limit_rules import Fired, Reading, Rule, judge
from devtime.kernel.clock import DAY_MS
from devtime.limits import sources
from devtime.limits.history import Stretch, readings
from devtime.plugins.kinds.probe.lines import Progress
from devtime.plugins.kinds.probe.pace import pace_of
from devtime.store.database import Connection, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.alerts")

KEPT_MS = 90 * DAY_MS
"""Alerts older than this are forgotten."""


class LimitAlert(msgspec.Struct, frozen=True):
    """Something told of one line of a source."""

    source_id: int
    label: str
    told: Fired


async def watch_limits(connection: Connection, user_id: UUID, newest: Sequence[sources.Told]) -> list[LimitAlert]:
    """Judge what sources told; answers what is new. The caller holds the user's lock."""
    ids = [sources.source_id(each.source) for each in newest]
    standing = [_from_row(row) for row in await connection.fetch(_QUERIES["fetch_standing"], user_id, ids)]
    fired: list[LimitAlert] = []
    for number, each in zip(ids, newest, strict=True):
        for line, stretch in readings(each):
            known = (alert.told for alert in standing if (alert.source_id, alert.label) == (number, line.label))
            reading = reading_of(line, stretch)
            verdict = judge(reading, known)
            for rule in verdict.ended:
                await connection.execute(_QUERIES["end_alert"], user_id, number, line.label, rule, reading.at_ms)
            fired += [LimitAlert(number, line.label, _tell(rule, reading)) for rule in verdict.fired]
    if fired:
        rows = [(each.source_id, each.label, *msgspec.structs.astuple(each.told)[:-1]) for each in fired]
        await connection.execute(_QUERIES["fire_alerts"], user_id, *[list(part) for part in zip(*rows, strict=True)])
    return fired


def reading_of(line: Progress, stretch: Stretch) -> Reading:
    """What the rules need to know of a line."""
    pace = pace_of(line, stretch.until_ms)
    will_run_out = pace is not None and pace.runs_out_in_ms is not None
    return Reading(stretch.until_ms, stretch.used, stretch.most, stretch.resets_at_ms, will_run_out)


async def fetch_alerts(database: Executor, user_id: UUID, since_ms: int) -> list[LimitAlert]:
    """Alerts told since then, and older ones whose limit has not begun anew; the latest first."""
    return [_from_row(row) for row in await database.fetch(_QUERIES["fetch_alerts"], user_id, since_ms)]


async def forget_alerts(database: Executor, now_ms: int) -> None:
    """Delete what is older than it is kept."""
    await database.execute(_QUERIES["forget_alerts"], now_ms - KEPT_MS)


async def remove_alerts(connection: Connection, user_id: UUID, number: int) -> None:
    """Forget all alerts of a source."""
    await connection.execute(_QUERIES["remove_alerts"], user_id, number)


def _tell(rule: Rule, reading: Reading) -> Fired:
    return Fired(rule, reading.at_ms, reading.used, reading.most, reading.resets_at_ms)


def _from_row(row: Row) -> LimitAlert:
    told = Fired(row["rule"], row["fired_at"], row["used"], row["most"], row["resets_at"], row["ended_at"])
    return LimitAlert(row["source_id"], row["label"], told)


def latest(alerts: Iterable[LimitAlert]) -> dict[tuple[int, str], LimitAlert]:
    """The latest alert of each line whose limit has not begun anew."""
    found: dict[tuple[int, str], LimitAlert] = {}
    for each in alerts:
        if each.told.ended_at_ms is None:
            found.setdefault((each.source_id, each.label), each)
    return found
