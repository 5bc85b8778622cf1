"""`devtime plugin check`, and what the other commands do before they trust a plugin to run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec

from devtime.kernel.errors import Invalid
from devtime.kernel.settings import Settings
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kit.checking import check_script
from devtime.plugins.kit.folder import AuthorPlugin, read_plugin
from devtime.plugins.kit.manifest import Manifest
from devtime.plugins.kit.problem import Problem, has_errors
from devtime.plugins.kit.shape import PluginType, infer_type
from devtime.running.plugin_trial import engine_folder


def check_plugin(place: Path, settings: Settings, as_json: bool) -> None:
    """Tell everything found; SystemExit(1) when something keeps it from being published."""
    plugin = read_plugin(place)
    problems = asyncio.run(find_problems(plugin, settings))
    if as_json:
        print(json.dumps({"ok": not has_errors(problems), "problems": msgspec.to_builtins(problems)}, indent=2))
    else:
        for problem in problems:
            print(problem)
        if not problems:
            print(f"✓ {plugin.main}: nothing is wrong")
    if has_errors(problems):
        raise SystemExit(1)


async def find_problems(plugin: AuthorPlugin, settings: Settings) -> list[Problem]:
    """Those of the manifest, then those of the script."""
    problems = list(plugin.problems)
    if plugin.manifest is None or plugin.script is None:
        return problems
    pool = Pool(engine_folder(settings), workers=1)
    try:
        hosts = plugin.manifest.asked.hosts
        kind = type_of(plugin.manifest, plugin.script)
        return problems + await check_script(pool, plugin.script, kind, file=plugin.main, hosts=hosts)
    finally:
        await pool.close()


def type_of(manifest: Manifest, script: str) -> PluginType:
    """As the manifest says, else as the script looks."""
    return manifest.plugin_type or infer_type(script)


def sound_plugin(place: Path) -> tuple[Manifest, str, Path]:
    """Manifest, script and folder; Invalid with the problems of a plugin that cannot be read."""
    plugin = read_plugin(place)
    if plugin.manifest is None or plugin.script is None or has_errors(plugin.problems):
        raise Invalid("", "the plugin cannot be used:\n" + "\n".join(f"  {each}" for each in plugin.problems))
    return plugin.manifest, plugin.script, plugin.folder
