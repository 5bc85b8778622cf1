"""What each source told last: a plugin, as one of its accounts, on a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.digests import digest64
from devtime.kernel.errors import NotFound
from devtime.plugins.kinds.probe.lines import Line, Progress
from devtime.store.database import Connection, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.limits")


class Link(msgspec.Struct, frozen=True):
    """Where a provider shows more."""

    label: str
    url: str


class Source(msgspec.Struct, frozen=True):
    """Who tells: a plugin, as one of its instances (an account; often of the plugin's own name), on a machine."""

    machine: str
    plugin: str
    instance: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt of a source to tell its limits, at `at_ms`. With an `error`, `lines` are those of the attempt at
    `fetched_at_ms`, if there was one that went well.

    `overview` are the labels that belong on a small screen; `next_at_ms` is when the machine asks again.
    """

    source: Source
    at_ms: int
    display_name: str
    plan: str | None = None
    lines: tuple[Line, ...] = ()
    error: str | None = None
    fetched_at_ms: int | None = None
    overview: tuple[str, ...] = ()
    icon: str | None = None
    brand_color: str | None = None
    links: tuple[Link, ...] = ()
    next_at_ms: int | None = None


class StoredSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source as it is known: `lines` are of the last attempt that went well, at `fetched_at_ms` (None: none did);
    `error` is why the latest, at `checked_at_ms`, failed (None: it went well).
    """

    id: int
    source: Source
    display_name: str
    plan: str | None
    icon: str | None
    brand_color: str | None
    overview: tuple[str, ...]
    links: tuple[Link, ...]
    lines: tuple[Line, ...]
    fetched_at_ms: int | None
    checked_at_ms: int
    error: str | None
    next_at_ms: int | None

    @property
    def progress(self) -> tuple[Progress, ...]:
        """The lines that have a limit; of two with one label the first counts."""
        lines: dict[str, Progress] = {}
        for line in self.lines:
            if isinstance(line, Progress):
                lines.setdefault(line.label, line)
        return tuple(lines.values())


def source_id(source: Source) -> int:
    """What a source is stored under."""
    return digest64(b"limit source", (source.machine, source.plugin, source.instance))


async def put_sources(connection: Connection, user_id: UUID, snapshots: Sequence[Told]) -> set[int]:
    """Keep the newest of each source's snapshots; answers the ids of those of which these told something newer."""
    newest: dict[int, Told] = {}
    for each in sorted(snapshots, key=lambda each: (each.at_ms, each.error is None)):
        number = source_id(each.source)
        known = newest.get(number)
        # What failed after what went well: its error, and the lines it could not renew.
        newest[number] = each if each.error is None or known is None else _after(known, each)
    renewed: set[int] = set()
    for number, each in sorted(newest.items()):
        if await connection.fetchval(_QUERIES["put_source"], user_id, *_row(number, each)) is not None:
            renewed.add(number)
    return renewed


async def fetch_sources(database: Executor, user_id: UUID) -> list[StoredSource]:
    """All sources of a user, in order of what they are called."""
    return [_from_row(row) for row in await database.fetch(_QUERIES["fetch_sources"], user_id)]


async def has_sources(database: Executor, user_id: UUID) -> bool:
    """Whether a machine of the user ever told limits."""
    return bool(await database.fetchval(_QUERIES["has_sources"], user_id))


async def remove_source(connection: Connection, user_id: UUID, number: int) -> None:
    """Forget a source and its past; a machine that still asks makes it anew. NotFound for one that is unknown."""
    tag = await connection.execute(_QUERIES["remove_source"], user_id, number)
    if tag.endswith(" 0"):
        raise NotFound("no machine tells these limits")
    await connection.execute(_QUERIES["remove_history"], user_id, number)


def _after(good: Told, failed: Told) -> Told:
    return msgspec.structs.replace(
        failed, lines=good.lines, plan=good.plan, fetched_at_ms=good.fetched_at_ms if good.error else good.at_ms
    )


def _row(number: int, each: Told) -> tuple[Any, ...]:
    fetched_at_ms = each.at_ms if each.error is None else each.fetched_at_ms
    return (
        number,
        each.source.machine,
        each.source.plugin,
        each.source.instance,
        each.display_name,
        each.plan,
        each.icon,
        each.brand_color,
        list(each.overview),
        msgspec.to_builtins(each.links),
        msgspec.to_builtins(each.lines),
        fetched_at_ms,
        each.at_ms,
        each.error,
        each.next_at_ms,
    )


def _from_row(row: Row) -> StoredSource:
    return StoredSource(
        id=row["id"],
        source=Source(row["machine"], row["plugin"], row["instance"]),
        display_name=row["display_name"],
        plan=row["plan"],
        icon=row["icon"],
        brand_color=row["brand_color"],
        overview=tuple(row["overview"]),
        links=msgspec.convert(row["links"], tuple[Link, ...]),
        lines=msgspec.convert(row["lines"], tuple[Line, ...]),
        fetched_at_ms=row["fetched_at"],
        checked_at_ms=row["checked_at"],
        error=row["error"],
        next_at_ms=row["next_at"],
    )
