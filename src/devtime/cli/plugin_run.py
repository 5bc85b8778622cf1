"""`devtime plugin run`: one call, here on a throw-away database or on the server with one's own data."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from devtime.cli.plugin_answer import Run, RunFailure, RunLine, RunStatement
from devtime.cli.plugin_check import sound_plugin
from devtime.client.session import Client
from devtime.home.config import read_api
from devtime.kernel.errors import Invalid
from devtime.kernel.settings import Settings
from devtime.plugins.kit.javascript import to_javascript
from devtime.plugins.kit.manifest import Manifest
from devtime.running.plugin_trial import open_trial

_BEAT: dict[str, Any] = {"project": "my-project", "language": "typescript", "file": "src/index.ts", "editor": "VS Code"}


class Order(NamedTuple):
    """What was asked for."""

    trigger: str
    heartbeat: Path | None
    body: str
    on_server: bool
    keeps_writes: bool


def run_plugin(place: Path, order: Order, settings: Settings, as_json: bool) -> None:
    """Run it and tell; SystemExit(1) when it failed."""
    manifest, script, _ = sound_plugin(place)
    beat = _read_object(order.heartbeat.read_text("utf-8"), "heartbeat") if order.heartbeat else dict(_BEAT)
    body = _read_object(order.body, "body")
    if order.on_server:
        run = _run_there(manifest, script, order, beat, body, settings)
    else:
        run = asyncio.run(_run_here(manifest, script, order, beat, body, settings))
    if as_json:
        print(json.dumps(msgspec.to_builtins(run), indent=2, ensure_ascii=False))
    else:
        _tell(run, order.trigger)
    if run.kind != "ok":
        raise SystemExit(1)


async def _run_here(
    manifest: Manifest, script: str, order: Order, beat: dict[str, Any], body: dict[str, Any], settings: Settings
) -> Run:
    async with open_trial(settings) as trial:
        trial.play(manifest.name, manifest.version, await to_javascript(trial.pool, script, "lifecycle"))
        await trial.begin()
        beats = await trial.record([beat]) if order.trigger == "on_heartbeat" else [None]
        ended = await trial.run(order.trigger, msgspec.json.encode(beats[0]), msgspec.json.encode(body))
    outcome = ended.outcome
    failure = outcome.failure
    return Run(
        kind=outcome.kind if ended.is_found else "missing",
        value=msgspec.json.decode(ended.value_json),
        failure=RunFailure(failure.name, failure.message, failure.stack, failure.line, failure.column)
        if failure is not None
        else None,
        told=ended.trouble,
        logs=[RunLine(line.level, line.text) for line in outcome.logs],
        statements=[RunStatement(each.sql, each.rows, each.duration_ms, each.error) for each in trial.statements],
        duration_ms=outcome.duration_ms,
        memory_bytes=outcome.memory_bytes,
        is_dry=False,
    )


def _run_there(
    manifest: Manifest, script: str, order: Order, beat: dict[str, Any], body: dict[str, Any], settings: Settings
) -> Run:
    request = {
        "code": script,
        "trigger": order.trigger,
        "heartbeat": beat,
        "rpc_body": body,
        "is_dry": not order.keeps_writes,
        "name": manifest.name,
    }
    with Client(*read_api(settings.home)) as client:
        return msgspec.json.decode(client.post_json("/api/plugins/run", msgspec.json.encode(request)), type=Run)


def _tell(run: Run, trigger: str) -> None:
    for line in run.logs:
        print(f"[{line.level.upper()}] {line.text}" if line.level in ("warn", "error") else line.text)
    for statement in run.statements:
        told = statement.error or f"{statement.rows} rows"
        print(f"  SQL {' '.join(statement.text.split())[:100]} → {told}, {statement.duration_ms:.1f} ms")
    if run.kind == "ok":
        if run.value is not None:
            print(json.dumps(run.value, indent=2, ensure_ascii=False))
        print(f"✓ {trigger} in {run.duration_ms:.0f} ms, {run.memory_bytes / (1 << 20):.1f} MB")
    elif run.kind == "missing":
        print(f"✗ the plugin has no {trigger.removeprefix('rpc:')}")
    else:
        print(f"✗ {run.told}")


def _read_object(text: str, what: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid(what, 'must be a JSON object, such as {"project": "a"}') from None
