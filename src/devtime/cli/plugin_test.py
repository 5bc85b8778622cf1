"""`devtime plugin test`: the author's tests, told as test runners do."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec

from devtime.cli.plugin_check import sound_plugin
from devtime.kernel.errors import NotFound
from devtime.kernel.settings import Settings
from devtime.plugins.kit.folder import find_tests
from devtime.plugins.kit.javascript import to_javascript
from devtime.plugins.kit.manifest import Manifest
from devtime.plugins.kit.trial import TestResult, run_tests
from devtime.running.plugin_trial import open_trial


def test_plugin(place: Path, settings: Settings, as_json: bool) -> None:
    """Run them all; SystemExit(1) when one failed."""
    manifest, script, folder = sound_plugin(place)
    files = find_tests(folder)
    if not files:
        raise NotFound(f"{folder} holds no *.test.js; `devtime plugin new --kind lifecycle` shows how one looks")
    results = asyncio.run(_run(manifest, script, files, settings))
    failed = [result for result in results if result.error]
    if as_json:
        told = {"passed": len(results) - len(failed), "failed": len(failed), "tests": msgspec.to_builtins(results)}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for result in results:
            _tell(result)
        print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise SystemExit(1)


async def _run(manifest: Manifest, script: str, files: list[Path], settings: Settings) -> list[TestResult]:
    results: list[TestResult] = []
    async with open_trial(settings) as trial:
        trial.play(manifest.name, manifest.version, await to_javascript(trial.pool, script, "lifecycle"))
        for file in files:
            source = await to_javascript(trial.pool, file.read_text("utf-8"), "lifecycle")
            results.extend(await run_tests(trial.pool, file.name, source, trial))
    return results


def _tell(result: TestResult) -> None:
    print(f"{'✗' if result.error else '✓'} {result.name} ({result.duration_ms:.0f} ms)")
    if not result.error:
        return
    print(f"    {result.file}{f':{result.line}' if result.line else ''}: {result.error}")
    for line in result.logs[-10:]:
        print(f"    {line.level}: {line.text}")
