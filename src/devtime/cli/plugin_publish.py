"""`devtime plugin publish`: what is in the store, what would be, and then it is."""

from __future__ import annotations

import asyncio
import difflib
import json
import sys
from pathlib import Path
from typing import Any, cast

import msgspec

from devtime.cli.plugin_check import find_problems, type_of
from devtime.client.session import Client
from devtime.home.config import read_api
from devtime.kernel.errors import Invalid, NotFound
from devtime.kernel.settings import Settings
from devtime.plugins.kit.folder import read_plugin
from devtime.plugins.kit.manifest import Manifest
from devtime.plugins.kit.problem import has_errors

_UNTOLD = {"main", "changelog"}


def publish_plugin(place: Path, settings: Settings, *, is_agreed: bool, is_dry: bool, as_json: bool) -> None:
    """Check it, show the difference, ask, publish."""
    plugin = read_plugin(place)
    problems = asyncio.run(find_problems(plugin, settings))
    if plugin.manifest is None or plugin.script is None or has_errors(problems):
        raise Invalid("", "not published:\n" + "\n".join(f"  {problem}" for problem in problems))
    body = _body(plugin.manifest, plugin.script)
    with Client(*read_api(settings.home)) as client:
        was = _fetch_own(client, plugin.manifest.name)
        changes = _differences(was, body)
        if not as_json:
            print("\n".join(changes) if changes else "Nothing changes.")
        if not is_dry and not is_agreed and not _ask(plugin.manifest, is_new=was is None):
            raise SystemExit(1)
        told: dict[str, Any] = {}
        if not is_dry:
            told = msgspec.json.decode(client.post_json("/api/plugins/publish", msgspec.json.encode(body)))
    if as_json:
        print(json.dumps({"published": not is_dry, "changes": changes, **told}, indent=2, ensure_ascii=False))
    elif not is_dry:
        print(f"✓ {plugin.manifest.name} {plugin.manifest.version} is published")


def _body(manifest: Manifest, script: str) -> dict[str, Any]:
    fields = cast("dict[str, Any]", msgspec.to_builtins(manifest))
    fields.pop("main", None)
    return {"plugin_type": type_of(manifest, script), "version": manifest.version, **fields, "script": script}


def _fetch_own(client: Client, name: str) -> dict[str, Any] | None:
    """What this account published under the name; None when nothing."""
    try:
        told = msgspec.json.decode(client.get_json(f"/api/plugins/mine/{name}"), type=dict[str, Any])
    except NotFound:
        return None
    return {**told["manifest"], "script": told["script"]}


def _differences(was: dict[str, Any] | None, body: dict[str, Any]) -> list[str]:
    """A unified difference of what describes the plugin and of its script."""
    if was is None:
        return [f"New: {body['name']} {body['version']} ({body['plugin_type']}, {len(body['script']):,} characters)"]
    script, published = body["script"].splitlines(), str(was["script"] or "").splitlines()
    return [
        *_difference("plugin.json", _lines(was, body), _lines(body, body)),
        *_difference("script", published, script),
    ]


def _difference(name: str, was: list[str], becomes: list[str]) -> list[str]:
    return list(difflib.unified_diff(was, becomes, f"{name} (published)", name, lineterm=""))


def _lines(told: dict[str, Any], like: dict[str, Any]) -> list[str]:
    names = [name for name in like if name not in ("script", *_UNTOLD)]
    return [f"{name}: {json.dumps(told.get(name), ensure_ascii=False, sort_keys=True)}" for name in sorted(names)]


def _ask(manifest: Manifest, *, is_new: bool) -> bool:
    if not sys.stdin.isatty():
        raise Invalid("", "nobody is there to be asked: add --yes")
    words = f"Publish {manifest.name}" if is_new else f"Publish {manifest.name} {manifest.version} as an update"
    return input(f"{words}? [y/N] ").strip().lower() in ("y", "yes")
