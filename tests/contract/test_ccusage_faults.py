"""Where `devtime usage` and ccusage 20.0.24 differ: each difference by a log that shows nothing else."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccusage_peer import run_ccusage
from devtime.cli.usage import run_usage
from generated_logs import FIRST_DAY, OPUS, Line, claude_line

MOMENT = FIRST_DAY + timedelta(hours=10)
USAGE: dict[str, Any] = {
    "input_tokens": 1_000,
    "cache_creation_input_tokens": 500,
    "cache_read_input_tokens": 0,
    "cache_creation": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 0},
    "output_tokens": 200,
    "service_tier": "standard",
}


TWICE = {
    "daily": 1_000,
    "weekly": 1_000,
    "monthly": 1_000,
    "claude daily": 1_000,
    "claude weekly": 2_000,
    "claude monthly": 2_000,
    "claude session": 2_000,
    "session": 2_000,
}
"""What its reports count of a response of 1,000 tokens that a side conversation replays under another request id."""


class Both:
    """Both programs on the same few lines of Claude Code."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._home, self._capsys = home, capsys
        for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("DEVTIME_HOME", str(home / ".devtime"))

    def log(self, *lines: Line, name: str = "s1.jsonl") -> None:
        path = self._home / ".claude" / "projects" / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), "utf-8")

    def totals(self, words: str = "daily") -> tuple[dict[str, Any], dict[str, Any]]:
        """Theirs, ours."""
        options = [*words.split(), "--json", "--offline", "--timezone", "UTC"]
        self._capsys.readouterr()
        run_usage(options)
        return run_ccusage(options, self._home)["totals"], json.loads(self._capsys.readouterr().out)["totals"]


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Both:
    return Both(tmp_path, monkeypatch, capsys)


def line(
    message: str = "msg_1", request: str | None = "req_1", model: str = OPUS, moment: datetime = MOMENT, **usage: Any
) -> Line:
    made = claude_line("s1", moment, model, message, "", USAGE | usage)
    return made | {"requestId": request}


def test_a_plain_line_is_the_same(both: Both) -> None:
    both.log(line())
    theirs, ours = both.totals()
    assert ours == pytest.approx(theirs)
    assert ours["totalCost"] == pytest.approx((1_000 * 5 + 500 * 6.25 + 200 * 25) / 1e6)


def test_a_request_id_of_null_loses_no_line(both: Both) -> None:
    both.log(line(), line("msg_2", None))
    theirs, ours = both.totals()
    assert (theirs["inputTokens"], ours["inputTokens"]) == (1_000, 2_000)


def test_a_time_to_the_microsecond_loses_no_line(both: Both) -> None:
    both.log(line(), line("msg_2", "req_2") | {"timestamp": "2026-10-21T10:00:00.123456Z"})
    theirs, ours = both.totals()
    assert (theirs["inputTokens"], ours["inputTokens"]) == (1_000, 2_000)


def test_a_cache_write_told_as_a_whole_is_counted_though_its_split_is_empty(both: Both) -> None:
    both.log(line(cache_creation={"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}))
    theirs, ours = both.totals()
    assert ours["cacheCreationTokens"] == 500
    assert ours["totalCost"] == pytest.approx((1_000 * 5 + 500 * 6.25 + 200 * 25) / 1e6)
    assert theirs["totalCost"] == pytest.approx((1_000 * 5 + 200 * 25) / 1e6)


def test_a_response_that_lost_its_request_id_in_a_copy_is_counted_once(both: Both) -> None:
    copy = line()
    del copy["requestId"]
    both.log(line(), copy)
    theirs, ours = both.totals()
    assert (theirs["inputTokens"], ours["inputTokens"]) == (2_000, 1_000)


def test_web_searches_are_priced(both: Both) -> None:
    both.log(line(server_tool_use={"web_search_requests": 3}))
    theirs, ours = both.totals()
    assert ours["totalCost"] - theirs["totalCost"] == pytest.approx(0.03)


def test_the_batch_tier_costs_half(both: Both) -> None:
    both.log(line(service_tier="batch"))
    theirs, ours = both.totals()
    assert ours["totalCost"] == pytest.approx(theirs["totalCost"] / 2)


def test_inference_bound_to_the_us_costs_a_tenth_more(both: Both) -> None:
    both.log(line(model="claude-opus-4-6", inference_geo="us"))
    theirs, ours = both.totals()
    assert ours["totalCost"] == pytest.approx(theirs["totalCost"] * 1.1)


def test_a_long_prompt_of_sonnet_reprices_the_whole_request(both: Both) -> None:
    """There, only what lies above 200,000 tokens, for each kind by itself."""
    both.log(
        line(
            model="claude-sonnet-4-5-20250929",
            input_tokens=400_000,
            output_tokens=100_000,
            cache_creation_input_tokens=0,
            cache_creation=None,
        )
    )
    theirs, ours = both.totals()
    assert theirs["totalCost"] == pytest.approx(3.30)
    assert ours["totalCost"] == pytest.approx(4.65)


def test_a_newer_model_has_a_price(both: Both) -> None:
    both.log(line(model="claude-opus-5-5"))
    theirs, ours = both.totals()
    assert (theirs["totalCost"], theirs["unpricedModels"]) == (0, ["claude-opus-5-5"])
    assert ours["totalCost"] == pytest.approx((1_000 * 4 + 500 * 5 + 200 * 20) / 1e6)
    assert "unpricedModels" not in ours


def test_a_model_nobody_knows_is_named_by_both(both: Both) -> None:
    both.log(line(model="claude-unheard-of-9"), line("msg_2", "req_2"))
    theirs, ours = both.totals()
    assert ours["unpricedModels"] == theirs["unpricedModels"] == ["claude-unheard-of-9"]
    assert ours["totalCost"] == pytest.approx(theirs["totalCost"])


def test_a_side_conversation_that_replays_its_parent_is_counted_once_by_every_report(both: Both) -> None:
    both.log(line())
    both.log(
        line(request="req_9", moment=MOMENT + timedelta(seconds=4)) | {"isSidechain": True},
        name="s1/subagents/agent-1.jsonl",
    )
    for words, there in TWICE.items():
        theirs, ours = both.totals(words)
        assert (words, theirs["inputTokens"], ours["inputTokens"]) == (words, there, 1_000)


def test_an_error_that_claude_code_reports_itself_is_no_request_in_a_block(
    both: Both, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0}
    both.log(
        line(), line("msg_2", "req_2", "<synthetic>", MOMENT + timedelta(minutes=20), **nothing, cache_creation=None)
    )
    options = ["blocks", "--json", "--offline"]
    theirs = run_ccusage(options, tmp_path)["blocks"][0]
    run_usage(options)
    ours = json.loads(capsys.readouterr().out)["blocks"][0]
    assert (theirs["entries"], ours["entries"]) == (2, 1)
    assert theirs["totalTokens"] == ours["totalTokens"]
    assert theirs["models"] == ours["models"]
