"""The past of progress lines: stretches between two instants, both seen, in which a line said the same.

Readings may come in any order and any number of times.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.limits.sources import Told, source_id
from devtime.plugins.kinds.probe.lines import Progress
from devtime.plugins.kinds.probe.pace import resets_at_ms
from devtime.store.database import Connection, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.limits")

KEPT_MS = 400 * 24 * HOUR_MS
"""History older than this is forgotten."""

_BRIDGED_MS = 6 * HOUR_MS
"""Two equal readings of a line that tells no reset are one stretch if no more than this lies between them."""


class Stretch(msgspec.Struct, frozen=True):
    """What a line said from `since_ms` to `until_ms`, both included."""

    since_ms: int
    until_ms: int
    used: float
    most: float
    resets_at_ms: int | None = None

    def says_what(self, other: Stretch) -> bool:
        """Whether the other says the same, so that nothing happened between them. Clocks of providers tremble."""
        if (self.used, self.most) != (other.used, other.most):
            return False
        if self.resets_at_ms is None or other.resets_at_ms is None:
            gap_ms = max(self.since_ms, other.since_ms) - min(self.until_ms, other.until_ms)
            return self.resets_at_ms == other.resets_at_ms and gap_ms <= _BRIDGED_MS
        return abs(self.resets_at_ms - other.resets_at_ms) < MINUTE_MS


class LineHistory(msgspec.Struct, frozen=True):
    """The stretches of one line, oldest first."""

    source_id: int
    label: str
    stretches: tuple[Stretch, ...]


def readings(told: Told) -> Iterable[tuple[Progress, Stretch]]:
    """What a source told of each progress line; of two with one label the first counts."""
    if told.error is not None:
        return
    seen: set[str] = set()
    for line in told.lines:
        if isinstance(line, Progress) and line.label not in seen:
            seen.add(line.label)
            yield line, Stretch(told.at_ms, told.at_ms, line.used, line.limit, resets_at_ms(line))


async def add_readings(connection: Connection, user_id: UUID, told: Told) -> None:
    """Put what a source told into the past of its lines. The caller holds the user's lock."""
    number = source_id(told.source)
    for line, reading in readings(told):
        await _add(connection, user_id, number, line.label, reading)


async def _add(connection: Connection, user_id: UUID, number: int, label: str, new: Stretch) -> None:
    rows = await connection.fetch(_QUERIES["fetch_neighbours"], user_id, number, label, new.since_ms)
    found = [_stretch(row) for row in rows]
    before = next((each for each in found if each.since_ms <= new.since_ms), None)
    after = next((each for each in found if each.since_ms > new.since_ms), None)
    if before is not None and before.until_ms >= new.since_ms:
        return
    since_ms, until_ms = new.since_ms, new.until_ms
    if before is not None and before.says_what(new):
        since_ms = before.since_ms
    if after is not None and after.says_what(new):
        await connection.execute(_QUERIES["remove_stretch"], user_id, number, label, after.since_ms)
        until_ms = after.until_ms
    await connection.execute(
        _QUERIES["put_stretch"], user_id, number, label, since_ms, until_ms, new.used, new.most, new.resets_at_ms
    )


async def load_stretches(connection: Connection, user_id: UUID, number: int, label: str, past: list[Stretch]) -> None:
    """Write a whole past at once, where there is none yet."""
    if past:
        rows = [(number, label, *msgspec.structs.astuple(each)) for each in past]
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(_QUERIES["put_stretches"], user_id, *columns)


async def fetch_history(
    database: Executor, user_id: UUID, start_ms: int, end_ms: int, number: int | None = None
) -> list[LineHistory]:
    """The past of all lines, or one source's, as far as it touches `[start_ms, end_ms)`."""
    lines: dict[tuple[int, str], list[Stretch]] = {}
    for row in await database.fetch(_QUERIES["fetch_history"], user_id, start_ms, end_ms, number):
        lines.setdefault((row["source_id"], row["label"]), []).append(_stretch(row))
    return [LineHistory(source, label, tuple(past)) for (source, label), past in lines.items()]


async def forget_history(database: Executor, now_ms: int) -> int:
    """Delete what is older than it is kept; answers how many stretches went."""
    tag = await database.execute(_QUERIES["forget_history"], now_ms - KEPT_MS)
    return int(tag.rsplit(" ", 1)[-1])


def _stretch(row: Row) -> Stretch:
    return Stretch(row["since"], row["until"], row["used"], row["most"], row["resets_at"])
