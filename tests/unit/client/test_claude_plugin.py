"""The plugin folder for Claude Code says the same as `devtime connect` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from devtime.client.connecting.target import Here
from devtime.client.connecting.targets import find_target
from devtime.readers.surroundings import Surroundings

_FOLDER = Path(__file__).parents[3] / "clients" / "claude-code"


def test_the_plugins_hooks_are_the_ones_connecting_writes(tmp_path: Path) -> None:
    (edit,) = find_target("claude-code").edits(Here(Surroundings(tmp_path, {}), Path("devtime")))
    assert edit.after is not None
    written: dict[str, Any] = json.loads(edit.after)
    assert json.loads((_FOLDER / "hooks/hooks.json").read_text())["hooks"] == written["hooks"]


def test_the_marketplace_names_the_plugin() -> None:
    plugin = json.loads((_FOLDER / ".claude-plugin/plugin.json").read_text())
    market = json.loads((_FOLDER / ".claude-plugin/marketplace.json").read_text())
    assert [entry["name"] for entry in market["plugins"]] == [plugin["name"]]
