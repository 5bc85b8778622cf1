"""One process's claim to a plugin and user for some seconds, and what it settles under it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.kernel.digests import digest64
from devtime.kernel.ids import new_uuid
from devtime.marketplace.hooks.logs import Line
from devtime.plugins.kinds.lifecycle import Shape
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace.hooks", "queue.sql")


class Standing(msgspec.Struct, kw_only=True):
    """Where a plugin and user stand. All events up to `cursor` were told, and `done` heartbeats of the next."""

    script_digest: bytes | None
    is_installing: bool
    hears: bool
    cursor: int
    done: int
    attempts: int
    failures: int
    is_tick_due: bool
    is_look_due: bool
    leased_ms: int
    trouble: str | None = None


class LeaseLost(Exception):
    """Somebody else may be at it by now: nothing more may be done."""


class Lease:
    """The claim. Every call here renews it."""

    def __init__(self, database: Database, user_id: UUID, plugin_id: UUID, lease_s: float, standing: Standing) -> None:
        self._database = database
        self._key = (user_id, plugin_id)
        self._token = new_uuid()
        self._lease_s = lease_s
        self._tick_second = digest64(b"tick", (str(user_id), str(plugin_id))) % 60_000 / 1_000
        self.standing = standing

    @classmethod
    async def take(cls, database: Database, user_id: UUID, plugin_id: UUID, lease_s: float) -> Lease | None:
        """Claim; None when somebody else has, or there is nothing to be claimed."""
        lease = cls(database, user_id, plugin_id, lease_s, _NOWHERE)
        row = await database.fetchrow(_QUERIES["lease_run"], user_id, plugin_id, lease._token, lease_s)
        if row is None:
            return None
        lease.standing = Standing(
            script_digest=row["script_digest"],
            is_installing=row["is_installing"],
            hears=row["hears"],
            cursor=row["cursor"],
            done=row["done"],
            attempts=row["attempts"],
            failures=row["failures"],
            is_tick_due=row["is_tick_due"],
            is_look_due=row["is_look_due"],
            leased_ms=row["leased_at"],
        )
        return lease

    async def renew(self) -> None:
        """Hold on; LeaseLost when that is too late."""
        await self._ask("renew_lease", self._lease_s)

    async def note_shape(self, digest: bytes, shape: Shape) -> None:
        """Remember what the script has."""
        has = [name in shape.hooks for name in ("on_install", "on_heartbeat", "on_tick")]
        await self._ask("note_shape", digest, *has, self._tick_second, self.standing.leased_ms)
        self.standing.script_digest = digest
        self.standing.is_installing = self.standing.is_installing and has[0]
        self.standing.hears = has[1]
        self.standing.is_tick_due = self.standing.is_tick_due and has[2]

    async def settle(self, trigger: str, lines: Sequence[Line], *, has_ticked: bool, is_paused: bool) -> None:
        """Commit the standing together with what the call wrote."""
        at = self.standing
        await self._ask(
            "settle_call",
            at.is_installing,
            at.cursor,
            at.done,
            at.attempts,
            at.failures,
            at.trouble,
            is_paused,
            has_ticked,
            self._tick_second,
            trigger[:80],
            len(lines),
            lines,
            self._lease_s,
        )

    async def release(self, rest_s: float) -> None:
        """Let go; nobody takes it within so many seconds."""
        await self._database.execute(_QUERIES["release_run"], *self._key, self._token, rest_s)

    async def _ask(self, query: str, *values: object) -> None:
        if not await self._database.fetchval(_QUERIES[query], *self._key, self._token, *values):
            raise LeaseLost


_NOWHERE = Standing(
    script_digest=None,
    is_installing=False,
    hears=False,
    cursor=0,
    done=0,
    attempts=0,
    failures=0,
    is_tick_due=False,
    is_look_due=True,
    leased_ms=0,
)
