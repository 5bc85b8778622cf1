"""Runs instances of probes and keeps their last good answers, shown with their age until there are new ones."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from devtime.home.config import read_document
from devtime.home.zone import system_zone
from devtime.kernel.errors import NotFound
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.manifest import ProbePlugin, load_probe
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.plugins.kinds.probe.run import AT_ONCE, probe
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import Surroundings, surroundings_here
from devtime.plugins.kinds.probe.touches import Touch
from devtime.probes.book import Attempt, ProbeBook
from devtime.probes.days import LedgerDays
from devtime.probes.finding import Found, find_probes
from devtime.probes.instances import Instance, ProbeSettings, read_probe_settings
from devtime.probes.trust import all_but_writing, expand
from devtime.readers.surroundings import Surroundings as LogSurroundings

COOL_DOWN_MS = 5 * 60_000
"""After a good answer a probe is not asked again by hand for so long."""
_UNASKED = "mock"


class State(msgspec.Struct, frozen=True):
    """How an instance stands.

    `snapshot` is the last good answer, or a bad one where there never was a good one; None before the first run.
    `failure` is a bad answer that came after it. `is_trusted` is False while nobody granted the plugin anything.
    `is_new` tells that it ran just now; `refused` is what it asked for then and was not granted.
    """

    instance: Instance
    plugin: ProbePlugin
    snapshot: Snapshot | None = None
    failure: Snapshot | None = None
    tried_at_ms: int = 0
    wait_until_ms: int = 0
    is_trusted: bool = True
    is_new: bool = False
    refused: tuple[Touch, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.instance.name or self.plugin.name


class Prober:
    """The probes of one DevTime home. `pool` is made at the first need and closed with `close`."""

    def __init__(
        self,
        home: Path,
        *,
        environment: Mapping[str, str] = os.environ,
        user_home: Path | None = None,
        rewrites: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        document = read_document(home)
        self.settings: ProbeSettings = read_probe_settings(document)
        logs = LogSurroundings((user_home or Path.home()).absolute(), environment, sys.platform)
        self.days = LedgerDays(home, logs, system_zone())
        self.surroundings: Surroundings = surroundings_here(
            home,
            environment=environment,
            usage=self.days,
            home=user_home,
            rewrites=rewrites,
        )
        if self.settings.proxy:
            self.surroundings = msgspec.structs.replace(self.surroundings, proxy=self.settings.proxy)
        self.book = ProbeBook(home)
        self.found: Found = find_probes(home, [Path(folder).expanduser() for folder in self.settings.folders])
        self._pool: Pool | None = None

    @property
    def pool(self) -> Pool:
        """Its sandbox workers."""
        if self._pool is None:
            self._pool = Pool(self.home / "engine", workers=AT_ONCE, share=AT_ONCE, queue_s=120)
        return self._pool

    async def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            await self._pool.close()

    # --- What there is ----------------------------------------------------------------------------------------------

    def instances(self) -> list[Instance]:
        """Every instance whose plugin is there, in order."""
        return [
            one for one in self.settings.instance_list(list(self.found.plugins)) if one.plugin_id in self.found.plugins
        ]

    def enabled(self) -> list[Instance]:
        """Those that run unasked."""
        named = {*self.settings.instances, *self.settings.order}
        return [
            one
            for one in self.instances()
            if one.id not in self.settings.disabled and (one.id != _UNASKED or one.id in named)
        ]

    def find(self, name: str) -> tuple[Instance, ProbePlugin]:
        """The instance of that id, or the plugin in the folder of that path; NotFound says what there is."""
        if os.sep in name or name in (".", ".."):
            plugin = load_probe(Path(name).expanduser().absolute())
            return Instance(plugin.id, plugin.id), plugin
        for one in self.instances():
            if one.id == name:
                return one, self.found.plugins[one.plugin_id]
        known = ", ".join(one.id for one in self.instances()) or "none"
        raise NotFound(f"There is no probe {name[:64]!r}. There are: {known}. `devtime probe list` tells more.")

    def pairs(self, instances: Iterable[Instance]) -> list[tuple[Instance, ProbePlugin]]:
        """With their plugins."""
        return [(one, self.found.plugins[one.plugin_id]) for one in instances]

    # --- What they may ----------------------------------------------------------------------------------------------

    def granted(self, plugin: ProbePlugin) -> Permissions | None:
        """What it may touch, paths with `~`; None while nobody was asked."""
        if plugin.is_first_party:
            return all_but_writing(plugin)
        return self.book.find_grant(plugin.id, plugin.digest)

    # --- Asking -----------------------------------------------------------------------------------------------------

    def state(self, instance: Instance, plugin: ProbePlugin) -> State:
        """As it is remembered."""
        answer, attempt = self.book.find_answer(instance.id), self.book.find_attempt(instance.id)
        snapshot = answer[0] if answer else None
        failure = attempt.failure if attempt else None
        if snapshot is None:
            snapshot, failure = failure, None
        return State(
            instance,
            plugin,
            snapshot,
            failure,
            attempt.at_ms if attempt else 0,
            attempt.wait_until_ms if attempt else 0,
            is_trusted=self.granted(plugin) is not None,
        )

    async def ask(
        self,
        pairs: Iterable[tuple[Instance, ProbePlugin]],
        *,
        is_fresh: bool = False,
        is_granted: bool = False,
        cool_down_ms: int = COOL_DOWN_MS,
    ) -> list[State]:
        """Run those whose time has come, all with `is_fresh`. `is_granted` grants what is asked, once."""
        once = {one.id: (one, plugin) for one, plugin in pairs}
        return await asyncio.gather(
            *(self._ask(one, plugin, is_fresh, is_granted, cool_down_ms) for one, plugin in once.values())
        )

    async def _ask(
        self, instance: Instance, plugin: ProbePlugin, is_fresh: bool, is_granted: bool, cool_down_ms: int
    ) -> State:
        permissions = all_but_writing(plugin) if is_granted else self.granted(plugin)
        if permissions is None:
            return msgspec.structs.replace(self.state(instance, plugin), is_trusted=False)
        setting = self._setting(instance, plugin)
        attempt = self.book.find_attempt(instance.id)
        now_ms = self.surroundings.now_ns() // 1_000_000
        if (
            not is_fresh
            and attempt is not None
            and attempt.setting == setting
            and _is_early(attempt, now_ms, cool_down_ms)
        ):
            return self.state(instance, plugin)
        surroundings = instance.inside(self.surroundings)
        if instance.is_other:
            days = self.days.of_account(surroundings.home, surroundings.environment)
            surroundings = msgspec.structs.replace(surroundings, usage=days)
        allowed = expand(permissions, surroundings.home)
        snapshot = await probe(plugin, surroundings, self.pool, instance=instance.id, permissions=allowed)
        if instance.name:
            snapshot = msgspec.structs.replace(snapshot, name=instance.name)
        self.book.record(snapshot, setting, now_ms)
        state = self.state(instance, plugin)
        refused = tuple(touch for touch in snapshot.touches if touch.is_refused)
        return msgspec.structs.replace(state, is_new=True, is_trusted=True, refused=refused)

    def _setting(self, instance: Instance, plugin: ProbePlugin) -> str:
        """What an answer depends on besides the world."""
        surroundings = self.surroundings
        parts = [plugin.digest, instance.plugin_id, instance.home, str(surroundings.home)]
        parts += [f"{name}={value}" for name, value in sorted(instance.environment.items())]
        parts += [f"{name}={value}" for name, value in sorted(surroundings.rewrites.items())]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _is_early(attempt: Attempt, now_ms: int, cool_down_ms: int) -> bool:
    if now_ms < attempt.wait_until_ms:
        return True
    return attempt.failure is None and 0 <= now_ms - attempt.at_ms < cool_down_ms
