"""The block that is active now, as both programs tell it: burn rate, projection, limit."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccusage_peer import run_ccusage
from devtime.cli.usage import run_usage
from generated_logs import HAIKU, OPUS, SONNET, claude_line

USED = [(11 * 60, OPUS, 400), (10 * 60, SONNET, 500), (100, OPUS, 300), (40, HAIKU, 200), (2, SONNET, 100)]
"""Minutes ago, model, thousands of input tokens: a finished block, and the active one."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DEVTIME_HOME", str(tmp_path / ".devtime"))
    now = datetime.now(UTC)
    lines = [
        claude_line(
            "s1",
            now - timedelta(minutes=minutes),
            model,
            f"m{minutes}",
            f"r{minutes}",
            {"input_tokens": thousands * 1_000, "cache_read_input_tokens": 7_000, "output_tokens": 900},
        )
        for minutes, model, thousands in USED
    ]
    log = tmp_path / ".claude/projects/web/s1.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return tmp_path


def ask(
    home: Path, capsys: pytest.CaptureFixture[str], words: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Their blocks and ours."""
    options = [*words.split(), "--json", "--offline", "--timezone", "UTC"]
    theirs = run_ccusage(options, home)["blocks"]
    run_usage(options)
    return theirs, json.loads(capsys.readouterr().out)["blocks"]


@pytest.mark.parametrize("words", ["blocks", "blocks --active", "blocks --recent", "blocks --token-limit 300000"])
def test_rate_and_projection_are_the_same(home: Path, capsys: pytest.CaptureFixture[str], words: str) -> None:
    """But for the moment that passes between the two."""
    theirs, ours = ask(home, capsys, words)
    assert [block["id"] for block in ours] == [block["id"] for block in theirs]
    there, here = theirs[-1], ours[-1]
    assert here.keys() == there.keys()
    assert here["isActive"] is there["isActive"] is True
    assert here["burnRate"] == pytest.approx(there["burnRate"])
    assert here["projection"]["remainingMinutes"] == pytest.approx(there["projection"]["remainingMinutes"], abs=1)
    for key in ("totalTokens", "totalCost"):
        assert here["projection"][key] == pytest.approx(there["projection"][key], rel=0.02)
    for block, other in zip(theirs[:-1], ours[:-1], strict=True):
        assert other.pop("costUSD") == pytest.approx(block.pop("costUSD"))
        assert other == block


@pytest.mark.parametrize(("limit", "status"), [("100000", "exceeds"), ("99000000", "ok")], ids=["too little", "plenty"])
def test_a_limit_is_held_against_the_projection(
    home: Path, capsys: pytest.CaptureFixture[str], limit: str, status: str
) -> None:
    theirs, ours = ask(home, capsys, f"blocks --active --token-limit {limit}")
    there, here = theirs[-1]["tokenLimitStatus"], ours[-1]["tokenLimitStatus"]
    assert here.keys() == there.keys()
    assert (here["limit"], here["status"]) == (there["limit"], there["status"]) == (int(limit), status)
    assert here["percentUsed"] == pytest.approx(there["percentUsed"], rel=0.02)


def test_the_largest_block_so_far_is_the_limit_whatever_is_shown(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There, --active leaves no other block to be the limit."""
    largest = 900_000 + 2 * 7_900
    theirs, ours = ask(home, capsys, "blocks --token-limit max")
    assert theirs[-1]["tokenLimitStatus"]["limit"] == ours[-1]["tokenLimitStatus"]["limit"] == largest
    theirs, ours = ask(home, capsys, "blocks --active --token-limit max")
    assert ours[-1]["tokenLimitStatus"]["limit"] == largest
    assert "tokenLimitStatus" not in theirs[-1]
