"""One run of a probe, from a fresh VM to a snapshot. Whatever a plugin does, there is a snapshot in the end."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from devtime.kernel.errors import DevTimeError, Invalid
from devtime.plugins.engine import Execution, Limits, LogLine, Outcome
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.probe.answer import GENERIC, Answer, Told, read_answer
from devtime.plugins.kinds.probe.host.calls import CAPABILITIES, ProbeHost
from devtime.plugins.kinds.probe.host.redaction import redact
from devtime.plugins.kinds.probe.lines import Badge, error_line, is_error
from devtime.plugins.kinds.probe.manifest import ProbePlugin
from devtime.plugins.kinds.probe.permissions import EVERYTHING, Permissions
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.surroundings import Surroundings

DEADLINE_S = 30
AT_ONCE = 4
"""So many probes run at a time."""

LIMITS = Limits(
    time_ms=DEADLINE_S * 1_000,
    memory_bytes=64 << 20,
    host_calls=10_000,
    log_lines=1_000,
    message_bytes=6 << 20,
)

_PRELUDE = (Path(__file__).parent / "prelude.js").read_text("utf-8")
_LOG = logging.getLogger("devtime.probe")
_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

_ENDS = {
    "timeout": f"probe timed out after {DEADLINE_S}s",
    "deadlock": "probe() returned unresolved promise",
    "missing": "missing probe()",
    "thrown": GENERIC,
    "memory": "The plugin ran out of memory.",
    "stack": "The plugin ran out of stack.",
    "limit": "The plugin's answer is too large.",
    "crashed": "The plugin took its sandbox down with it. Try again.",
}


async def probe(
    plugin: ProbePlugin,
    surroundings: Surroundings,
    pool: Pool,
    *,
    instance: str = "",
    permissions: Permissions = EVERYTHING,
) -> Snapshot:
    """Run it once. What it may touch beyond its own folder is what the permissions say; paths in them are absolute."""
    async with _gate():
        fetched_at_ms = surroundings.now_ns() // 1_000_000
        host = ProbeHost(plugin, surroundings, permissions)
        try:
            await host.prepare()
            outcome = await pool.run(_execution(plugin, surroundings), host, key=f"probe {plugin.id}")
            answer, error, told = _read(outcome)
        except Invalid as invalid:
            answer, error, told, outcome = Answer(None, ()), str(invalid), "", Outcome("crashed")
        except DevTimeError as unavailable:
            answer, error, told, outcome = Answer(None, ()), str(unavailable), "", Outcome("crashed")
        finally:
            await host.close()
    return Snapshot(
        plugin_id=plugin.id,
        name=plugin.name,
        instance=instance or plugin.id,
        plan=answer.plan,
        lines=answer.lines or (error_line(error),),
        fetched_at_ms=fetched_at_ms,
        error=error,
        icon_url=plugin.icon_url,
        logs=_logs(plugin, outcome, answer, told, host),
        touches=host.touches.all(),
        retry_after_s=host.retry_after_s,
        duration_ms=outcome.duration_ms,
    )


def _gate() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    gate = _GATES.get(loop)
    if gate is None:
        gate = _GATES[loop] = asyncio.Semaphore(AT_ONCE)
    return gate


def _execution(plugin: ProbePlugin, surroundings: Surroundings) -> Execution:
    given = {
        "nowIso": spell_now(surroundings.now_ns()),
        "app": {
            "version": surroundings.version,
            "platform": surroundings.platform_name,
            "appDataDir": str(surroundings.app_folder),
            "pluginDataDir": str(surroundings.data_folder(plugin.id)),
        },
    }
    return Execution(
        "probe",
        script=plugin.script,
        file=plugin.entry,
        args_json=msgspec.json.encode([given]).decode(),
        prelude=_PRELUDE,
        capabilities=CAPABILITIES,
        limits=LIMITS,
    )


def spell_now(now_ns: int) -> str:
    """RFC 3339 in UTC, to the nanosecond."""
    from devtime.kernel.clock import to_datetime

    seconds, rest = divmod(now_ns, 1_000_000_000)
    return f"{to_datetime(seconds * 1_000).strftime('%Y-%m-%dT%H:%M:%S')}.{rest:09d}Z"


def _read(outcome: Outcome) -> tuple[Answer, str, str]:
    """The answer, the text of a failure, and what its author should read beside it."""
    if outcome.kind != "ok":
        failure = outcome.failure
        told = f"{failure.name}: {failure.message}" if failure else outcome.told
        return Answer(None, ()), _ENDS.get(outcome.kind, GENERIC), told
    try:
        told = msgspec.json.decode(outcome.value_json, type=Told)
    except msgspec.DecodeError:
        return Answer(None, ()), GENERIC, "the answer is not of the shape it should have"
    if told.error:
        return Answer(None, ()), told.error, told.broken or ""
    answer = read_answer(told)
    only = answer.lines[0] if len(answer.lines) == 1 else None
    return answer, only.text if isinstance(only, Badge) and is_error(only) else "", ""


def _logs(plugin: ProbePlugin, outcome: Outcome, answer: Answer, told: str, host: ProbeHost) -> tuple[LogLine, ...]:
    """What the plugin wrote and what is to be said about the run, secrets blotted out, each line with its plugin."""
    lines = [*outcome.logs, *host.notes, *(LogLine("warn", warning) for warning in answer.warnings)]
    if told:
        lines.append(LogLine("error", told))
    kept = tuple(LogLine(line.level, f"[plugin:{plugin.id}] {redact(line.text)}") for line in lines)
    for line in kept:
        _LOG.log(_LEVELS.get(line.level, logging.INFO), "%s", line.text)
    return kept


_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.WARNING}
