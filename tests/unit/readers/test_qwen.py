"""Qwen Code's chats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, lines, qwen_home, qwen_line, write
from devtime.readers.qwen import READER
from devtime.readers.reader import Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import find_logs, read_home
from spoilt_logs import merged

_FILE = log_file("/home/ann/.qwen/projects/-web/chats/q-1.jsonl", "projects/-web/chats/q-1.jsonl")


def _read(*records: Any) -> Reading:
    return READER.read(Piece(file=_FILE, data=lines(records).encode()))


def _use(prompt: int, output: int, cached: int = 0, thoughts: int = 0, total: int = 0) -> dict[str, int]:
    return {
        "promptTokenCount": prompt,
        "candidatesTokenCount": output,
        "cachedContentTokenCount": cached,
        "thoughtsTokenCount": thoughts,
        "totalTokenCount": total,
    }


def test_a_message_tells_all_it_knows() -> None:
    [event] = _read(qwen_line(DAY_1, **_use(100, 20, total=120))).events
    assert event == UsageEvent(
        key=event.key,
        agent="qwen",
        time_ms=DAY_1,
        session="q-1",
        model="qwen3-coder-plus",
        folder="-web",
        cwd="/home/ann/web",
        branch="main",
        input_tokens=100,
        output_tokens=20,
    )


@pytest.mark.parametrize(
    ("use", "counts"),
    [
        # What OpenAI's protocol gives: cached tokens inside the prompt, thoughts inside the output.
        (_use(100, 20, cached=80, thoughts=10, total=120), (20, 20, 80, 0, 10)),
        # What Google's gives: thoughts beside the output.
        (_use(100, 20, cached=80, thoughts=10, total=130), (20, 20, 80, 10, 10)),
        (_use(100, 20, cached=80, thoughts=10, total=210), (100, 20, 80, 10, 10)),
        (_use(100, 20, cached=80, total=200), (100, 20, 80, 0, 0)),
        (_use(100, 20, cached=80), (100, 20, 80, 0, 0)),
        (_use(100, 20, thoughts=7), (100, 20, 0, 7, 7)),
        (_use(100, 20, total=150), (100, 20, 0, 30, 0)),
        (_use(0, 0, total=321), (0, 321, 0, 0, 0)),
    ],
)
def test_the_total_tells_what_is_inside_what(use: dict[str, int], counts: tuple[int, ...]) -> None:
    [event] = _read(qwen_line(DAY_1, **use)).events
    found = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.extra_tokens)
    assert (*found, event.reasoning_tokens) == counts
    assert use["totalTokenCount"] in {0, event.total_tokens}


def test_a_line_that_is_there_twice_counts_once() -> None:
    twice = [qwen_line(DAY_1, **_use(1, 2))] * 2
    assert len(merged(_read(*twice, qwen_line(DAY_2, **_use(1, 2))).events)) == 2


def test_what_is_missing_is_taken_from_the_file() -> None:
    record = {**qwen_line(DAY_1, **_use(1, 2)), "sessionId": None, "timestamp": "now", "model": 5}
    [event] = _read(record).events
    assert (event.session, event.time_ms, event.model) == ("-web-q-1", _FILE.modified_ms, "unknown")


def test_what_cannot_be_counted_is_skipped_with_a_reason() -> None:
    reading = _read(qwen_line(DAY_1, **_use(2**63, 1)), {**qwen_line(DAY_1, **_use(1, 1)), "type": "user"})
    assert [skipped.reason for skipped in reading.skipped] == ["a token count is too large to be true"]
    assert reading.events == []


def test_only_chats_of_projects_are_logs(tmp_path: Path) -> None:
    root = qwen_home(tmp_path)
    write(root / "projects/p/other.jsonl", "")
    write(root / "projects/p/chats/deep/x.jsonl", "")
    assert [file.relative for file in find_logs(READER, tmp_path)] == ["projects/-home-ann-web/chats/q-1.jsonl"]
    assert len(read_home(READER, tmp_path).events) == 2


def test_its_folders_are_those_of_its_variables_or_its_own(tmp_path: Path) -> None:
    own = qwen_home(tmp_path)
    find = READER.find_roots
    assert find(Surroundings(tmp_path, {})) == [own]
    assert find(Surroundings(Path("/gone"), {"QWEN_HOME": str(own)})) == [own]
    assert find(Surroundings(tmp_path, {"QWEN_HOME": str(own), "QWEN_RUNTIME_DIR": str(tmp_path)})) == [tmp_path]
    assert find(Surroundings(tmp_path, {"QWEN_DATA_DIR": f"{tmp_path},{own}"})) == [tmp_path, own]
