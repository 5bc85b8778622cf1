"""What users choose about their time and data: timeout, privacy, exclusions, retention. Checked, stored, applied."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Literal, get_args
from uuid import UUID

import msgspec

from devtime.activity.deleting import delete_excluded
from devtime.activity.patterns import is_costly
from devtime.activity.privacy import excludes_file, excludes_project
from devtime.activity.settings import lock_user
from devtime.activity.veiling import veil_stored
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.errors import Invalid
from devtime.store.database import Connection, Row
from devtime.store.sqlfile import load

_DELETING = load("devtime.activity", "deleting.sql")

Veil = Literal["keep", "hash", "drop"]
VEILS: tuple[Veil, ...] = get_args(Veil)

LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS = MINUTE_MS, 120 * MINUTE_MS
MOST_RETENTION_DAYS = 36_500
_MOST_PATTERNS = 200
_LONGEST_PATTERN = 256
_MOST_COSTLY = 500
"""Characters of all patterns with `?` or `[…]`: each is compared with each character of each path."""


class PrivacyChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of paths and branches, and the patterns (`*`, `?`, `[…]`) of what is not kept at all."""

    file_privacy: str = "keep"
    branch_privacy: str = "keep"
    exclude_projects: tuple[str, ...] = ()
    exclude_file_patterns: tuple[str, ...] = ()


class Applied(msgspec.Struct, frozen=True):
    """What a choice did to what was stored: heartbeats deleted, paths and contexts rewritten."""

    deleted: int = 0
    rewritten: int = 0


async def choose_timeout(connection: Connection, user_id: UUID, timeout_ms: int) -> None:
    """Want another timeout; totals follow once `rebuild_activity` has counted the user's time anew."""
    check_timeout(timeout_ms)
    await lock_user(connection, user_id)
    await connection.execute(_DELETING["want_timeout"], user_id, timeout_ms)


async def choose_retention(connection: Connection, user_id: UUID, days: int | None) -> None:
    """Keep heartbeats for so many days (None: for good); `enforce_retention` deletes what is older."""
    check_retention(days)
    await lock_user(connection, user_id)
    await connection.execute(_DELETING["choose_retention"], user_id, days)


async def choose_privacy(
    connection: Connection, user_id: UUID, choice: PrivacyChoice, *, apply_to_past: bool
) -> Applied:
    """Keep new heartbeats as chosen; with `apply_to_past`, those stored already too, which nothing undoes."""
    choice = check_privacy(choice)
    projects, files = choice.exclude_projects, choice.exclude_file_patterns
    await lock_user(connection, user_id)
    chosen = (choice.file_privacy, choice.branch_privacy, list(projects), list(files))
    await connection.execute(_DELETING["choose_privacy"], user_id, *chosen)
    if not apply_to_past:
        return Applied()
    deleted = await _exclude_stored(connection, user_id, projects, files)
    return Applied(deleted, await veil_stored(connection, user_id))


def check_timeout(timeout_ms: int) -> int:
    """The timeout; Invalid when it is out of bounds."""
    if not LEAST_TIMEOUT_MS <= timeout_ms <= MOST_TIMEOUT_MS:
        raise Invalid("timeout", "lies between 1 and 120 minutes")
    return timeout_ms


def check_retention(days: int | None) -> int | None:
    """The days; Invalid when they are out of bounds."""
    if days is not None and not 1 <= days <= MOST_RETENTION_DAYS:
        raise Invalid("retention_days", f"is a number of days from 1 to {MOST_RETENTION_DAYS}")
    return days


def check_privacy(choice: PrivacyChoice) -> PrivacyChoice:
    """The choice with its patterns tidied; Invalid names what of it cannot be."""
    for field, veil in (("file_privacy", choice.file_privacy), ("branch_privacy", choice.branch_privacy)):
        if veil not in VEILS:
            raise Invalid(field, f"is one of {', '.join(VEILS)}")
    return msgspec.structs.replace(
        choice,
        exclude_projects=tuple(read_patterns("exclude_projects", choice.exclude_projects)),
        exclude_file_patterns=tuple(read_patterns("exclude_file_patterns", choice.exclude_file_patterns)),
    )


def read_patterns(field: str, patterns: Iterable[str]) -> list[str]:
    """The patterns, trimmed, each once; Invalid for too many, or one that is too long or cannot be stored."""
    kept = list(dict.fromkeys(pattern.strip() for pattern in patterns if pattern.strip()))
    if len(kept) > _MOST_PATTERNS:
        raise Invalid(field, f"holds more than {_MOST_PATTERNS} patterns")
    for pattern in kept:
        if len(pattern) > _LONGEST_PATTERN:
            raise Invalid(field, f"holds a pattern of more than {_LONGEST_PATTERN} characters")
        if not pattern.isprintable():
            raise Invalid(field, "holds a pattern with control characters")
    if sum(len(pattern) for pattern in kept if is_costly(pattern)) > _MOST_COSTLY:
        raise Invalid(field, f"holds more than {_MOST_COSTLY} characters in patterns with ? or […]")
    return kept


async def _exclude_stored(
    connection: Connection, user_id: UUID, projects: tuple[str, ...], files: tuple[str, ...]
) -> int:
    if not projects and not files:
        return 0
    contexts = await connection.fetch(_DELETING["fetch_projects"], user_id)
    paths = await connection.fetch(_DELETING["fetch_files"], user_id)
    return await delete_excluded(
        connection,
        user_id,
        await asyncio.to_thread(_pick, contexts, excludes_project, projects),
        await asyncio.to_thread(_pick, paths, excludes_file, files),
    )


def _pick(rows: list[Row], is_excluded: Callable[[str, tuple[str, ...]], bool], patterns: tuple[str, ...]) -> list[int]:
    """The numbers of the rows whose name is excluded; in a thread, for there may be very many."""
    return [number for number, name in rows if is_excluded(name, patterns)]
