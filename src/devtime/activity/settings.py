"""How one user's time is counted and what of a heartbeat is kept. The row is also the lock that orders their writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.errors import NotFound
from devtime.store.database import Connection, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.activity")


class ActivitySettings(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `activity_settings`; `file_privacy` and `branch_privacy` are `keep`, `hash` or `drop`."""

    timeout_ms: int
    wanted_timeout_ms: int
    file_privacy: str
    branch_privacy: str
    privacy_salt: bytes
    exclude_projects: tuple[str, ...]
    exclude_file_patterns: tuple[str, ...]
    retention_days: int | None
    epoch: int
    revision: int

    @property
    def keeps_everything(self) -> bool:
        """True when no privacy rule touches a heartbeat."""
        return (
            self.file_privacy == self.branch_privacy == "keep"
            and not self.exclude_projects
            and not self.exclude_file_patterns
        )


def settings_from_row(row: Row) -> ActivitySettings:
    """The struct of a row of `activity_settings`."""
    return ActivitySettings(
        timeout_ms=row["timeout_ms"],
        wanted_timeout_ms=row["wanted_timeout_ms"],
        file_privacy=row["file_privacy"],
        branch_privacy=row["branch_privacy"],
        privacy_salt=row["privacy_salt"],
        exclude_projects=tuple(row["exclude_projects"]),
        exclude_file_patterns=tuple(row["exclude_file_patterns"]),
        retention_days=row["retention_days"],
        epoch=row["epoch"],
        revision=row["revision"],
    )


def settings_from_json(told: Mapping[str, Any]) -> ActivitySettings:
    """The struct of a row that was told as JSON."""
    salt = bytes.fromhex(told["privacy_salt"].removeprefix("\\x"))
    return msgspec.convert({**told, "privacy_salt": salt}, ActivitySettings)


async def fetch_settings(store: Executor, user_id: UUID) -> ActivitySettings:
    """The user's settings; NotFound when the account is gone."""
    return await _fetch(store, "fetch_settings", user_id)


async def lock_user(connection: Connection, user_id: UUID) -> ActivitySettings:
    """Hold the user's writes until the transaction ends, and answer the settings as they are then.

    Whoever computed something from what was there before this transaction will have to do it again.
    """
    return await _fetch(connection, "lock_user", user_id)


async def _fetch(store: Executor, query: str, user_id: UUID) -> ActivitySettings:
    row = await store.fetchrow(_QUERIES[query], user_id)
    if row is None:
        raise NotFound("this account no longer exists")
    return settings_from_row(row)
