"""The field's most used usage report, installed outside the repository, to compare with."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ccusage_program import find_or_install
from log_reading import Cell


def require_ccusage() -> Path:
    """The binary; skips the test, saying why, where it cannot be had."""
    found = find_or_install()
    if isinstance(found, str):
        pytest.skip(found)
    return found


def ask_ccusage(arguments: list[str], home: Path, environment: Mapping[str, str] | None = None) -> Any:
    """What it answers with `--json --offline`, in UTC, with `home` as home folder and no setting but those given."""
    return run_ccusage([*arguments, "--json", "--offline", "--timezone", "UTC"], home, environment)


def run_ccusage(arguments: list[str], home: Path, environment: Mapping[str, str] | None = None) -> Any:
    """The JSON it answers, with `home` as home folder and no setting but those given."""
    command = [str(require_ccusage()), *arguments]
    variables = {"HOME": str(home), "TZ": "UTC", "LOG_LEVEL": "0", **(environment or {})}
    done = subprocess.run(command, env=variables, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return json.loads(done.stdout)


def peer_codex(home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of Codex."""
    answer = ask_ccusage(["codex", "daily"], home, environment)
    return {(day["date"], model): _cell_of(row) for day in answer["daily"] for model, row in day["models"].items()}


def peer_agent(agent: str, home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of another agent."""
    answer = ask_ccusage([agent, "daily", "--breakdown"], home, environment)
    return {(day["date"], row["modelName"]): _cell_of(row) for day in answer["daily"] for row in day["modelBreakdowns"]}


def _cell_of(row: dict[str, Any]) -> Cell:
    return row["inputTokens"], row["outputTokens"], row["cacheReadTokens"], row["cacheCreationTokens"], 0


def with_extra(theirs: dict[tuple[str, str], Cell], found: dict[tuple[str, str], Cell]) -> dict[tuple[str, str], Cell]:
    """The report shows what is beyond the parts in totals only."""
    return {at: (*cell[:4], found[at][4] if at in found else 0) for at, cell in theirs.items()}
