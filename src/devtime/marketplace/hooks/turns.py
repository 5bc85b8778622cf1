"""A turn: the hooks of one plugin and user that are due, called in order by whoever holds the lease."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.kernel.errors import Unavailable
from devtime.marketplace.active import ActivePlugin, find_active_by_id
from devtime.marketplace.hooks.beats import Backlog, Pending, fetch_backlog
from devtime.marketplace.hooks.leases import Lease, LeaseLost
from devtime.marketplace.hooks.logs import Line, lines_of
from devtime.marketplace.running import Runtime
from devtime.plugins.engine import Outcome
from devtime.plugins.kinds.lifecycle import Call, Ended, Shape, inspect_script
from devtime.store.database import Database

_LOG = logging.getLogger(__name__)
_MARGIN_S = 1.0
_OUTAGE_S = 5.0


class Rules(msgspec.Struct, frozen=True):
    """How hooks are called."""

    lease_s: float = 40.0
    """Longer than a call can take: 15 s, 1 s of grace, 10 s of waiting for a sandbox."""
    calls: int = 20
    """In one turn; also how many heartbeats may wait before they are told together."""
    turn_s: float = 10.0
    pause_s: float = 1.0
    """Between two turns of a plugin and user, at the least."""
    rest_share: float = 3.0
    """A plugin rests so many times as long as its turn took: none takes more than its part of a worker."""
    failures: int = 10
    """In a row: then the plugin is paused for this user."""
    attempts: int = 3
    """Of a call whose sandbox was lost, or that met an outage."""
    longest_rest_s: float = 60.0


class Stopping(Exception):
    """This process ends: what was under way is begun again elsewhere."""


async def take_turn(database: Database, runtime: Runtime, rules: Rules, user_id: UUID, plugin_id: UUID) -> bool:
    """Call the hooks that are due, if nobody else is at it; answers whether the plugin wrote into its log."""
    lease = await Lease.take(database, user_id, plugin_id, rules.lease_s)
    if lease is None:
        return False
    began_s = _now_s()
    turn = _Turn(database, runtime, rules, lease, user_id)
    rest_s = 0.0
    try:
        plugin = await find_active_by_id(database, user_id, plugin_id)
        if plugin is None:
            rest_s = rules.longest_rest_s
        else:
            await turn.run(plugin)
            rest_s = max(turn.rest_s, rules.pause_s, rules.rest_share * (_now_s() - began_s))
    except Unavailable as error:
        _LOG.warning("hooks of plugins wait: %s", error)
        rest_s = _OUTAGE_S
    except LeaseLost:
        _LOG.warning("a turn of plugin %s took longer than its lease", plugin_id)
    except Stopping:
        pass
    finally:
        await lease.release(rest_s)
    return turn.has_written


class _Turn:
    """One turn under a lease."""

    def __init__(self, database: Database, runtime: Runtime, rules: Rules, lease: Lease, user_id: UUID) -> None:
        self._database = database
        self._runtime = runtime
        self._rules = rules
        self._lease = lease
        self._user_id = user_id
        self.rest_s = 0.0
        self.has_written = False

    async def run(self, plugin: ActivePlugin) -> None:
        """Install, tick, heartbeats: until all is done, one failed, or the turn is over."""
        at = self._lease.standing
        if not await self._look(plugin):
            return
        if at.is_installing and not await self._call(plugin, Call(trigger="on_install")):
            return
        if at.is_tick_due and not await self._call(plugin, Call(trigger="on_tick")):
            return
        if at.hears:
            await self._tell(plugin)

    async def _look(self, plugin: ActivePlugin) -> bool:
        """See what the script has, if it is another than was last looked at."""
        digest = hashlib.sha256(plugin.script.encode("utf-8", "replace")).digest()
        if digest == self._lease.standing.script_digest and not self._lease.standing.is_look_due:
            return True
        shape = await inspect_script(self._runtime.pool, plugin.script, key=str(self._user_id))
        if isinstance(shape, Shape):
            await self._lease.note_shape(digest, shape)
            return True
        return await self._settle("script", self._ended(shape), [])

    async def _tell(self, plugin: ActivePlugin) -> None:
        at, rules = self._lease.standing, self._rules
        until_s = _now_s() + rules.turn_s
        backlog = await fetch_backlog(self._database, self._user_id, at.cursor, at.done, most=rules.calls)
        before = _told_together(backlog)
        for pending in backlog.pending:
            if pending.beat is None:
                _advance(self._lease, pending)
                await self._lease.settle("on_heartbeat", [], has_ticked=False, is_paused=False)
                continue
            call = Call(trigger="on_heartbeat", heartbeat_json=msgspec.json.encode(pending.beat))
            if not await self._call(plugin, call, pending, before) or _now_s() > until_s:
                return
            before = []

    async def _call(
        self, plugin: ActivePlugin, call: Call, pending: Pending | None = None, before: Sequence[Line] = ()
    ) -> bool:
        """Call a hook and settle what became of it; answers whether to go on."""
        await self._lease.renew()
        until_s = _now_s() + self._rules.lease_s - _MARGIN_S
        ended = self._ended(await self._runtime.run(plugin, self._user_id, call, until_s=until_s))
        return await self._settle(call.trigger, ended, before, pending)

    def _ended(self, ended: Ended | Outcome) -> Ended:
        whole = ended if isinstance(ended, Ended) else Ended(outcome=ended)
        if whole.outcome.kind == "crashed" and self._runtime.pool.is_closed:
            raise Stopping
        return whole

    async def _settle(self, trigger: str, ended: Ended, before: Sequence[Line], pending: Pending | None = None) -> bool:
        at, rules = self._lease.standing, self._rules
        lines = lines_of(ended, before)
        at.attempts = at.attempts + 1 if ended.is_lost else 0
        if 0 < at.attempts < rules.attempts:
            self.rest_s = min(rules.pause_s * 2**at.attempts, rules.longest_rest_s)
            return await self._commit(
                trigger, [*lines, ("warn", "that was no fault of the plugin; it is called again")]
            )
        at.attempts = 0
        is_bad = bool(ended.trouble)
        at.failures = at.failures + 1 if is_bad else 0
        at.trouble = f"{trigger}: {ended.trouble}"[:1_000] if is_bad else None
        if trigger == "on_install":
            at.is_installing = False
        if pending is not None:
            _advance(self._lease, pending)
        is_paused = at.failures >= rules.failures
        if is_paused:
            lines.append(("error", f"paused: it failed {at.failures} times in a row. Resume it once that is mended"))
        elif is_bad:
            self.rest_s = min(rules.pause_s * 2**at.failures, rules.longest_rest_s)
        await self._commit(trigger, lines, is_paused=is_paused)
        return not is_bad

    async def _commit(self, trigger: str, lines: Sequence[Line], *, is_paused: bool = False) -> bool:
        has_ticked = trigger == "on_tick"
        await self._lease.settle(trigger, lines, has_ticked=has_ticked, is_paused=is_paused)
        self.has_written = self.has_written or bool(lines)
        return False


def _advance(lease: Lease, pending: Pending) -> None:
    if pending.after is not None:
        lease.standing.cursor, lease.standing.done = pending.after


def _told_together(backlog: Backlog) -> list[Line]:
    if not backlog.coalesced:
        return []
    told = sum(pending.beat is not None for pending in backlog.pending)
    return [("warn", f"{backlog.coalesced} heartbeats waited: told as {told}, the newest of each project with a count")]


def _now_s() -> float:
    return asyncio.get_running_loop().time()
