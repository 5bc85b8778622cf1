"""What `devtime usage` prints: sums that agree with each other, CSV, and what it says where there is nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devtime.cli.usage import run_usage
from devtime.kernel.errors import DevTimeError
from generated_logs import HAIKU, OPUS, UNKNOWN, Logs

Ask = Callable[[str], str]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two agents, one model of which nobody knows the price."""
    home = tmp_path_factory.mktemp("home")
    made = Logs(home, 9)
    made.claude(8, (OPUS, HAIKU, UNKNOWN))
    made.codex(3)
    return home


@pytest.fixture
def ask(logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    return _asking(logs, monkeypatch, capsys)


def _asking(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("HOME", str(home)), ("DEVTIME_HOME", str(home / ".devtime")), ("COLUMNS", "120")):
        monkeypatch.setenv(name, value)

    def run(words: str) -> str:
        capsys.readouterr()
        run_usage([*words.split(), "--timezone", "Europe/Berlin"])
        return capsys.readouterr().out

    return run


def totals(ask: Ask, words: str) -> dict[str, Any]:
    return json.loads(ask(f"{words} --json"))["totals"]


@pytest.mark.parametrize(
    "report", ["weekly", "monthly", "session", "models", "agents", "projects", "branches", "machines"]
)
def test_every_report_has_the_totals_of_the_days(ask: Ask, report: str) -> None:
    found, days = totals(ask, report), totals(ask, "daily")
    assert found.pop("unpricedModels") == days.pop("unpricedModels") == [UNKNOWN]
    assert found == pytest.approx(days)


def test_agents_add_up_to_the_whole(ask: Ask) -> None:
    parts = [totals(ask, f"daily --agent {agent}") for agent in ("claude", "codex")]
    whole = totals(ask, "daily")
    for key in ("inputTokens", "outputTokens", "cacheReadTokens", "totalTokens", "totalCost"):
        assert sum(part[key] for part in parts) == pytest.approx(whole[key])


def test_a_part_of_a_models_name_is_enough(ask: Ask) -> None:
    assert totals(ask, "daily --model opus") == totals(ask, f"daily --model {OPUS}")
    assert totals(ask, "daily --model opus")["totalTokens"] < totals(ask, "daily")["totalTokens"]


def test_csv_has_a_line_for_each_row_and_its_sums(ask: Ask) -> None:
    for words in ("daily", "session", "branches", "models", "daily --breakdown"):
        lines = list(csv.DictReader(io.StringIO(ask(f"{words} --csv"))))
        assert sum(int(line["total_tokens"]) for line in lines) == totals(ask, "daily")["totalTokens"], words
        cost = sum(Decimal(line["cost_usd"]) for line in lines)
        assert float(cost) == pytest.approx(totals(ask, "daily")["totalCost"])


def test_csv_of_blocks_says_what_their_json_says(ask: Ask) -> None:
    blocks = [block for block in json.loads(ask("blocks --json"))["blocks"] if not block["isGap"]]
    lines = list(csv.DictReader(io.StringIO(ask("blocks --csv"))))
    assert [(line["start"], line["end"], line["is_active"] == "true") for line in lines] == [
        (block["startTime"], block["endTime"], block["isActive"]) for block in blocks
    ]
    assert [int(line["total_tokens"]) for line in lines] == [block["totalTokens"] for block in blocks]
    assert [float(line["cost_usd"]) for line in lines] == pytest.approx([block["costUSD"] for block in blocks])
    newest_first = list(csv.DictReader(io.StringIO(ask("blocks --csv --order desc --breakdown --last 2"))))
    assert [line["start"] for line in newest_first] == sorted((line["start"] for line in newest_first), reverse=True)
    assert {line["start"] for line in newest_first} <= {block["startTime"] for block in blocks}
    assert "cost" not in ask("blocks --csv --no-cost")


def test_no_cost_means_none_anywhere(ask: Ask) -> None:
    for words in ("daily", "session", "blocks", "codex daily"):
        assert "ost" not in ask(f"{words} --no-cost --json"), words
        shown = ask(f"{words} --no-cost")
        assert "Cost" not in shown
        assert "$" not in shown
    assert "cost" not in ask("daily --csv --no-cost")


def test_a_table_names_what_has_no_price(ask: Ask) -> None:
    shown = ask("daily")
    assert f"No price is known for {UNKNOWN} (" in shown
    assert "≥$" in shown
    assert "No price" not in ask("daily --model opus")


def test_one_session_is_told_request_by_request(ask: Ask) -> None:
    first = json.loads(ask("session --json"))["session"][0]
    told = json.loads(ask(f"session --id {first['period']} --json"))
    assert told["totalTokens"] == first["totalTokens"]
    assert sum(entry["inputTokens"] for entry in told["entries"]) == first["inputTokens"]
    assert [entry["timestamp"] for entry in told["entries"]] == sorted(entry["timestamp"] for entry in told["entries"])
    with pytest.raises(DevTimeError, match="lists them"):
        ask("session --id nobody --json")


def test_the_arithmetic_of_a_request_adds_up(ask: Ask) -> None:
    told = json.loads(ask("--explain --agent codex --json"))
    assert sum(term["cost_usd"] for term in told["terms"]) == pytest.approx(told["computed_usd"])
    shown = ask(f"--explain {told['key']}")
    assert f"request {told['key']} of session" in shown
    assert "Prices: genai-prices" in shown
    with pytest.raises(DevTimeError, match="neither a request nor a session"):
        ask("--explain nothing")


def test_the_last_so_many_days_end_today(ask: Ask) -> None:
    assert "No usage matches. There is some from 2026-1" in ask("daily --since 20200101 --until 20200102")
    with pytest.raises(DevTimeError, match="1 or more"):
        ask("daily --last 0")
    with pytest.raises(DevTimeError, match="more than the calendar has"):
        ask("monthly --last 999999999")


def test_a_project_nobody_has_is_answered_with_those_there_are(ask: Ask) -> None:
    assert "--project can be one of: web" in ask("daily --project nope")


def test_other_machines_need_the_server(ask: Ask) -> None:
    with pytest.raises(DevTimeError, match="needs the server"):
        ask("daily --machine all")


def test_a_home_without_logs_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = _asking(tmp_path, monkeypatch, capsys)
    for report in ("daily", "blocks", "session", "models"):
        assert f"Looked below {tmp_path} for logs of Claude Code" in ask(report).replace("\n", " ")
    assert json.loads(ask("daily --json"))["daily"] == []
    assert json.loads(ask("blocks --json")) == {"blocks": []}
    assert "CODEX_HOME" in ask("daily")
