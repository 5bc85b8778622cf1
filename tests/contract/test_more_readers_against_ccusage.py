"""Many agents' logs are counted as the most used report counts them; where not, a test says why we are right."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from agent_homes import (
    DAY_1,
    DAY_2,
    HOMES,
    OPENCLAW_SCHEMA,
    OPENCODE_SCHEMA,
    gemini_message,
    iso,
    kimi_status,
    lines,
    opencode_message,
    opencode_row,
    pi_message,
    qwen_line,
    write,
    write_database,
)
from ccusage_peer import ask_ccusage, require_ccusage
from devtime.readers.reader import Reader
from log_reading import day_of, read_home, sum_days

Cells = dict[tuple[str, str], tuple[int, int, int, int]]
"""Day and model to input, output, cache reads and cache writes."""

Days = dict[str, int]
"""Day to all tokens, those beyond the four kinds too."""


@pytest.fixture(autouse=True)
def _peer() -> None:
    require_ccusage()


def _readers(agent: str) -> tuple[Reader, ...]:
    module = import_module(f"devtime.readers.{agent}")
    return getattr(module, "READERS", None) or (module.READER,)


def _ours(agent: str, home: Path) -> tuple[Cells, Days]:
    days: Days = {}
    sums = sum_days(read_home(_readers(agent), home).events)
    for (day, _), cell in sums.items():
        days[day] = days.get(day, 0) + sum(cell)
    return {at: cell[:4] for at, cell in sums.items()}, days


def _theirs(agent: str, home: Path) -> tuple[Cells, Days]:
    rows = ask_ccusage([agent, "daily"], home)["daily"]
    days = {row["date"]: row["totalTokens"] for row in rows}
    names = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens")
    cells = {
        (row["date"], model["modelName"]): tuple(model[name] for name in names)
        for row in rows
        for model in row["modelBreakdowns"]
    }
    return cells, days


def _totals(agent: str, home: Path) -> tuple[int, int]:
    """All tokens as we count them, and as the peer does."""
    return sum(_ours(agent, home)[1].values()), sum(_theirs(agent, home)[1].values())


@pytest.mark.parametrize("agent", HOMES)
def test_every_hand_made_log_is_counted_alike_to_the_token(agent: str, tmp_path: Path) -> None:
    HOMES[agent](tmp_path)
    ours = _ours(agent, tmp_path)
    assert ours == _theirs(agent, tmp_path)
    assert ours[0]


def test_costs_that_opencode_logged_are_taken_as_they_are(tmp_path: Path) -> None:
    rows = [opencode_row(opencode_message(name, "s", DAY_1, cost=cost)) for name, cost in (("a", 0.125), ("b", 1.5))]
    write_database(tmp_path / ".local/share/opencode/opencode.db", OPENCODE_SCHEMA, rows)
    ours = sum(event.cost_nusd or 0 for event in read_home(_readers("opencode"), tmp_path).events)
    theirs = ask_ccusage(["opencode", "daily"], tmp_path)["totals"]["totalCost"]
    assert ours == round(theirs * 10**9) == 1_625_000_000


def test_opencode_s_second_form_of_tables_is_counted_alike(tmp_path: Path) -> None:
    schema = "CREATE TABLE session_message (id TEXT, session_id TEXT, type TEXT, time_created INTEGER, data TEXT);"
    tokens = {"input": 3, "output": 4, "reasoning": 2, "cache": {"read": 1, "write": 1}}
    model = {"id": "glm-4.7", "providerID": "zai"}
    data = json.dumps({"model": model, "tokens": tokens, "cost": 0, "time": {"created": DAY_1}})
    insert = "INSERT INTO session_message VALUES (?, 's', ?, ?, ?)"
    rows = [(insert, ["a", "assistant", DAY_1, data]), (insert, ["b", "user", DAY_1, data])]
    write_database(tmp_path / ".local/share/opencode/opencode.db", schema, rows)
    assert _ours("opencode", tmp_path) == _theirs("opencode", tmp_path)


def test_openclaw_s_database_and_files_are_counted_alike(tmp_path: Path) -> None:
    answer, later = pi_message(DAY_1, input=50, output=4), pi_message(DAY_2, input=1, totalTokens=9)
    insert = "INSERT INTO transcript_events VALUES ('s', ?, ?, ?)"
    rows = [(insert, [number, json.dumps(record), DAY_1]) for number, record in enumerate((answer, later))]
    write_database(tmp_path / ".openclaw/agents/main/agent/openclaw-agent.sqlite", OPENCLAW_SCHEMA, rows)
    write(tmp_path / ".openclaw/agents/main/sessions/s.jsonl", lines([answer]))
    assert _ours("openclaw", tmp_path) == _theirs("openclaw", tmp_path)


def test_copies_of_pi_s_subagents_are_left_out_alike(tmp_path: Path) -> None:
    sessions = tmp_path / ".pi/agent/sessions/--web--"
    write(sessions / "2026_s.jsonl", lines([pi_message(DAY_1, input=5)]))
    write(sessions / "subagent-artifacts/run_worker.jsonl", lines([pi_message(DAY_1 + 1, input=70)]))
    assert _totals("pi", tmp_path) == (5, 5)


# Where we differ.


def test_forks_of_opencode_and_pi_repeat_what_was_paid_once(tmp_path: Path) -> None:
    """A fork copies its parent's messages under new ids: the peer counts them again each time."""
    first = opencode_message("msg_a", "ses_1", DAY_1)
    rows = [opencode_row(first), opencode_row({**first, "id": "msg_x", "sessionID": "ses_2"})]
    write_database(tmp_path / ".local/share/opencode/opencode.db", OPENCODE_SCHEMA, rows)
    assert _totals("opencode", tmp_path) == (10_990, 2 * 10_990)
    answer = pi_message(DAY_1, input=7, output=3)
    parent = write(tmp_path / ".pi/agent/sessions/p/2026_s.jsonl", lines([answer]))
    header = {"type": "session", "id": "f", "timestamp": iso(DAY_2), "parentSession": str(parent)}
    write(parent.with_name("2026_f.jsonl"), lines([header, answer]))
    assert _totals("pi", tmp_path) == (10, 20)


def test_every_channel_s_database_of_opencode_counts(tmp_path: Path) -> None:
    """The peer reads one of them: whoever moved from a beta to the release loses a half."""
    for channel in ("beta", "dev"):
        row = opencode_row(opencode_message(f"msg_{channel}", "s", DAY_1))
        write_database(tmp_path / f".local/share/opencode/opencode-{channel}.db", OPENCODE_SCHEMA, [row])
    assert _totals("opencode", tmp_path) == (2 * 10_990, 10_990)


def test_cached_tokens_and_thoughts_of_qwen_are_inside_its_prompt_and_output(tmp_path: Path) -> None:
    """Its total says so, and its source, which copies them from OpenAI's protocol; the peer adds them on top."""
    used = {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120}
    record = qwen_line(DAY_1, **used, cachedContentTokenCount=80, thoughtsTokenCount=10)
    write(tmp_path / ".qwen/projects/p/chats/q.jsonl", lines([record]))
    assert _totals("qwen", tmp_path) == (120, 210)


def test_cached_tokens_in_the_details_of_a_prompt_are_inside_it(tmp_path: Path) -> None:
    """OpenAI's protocol again, in Codebuff: the total of the log is ours."""
    usage = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 60}}
    message = {
        "id": "a",
        "role": "assistant",
        "timestamp": DAY_1,
        "metadata": {"usage": {**usage, "total_tokens": 105}},
    }
    write(tmp_path / ".config/manicode/projects/p/chats/c/chat-messages.json", json.dumps([message]))
    assert _totals("codebuff", tmp_path) == (105, 165)


def test_a_step_of_kimi_that_is_told_twice_was_one_answer(tmp_path: Path) -> None:
    """One response has one id; the peer counts a repeated status whose counts differ as another response."""
    records = [kimi_status(DAY_1 / 1000 + second, "x", output=count) for second, count in ((0, 5), (1, 9))]
    write(tmp_path / ".kimi/sessions/g/s/wire.jsonl", lines(records))
    assert _totals("kimi", tmp_path) == (9, 14)


def test_a_step_of_a_subagent_of_kimi_counts(tmp_path: Path) -> None:
    """Kimi CLI wraps what its subagents report: paid for like the rest, and not seen by the peer."""
    inner = kimi_status(0, "y", output=7)["message"]
    wrapped: Any = {"timestamp": DAY_1 / 1000, "message": {"type": "SubagentEvent", "payload": {"event": inner}}}
    write(tmp_path / ".kimi/sessions/g/s/wire.jsonl", lines([wrapped, kimi_status(DAY_1 / 1000, "x", output=1)]))
    assert _totals("kimi", tmp_path) == (8, 1)


def test_a_message_that_is_twice_in_a_chat_of_gemini_was_one_answer(tmp_path: Path) -> None:
    """As in chats kept as lines, where the peer lets the later one replace the earlier too."""
    messages = [gemini_message("a", DAY_1, input=1, output=count, total=count + 1) for count in (1, 3)]
    chat = {"sessionId": "s", "startTime": iso(DAY_1), "messages": messages}
    write(tmp_path / ".gemini/tmp/p/chats/session-1.json", json.dumps(chat))
    assert _totals("gemini", tmp_path) == (4, 6)


def test_a_text_cut_inside_a_character_costs_no_message(tmp_path: Path) -> None:
    """JavaScript writes half a surrogate pair where it cuts one; the peer loses such lines where they hold the text."""
    record = pi_message(DAY_1, input=5)
    record["message"]["model"] = "m\ud83d"
    data = json.dumps(record) + "\n" + json.dumps(pi_message(DAY_2, input=2)) + "\n"
    write(tmp_path / ".pi/agent/sessions/p/2026_s.jsonl", data)
    assert _totals("pi", tmp_path) == (7, 2)
    assert {day_of(event.time_ms) for event in read_home(_readers("pi"), tmp_path).events} == {
        "2026-05-28",
        "2026-05-29",
    }
