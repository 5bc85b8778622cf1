"""`devtime usage … --json` answers what ccusage answers, field by field, on the same generated logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ccusage_peer import run_ccusage
from devtime.cli.usage import run_usage
from generated_logs import Logs

Ask = Callable[[str], Any]

REPORTS = [
    "daily",
    "daily --by-agent",
    "daily --no-cost",
    "daily --since 20261024 --until 2026-11-01",
    "daily --sections daily,weekly,monthly,session",
    "weekly",
    "monthly",
    "session",
    "claude daily",
    "claude daily --instances",
    "claude daily --order desc --since 20261025",
    "claude daily --mode calculate --since 20261024 --until 20261025",
    "claude daily --mode display",
    "claude daily --project=-home-ada-web",
    "claude weekly",
    "claude weekly --start-of-week wednesday",
    "claude monthly --order desc",
    "claude session",
    "claude session --since 20261025",
    "codex daily",
    "codex daily --no-cost",
    "codex monthly",
    "codex session",
    "blocks",
    "blocks --order desc --since 20261026",
    "blocks --until 20261026",
    "blocks --session-length 3",
    "blocks --session-length 2.5",
    "blocks --session-length 0.1",
]


class Machine:
    """A home folder with generated logs, and both programs."""

    def __init__(
        self, home: Path, zone: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self.zone = zone
        self._capsys = capsys
        for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("DEVTIME_HOME", str(home / ".devtime"))

    def ours(self, words: str) -> Any:
        self._capsys.readouterr()
        run_usage([*words.split(), "--json", "--timezone", self.zone])
        return json.loads(self._capsys.readouterr().out)

    def theirs(self, words: str) -> Any:
        return run_ccusage([*words.split(), "--json", "--offline", "--timezone", self.zone], self.home)


@pytest.fixture(
    scope="module", params=[(1, "UTC"), (2, "Europe/Berlin"), (3, "America/New_York"), (4, "Asia/Kathmandu")]
)
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home per zone: days on which clocks change are among those generated."""
    seed, zone = request.param
    home = tmp_path_factory.mktemp(f"home{seed}")
    logs = Logs(home, seed)
    logs.claude()
    logs.codex()
    return home, zone


@pytest.fixture
def machine(
    generated: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Machine:
    return Machine(*generated, monkeypatch, capsys)


@pytest.mark.parametrize("words", REPORTS)
def test_every_field_is_the_same(machine: Machine, words: str) -> None:
    theirs = machine.theirs(words)
    assert theirs, words
    assert differences(theirs, machine.ours(words)) == []


def differences(theirs: Any, ours: Any, path: str = "") -> list[str]:
    """Where the two differ. Not compared: the tenth digit of costs, which are sums of floats there, and the order of
    models of one row, which there is that of reading where it is not by cost."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = [f"{path}.{key}: only ours" for key in ours.keys() - theirs.keys()]
        found += [f"{path}.{key}: only theirs" for key in theirs.keys() - ours.keys()]
        return found + [
            line for key in theirs.keys() & ours.keys() for line in differences(theirs[key], ours[key], f"{path}.{key}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list):
        if path.endswith(".modelsUsed"):
            theirs, ours = sorted(theirs), sorted(ours)
        elif path.endswith(".modelBreakdowns"):
            theirs, ours = _by_cost(theirs), _by_cost(ours)
        found = [] if len(theirs) == len(ours) else [f"{path}: {len(theirs)} of theirs, {len(ours)} of ours"]
        pairs = enumerate(zip(theirs, ours, strict=False))
        return found + [line for at, (one, other) in pairs for line in differences(one, other, f"{path}[{at}]")]
    if type(theirs) in (int, float) and type(ours) in (int, float):
        return [] if ours == pytest.approx(theirs, abs=1e-9) else [f"{path}: {theirs} of theirs, {ours} of ours"]
    return [] if theirs == ours else [f"{path}: {theirs!r} of theirs, {ours!r} of ours"]


def _by_cost(breakdowns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(breakdowns, key=lambda row: (-round(row.get("cost", 0), 9), row["modelName"]))


def test_sessions_of_some_days_hold_what_was_used_in_these_days(machine: Machine) -> None:
    """Its focused report says so too; its unified one has Claude's sessions whole, if their last request lies there."""
    days = "--since 20261025 --until 20261030"
    ours, daily = machine.ours(f"session {days}"), machine.ours(f"daily {days}")
    assert differences(daily["totals"], ours["totals"]) == []
    focused = machine.theirs(f"claude session {days}")["totals"]["totalTokens"]
    assert focused == sum(row["totalTokens"] for row in ours["session"] if row["agent"] == "claude")
    theirs = [row for row in machine.theirs(f"session {days}")["session"] if row["agent"] == "claude"]
    assert theirs
    assert sum(row["totalTokens"] for row in theirs) != focused
