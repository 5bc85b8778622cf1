"""Grok's sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, grok_home, grok_turn, lines
from devtime.readers.grok import READER
from devtime.readers.reader import Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import find_logs, read_home

_RELATIVE = "sessions/%2Fhome%2Fann%2Fweb/019f-1/updates.jsonl"
_FILE = log_file(f"/home/ann/.grok/{_RELATIVE}", _RELATIVE)


def _read(*records: Any) -> Reading:
    return READER.read(Piece(file=_FILE, data=lines(records).encode()))


def test_a_turn_is_an_event_a_model(tmp_path: Path) -> None:
    grok_home(tmp_path)
    first, second, third = read_home(READER, tmp_path).events
    assert first == UsageEvent(
        key=first.key,
        agent="grok",
        time_ms=DAY_1,
        session="019f-1",
        model="grok-4.5-build",
        provider="xai",
        cwd="/home/ann/web",
        input_tokens=300,
        output_tokens=70,
        cache_read_tokens=600,
        reasoning_tokens=30,
        cost_nusd=1_250_000,
    )
    assert (second.model, second.total_tokens, second.cost_nusd) == ("grok-code-fast-1", 10, None)
    assert (third.model, third.time_ms) == ("grok-4.3", DAY_2)


def test_a_turn_told_twice_counts_once_with_and_without_an_id() -> None:
    for event_id in ("e-1", None):
        turn = grok_turn(DAY_1, event_id, inputTokens=5)
        assert (
            len({event.key for event in _read(turn, turn, grok_turn(DAY_2, event_id and "e-2", inputTokens=5)).events})
            == 2
        )


def test_the_time_of_the_line_stands_in_for_the_agent_s() -> None:
    turn = grok_turn(DAY_1, "e", inputTokens=5)
    del turn["params"]["_meta"]["agentTimestampMs"]
    assert _read(turn).events[0].time_ms == DAY_1 // 1000 * 1000


@pytest.mark.parametrize(
    ("ticks", "nusd"), [(1, None), (10**10, 10**9), (0, None), (-5, None), (2**63, None), ("5", None), (10**40, None)]
)
def test_ticks_are_parts_of_a_dollar(ticks: Any, nusd: int | None) -> None:
    assert _read(grok_turn(DAY_1, "e", inputTokens=5, costUsdTicks=ticks)).events[0].cost_nusd == nusd


def test_parts_are_never_more_than_the_whole() -> None:
    used = {"inputTokens": 10, "outputTokens": 2, "cachedReadTokens": 8, "cacheCreationTokens": 9, "reasoningTokens": 5}
    [event] = _read(grok_turn(DAY_1, "e", **used)).events
    counts = (event.input_tokens, event.cache_read_tokens, event.cache_write_tokens, event.reasoning_tokens)
    assert counts == (0, 8, 2, 2)


def test_other_updates_do_not_count_and_broken_turns_are_skipped_with_a_reason() -> None:
    other = grok_turn(DAY_1, "turn_completed", inputTokens=5)
    other["params"]["update"]["sessionUpdate"] = "agent_message_chunk"
    timeless = {**grok_turn(-1, "e", inputTokens=5), "timestamp": None}
    reading = _read(other, timeless, grok_turn(DAY_1, "e", inputTokens=-5))
    assert reading.events == []
    assert [skipped.reason for skipped in reading.skipped] == ["a turn has no time", "a token count is negative"]


def test_its_folder_is_that_of_its_variable_or_its_own(tmp_path: Path) -> None:
    own = grok_home(tmp_path)
    assert READER.find_roots(Surroundings(tmp_path, {})) == [own]
    assert READER.find_roots(Surroundings(tmp_path, {"GROK_HOME": str(tmp_path)})) == [tmp_path]
    assert [file.relative for file in find_logs(READER, tmp_path)] == [_RELATIVE]
