"""A stage for plugins: the real sandbox on a throw-away PostgreSQL, gone when it is left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from devtime.accounts.users import create_user
from devtime.activity.ingest import Ingest
from devtime.kernel.clock import now_ms
from devtime.kernel.ids import new_uuid
from devtime.kernel.settings import Settings
from devtime.plugins.engine import HostCalls, HostError
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.lifecycle import Beat, Call, Ended, Person, run_call
from devtime.plugins.kinds.lifecycle.host import LifecycleHost, Statement
from devtime.plugins.kit.trial import Told
from devtime.running.store import choose_programs
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.store.embedded import start
from devtime.store.migrate import migrate
from devtime.store.plugin_access import find_access
from devtime.store.plugin_kv_table import TableKv
from devtime.store.plugin_sql import PluginSql
from devtime.store.roles import PLUGIN_ROLE
from devtime.wire import codetrackr
from devtime.wire.origin import Origin

_MOST_MINUTES = 10 * 366 * 24 * 60


class Trial:
    """Plays one script for one fresh user at a time."""

    def __init__(self, pool: Pool, database: Database, sql: PluginSql) -> None:
        self.pool = pool
        self.statements: list[Statement] = []
        self._database = database
        self._sql = sql
        self._kv = TableKv(database)
        self._script = ""
        self._person = Person(user_id=UUID(int=0), plugin="")

    def play(self, name: str, version: str, script: str) -> None:
        """Play this script from now on; `script` is JavaScript."""
        self._script = script
        self._person = Person(
            user_id=self._person.user_id, plugin=name, version=version, base_url="http://127.0.0.1:8765"
        )

    async def begin(self) -> str:
        """Make a fresh user: the id."""
        user_id = new_uuid()
        async with self._database.transaction() as connection:
            user = await create_user(connection, f"trial-{user_id.hex[:12]}")
        self._person = msgspec.structs.replace(self._person, user_id=user.id)
        return str(user.id)

    async def record(self, beats: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Record them through ingest, as an editor's would be."""
        now = now_ms()
        items = [_dated(beat, now) for beat in beats]
        read = [codetrackr.read(item, Origin("", "", now)) for item in items]
        ingest = Ingest(self._database)
        await ingest.record(self._person.user_id, read)
        await ingest.drain()
        return [
            msgspec.to_builtins(
                Beat(
                    project=each.project,
                    language=each.language,
                    file=each.file,
                    editor=each.editor,
                    branch=each.branch,
                    os=each.os,
                    machine=each.machine,
                    duration=(each.duration_ms or 0) / 1_000,
                    time=each.time_ms / 1_000,
                    is_write=each.is_write,
                    activity_type=each.activity_type,
                )
            )
            for each in read
        ]

    async def run(self, trigger: str, heartbeat_json: bytes = b"null", body_json: bytes = b"{}") -> Ended:
        """Call the script, whatever comes of it; what it asks of the database is in `statements`."""
        self.statements.clear()
        call = Call(trigger=trigger, heartbeat_json=heartbeat_json, body_json=body_json)
        return await run_call(
            self.pool, self._script, self._person, call, sql=self._sql, kv=self._kv, watch=self.statements.append
        )

    async def call(self, trigger: str, heartbeat_json: bytes, body_json: bytes) -> Told:
        """Call it for a test; HostError when that failed."""
        ended = await self.run(trigger, heartbeat_json, body_json)
        if not ended.is_found:
            raise HostError("missing", f"the plugin has no {trigger.removeprefix('rpc:')}")
        if not ended.is_ok:
            raise HostError("failed", ended.trouble)
        outcome = ended.outcome
        return Told(msgspec.Raw(ended.value_json.encode()), outcome.logs, outcome.duration_ms, outcome.memory_bytes)

    def host(self) -> HostCalls:
        """The rows and keys of the plugin and the user it plays for."""
        return LifecycleHost(self._person.user_id, self._person.plugin, self._sql, self._kv)


@asynccontextmanager
async def open_trial(settings: Settings) -> AsyncGenerator[Trial]:
    """A stage with a database of its own; the engine's compiled form is kept in the home folder."""
    choose_programs(settings)
    home = Path(tempfile.mkdtemp(prefix="devtime-trial-"))
    try:
        with start(home) as postgres:
            await migrate(postgres.address.dsn())
            login = postgres.address.with_role(PLUGIN_ROLE, postgres.plugin_password)
            async with open_trial_on(postgres.address, login, engine_folder(settings)) as trial:
                yield trial
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def open_trial_on(address: Address, login: Address | None, engine: Path) -> AsyncGenerator[Trial]:
    """A stage on a migrated database that nobody else uses."""
    pool = Pool(engine, workers=2)
    database = await Database.open(address.dsn(), largest=4)
    try:
        sql = PluginSql(await find_access(address, login))
        try:
            yield Trial(pool, database, sql)
        finally:
            await sql.close()
    finally:
        await database.close()
        await pool.close()


def engine_folder(settings: Settings) -> Path:
    """Where the engine's compiled form is kept between commands."""
    return settings.home / "engine"


def _dated(beat: dict[str, Any], now: int) -> dict[str, Any]:
    """With a time, `minutes_ago` before now, and with a project."""
    item = {"project": "project", **beat}
    minutes = item.pop("minutes_ago", 0)
    if not isinstance(minutes, (int, float)) or not 0 <= minutes <= _MOST_MINUTES:
        minutes = 0
    item.setdefault("time", (now - int(minutes * 60_000)) / 1_000)
    return item
