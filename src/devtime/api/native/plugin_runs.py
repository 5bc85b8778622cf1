"""`/api/plugins/…`: trying code, how the own plugins' hooks stand, their log, and resuming one that was paused."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter

from devtime.api.documents import USUAL, problems
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import NotFound
from devtime.marketplace.hooks.logs import fetch_log
from devtime.marketplace.hooks.queue import resume
from devtime.marketplace.hooks.standings import RunStanding, find_run, list_runs
from devtime.plugins.kinds.lifecycle import Beat
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.plugins import Tried
from devtime.wire.plugin_runs import (
    PluginLine,
    PluginLog,
    PluginRun,
    PluginRuns,
    RunFailure,
    RunLine,
    RunStatement,
    StudioRan,
    StudioRun,
)

_MOST_BYTES = 768 << 10


@post(
    "/plugins/run",
    status_code=200,
    request_max_body_size=_MOST_BYTES,
    guards=[requires("full")],
    responses=problems(*USUAL, 413, 429),
    tags=["Plugins"],
    summary="Try code",
)
async def try_plugin(
    data: JSONBody[StudioRun], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> StudioRan:
    """Runs code in the sandbox on the own data, and tells all it did. A dry run, which is the default, keeps nothing:
    each statement is rolled back by itself, keys last until the run ends.
    """
    parts.limits.take_rpc(identity.user_id)
    tried = await parts.plugins.run_studio(
        identity.user_id,
        data.code,
        data.trigger,
        name=data.name or "studio",
        heartbeat=None if data.heartbeat is None else Beat(**msgspec.structs.asdict(data.heartbeat)),
        body_json=b"{}" if data.rpc_body is None else msgspec.json.encode(data.rpc_body),
        settings=data.settings,
        is_dry=data.is_dry,
    )
    return _tell(tried)


@get("/plugins/runs", guards=[requires("read")], responses=problems(*USUAL), tags=["Plugins"], summary="Hooks")
async def get_plugin_runs(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> PluginRuns:
    """How the hooks of each installed plugin stand."""
    return PluginRuns([_standing(run) for run in await list_runs(parts.database, identity.user_id)])


@get(
    "/plugins/{name:str}/logs",
    guards=[requires("read")],
    responses=problems(*USUAL, 404),
    tags=["Plugins"],
    summary="The log of a plugin",
)
async def get_plugin_log(
    name: FromPath[str],
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    before: Annotated[int | None, Parameter(description="Lines before the one of this number.")] = None,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
) -> PluginLog:
    """What the plugin wrote while it ran for whoever asks. The newest 500 lines are kept."""
    run = await _find(parts, identity, name)
    lines = await fetch_log(parts.database, identity.user_id, run.plugin_id, before=before, limit=limit)
    oldest = max(1, run.lines - 499)
    return PluginLog(
        plugin=name,
        lines=[
            PluginLine(
                number=line.number,
                at=to_rfc3339(line.at_ms),
                trigger=line.trigger,
                level=line.level,
                text=line.text,
            )
            for line in lines
        ],
        before=lines[0].number if lines and lines[0].number > oldest else None,
    )


@post(
    "/plugins/{name:str}/resume",
    status_code=200,
    guards=[requires("full")],
    responses=problems(*USUAL, 404),
    tags=["Plugins"],
    summary="Resume a plugin",
)
async def resume_plugin(
    name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> PluginRun:
    """Lets a plugin that was paused run again; what happened meanwhile it is not told."""
    run = await _find(parts, identity, name)
    await resume(parts.database, identity.user_id, run.plugin_id)
    return _standing(await _find(parts, identity, name))


async def _find(parts: Parts, identity: Identity, name: str) -> RunStanding:
    run = await find_run(parts.database, identity.user_id, name)
    if run is None:
        raise NotFound(f"no plugin {name} with hooks or endpoints is installed")
    return run


def _standing(run: RunStanding) -> PluginRun:
    return PluginRun(
        plugin=run.name,
        display_name=run.display_name,
        state=run.state,
        trouble=run.trouble,
        failures=run.failures,
        paused_at=None if run.paused_at is None else to_rfc3339(run.paused_at),
        runs=run.runs,
        last_run_at=None if run.last_run_at is None else to_rfc3339(run.last_run_at),
        next_tick_at=None if run.next_tick_at is None else to_rfc3339(run.next_tick_at),
        hears=run.hears,
        lines=run.lines,
    )


def _tell(tried: Tried) -> StudioRan:
    ended, outcome = tried.ended, tried.ended.outcome
    failure = outcome.failure
    told = ended.trouble if ended.is_found else "There is no such function in the script."
    return StudioRan(
        kind=outcome.kind if ended.is_found else "missing",
        value=msgspec.Raw(ended.value_json.encode()),
        failure=None
        if failure is None
        else RunFailure(failure.name, failure.message, failure.stack, failure.line, failure.column),
        told=told,
        logs=[RunLine(line.level, line.text) for line in outcome.logs],
        statements=[RunStatement(one.sql, one.rows, round(one.duration_ms, 2), one.error) for one in tried.statements],
        duration_ms=round(outcome.duration_ms, 2),
        memory_bytes=outcome.memory_bytes,
        is_dry=tried.is_dry,
    )
