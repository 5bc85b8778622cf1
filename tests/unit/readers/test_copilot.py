"""GitHub Copilot's logs: runs of sessions, exported requests, and what both tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.readers import copilot, copilot_otel
from devtime.readers.reader import Piece, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import byte_mutations, check_document, check_lines, line_mutations, log_file
from log_reading import read_home

SESSION = log_file("/nowhere/.copilot/session-state/s1/events.jsonl", "s1/events.jsonl")
EXPORT = log_file("/nowhere/.copilot/otel/a.jsonl", "a.jsonl")


def shutdown(ms: int, event_id: str, models: dict[str, Any]) -> str:
    return json.dumps(
        {
            "type": "session.shutdown",
            "id": event_id,
            "timestamp": 1_770_000_000_000 + ms,
            "data": {"modelMetrics": models},
        },
        separators=(",", ":"),
    )


def used(read: int, output: int, cached: int = 0, written: int = 0, reasoning: int = 0) -> dict[str, Any]:
    counts = (read, output, cached, written, reasoning)
    names = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens")
    return {"requests": {"count": 1}, "usage": dict(zip(names, counts, strict=True))}


RUNS = [
    '{"type":"session.start","data":{"context":{"cwd":"/work/shop","branch":"main"}}}',
    shutdown(1_000, "e1", {"gpt-5": used(1000, 100, 300, 200, 40)}),
    '{"type":"session.resume","data":{"context":{"cwd":"/work/shop/api"}}}',
    shutdown(2_000, "e2", {"gpt-5": used(1500, 160, 500, 200, 50), "claude-opus-4.5": used(9, 1)}),
    shutdown(3_000, "", {"gpt-5": used(10, 5), "claude-opus-4.5": used(9, 1)}),
]
REQUESTS = [
    json.dumps(
        {
            "type": "span",
            "name": "chat gpt-5",
            "traceId": f"t{number}",
            "spanId": f"s{number}",
            "endTime": [1_770_000_000, number],
            "attributes": {
                "gen_ai.operation.name": "chat" if number % 2 else "invoke_agent",
                "gen_ai.usage.input_tokens": 100 + number,
                "gen_ai.usage.output_tokens": 10,
                "gen_ai.usage.cache_read.input_tokens": 30,
                "gen_ai.usage.reasoning_tokens": 4,
                "gen_ai.response.model": "gpt-5",
                "gen_ai.conversation.id": "s1",
                "gen_ai.response.id": f"r{number}",
            },
        }
    )
    for number in range(1, 4)
]


def runs_of(*lines: str) -> list[UsageEvent]:
    return copilot.READER.read(Piece(file=SESSION, data="".join(f"{text}\n" for text in lines).encode())).events


def test_a_run_is_what_a_session_used_since_its_last_one() -> None:
    first, second, other, anew = runs_of(*RUNS)
    assert first == UsageEvent(
        key=first.key,
        agent="copilot",
        time_ms=1_770_000_001_000,
        session="s1",
        model="gpt-5",
        cwd="/work/shop",
        branch="main",
        input_tokens=500,
        output_tokens=100,
        cache_read_tokens=300,
        cache_write_tokens=200,
        reasoning_tokens=40,
    )
    assert (second.cwd, second.input_tokens, second.cache_read_tokens, second.output_tokens) == (
        "/work/shop/api", 300, 200, 60,
    )  # fmt: skip
    assert (other.model, other.total_tokens) == ("claude-opus-4.5", 10)
    assert (anew.model, anew.input_tokens, anew.output_tokens) == ("gpt-5", 10, 5)


def test_counts_may_lie_beside_the_requests() -> None:
    (event,) = runs_of(shutdown(0, "e", {"gpt-5": {"inputTokens": 7, "outputTokens": 2}}))
    assert (event.input_tokens, event.output_tokens) == (7, 2)


def test_what_the_export_tells_is_not_counted_again(tmp_path: Path) -> None:
    write(tmp_path, ".copilot/otel/a.jsonl", REQUESTS)
    write(tmp_path, ".copilot/session-state/s1/events.jsonl", RUNS)
    events = read_home((copilot_otel.READER, copilot.READER), tmp_path).events
    alone = runs_of(*RUNS)
    assert sum(event.total_tokens for event in events) == sum(event.total_tokens for event in alone)
    assert sum(event.prompt_tokens for event in events) == sum(event.prompt_tokens for event in alone)
    assert len([event for event in events if event.time_ms < 1_770_000_001_000]) == len(REQUESTS)


def test_an_export_elsewhere_is_taken_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "told/copilot.jsonl", REQUESTS)
    write(tmp_path, ".copilot/session-state/s1/events.jsonl", RUNS[:2])
    monkeypatch.setenv("COPILOT_OTEL_FILE_EXPORTER_PATH", str(path))
    environment = {"COPILOT_OTEL_FILE_EXPORTER_PATH": str(path)}
    events = read_home((copilot_otel.READER, copilot.READER), tmp_path, environment).events
    assert sum(event.total_tokens for event in events) == 1100


def test_an_export_among_everything_else_is_not_searched_for(tmp_path: Path) -> None:
    for place in (tmp_path / "a.jsonl", Path("/tmp/a.jsonl"), tmp_path.parent / "a.jsonl", Path("a.jsonl")):
        surroundings = Surroundings(home=tmp_path, environment={"COPILOT_OTEL_FILE_EXPORTER_PATH": str(place)})
        assert copilot_otel.READER.find_roots(surroundings) == []


def test_the_home_folder_of_copilot_can_be_told(tmp_path: Path) -> None:
    for name in ("x/otel", "x/session-state"):
        (tmp_path / name).mkdir(parents=True)
    surroundings = Surroundings(home=tmp_path / "y", environment={"COPILOT_HOME": str(tmp_path / "x")})
    assert copilot_otel.READER.find_roots(surroundings) == [tmp_path / "x/otel"]
    assert copilot.READER.find_roots(surroundings) == [tmp_path / "x/session-state"]
    assert [copilot.is_log(path) for path in ("s1/events.jsonl", "events.jsonl", "s1/x/events.jsonl")] == [
        True,
        False,
        False,
    ]


@given(data=line_mutations(RUNS), cuts=st.lists(st.integers(0, 50), max_size=5))
def test_any_runs_in_any_pieces_give_the_same(data: bytes, cuts: list[int]) -> None:
    check_lines(copilot.READER, SESSION, data, cuts)


@given(data=st.binary(max_size=200) | byte_mutations("\n".join(RUNS).encode()), memory=st.binary(max_size=50))
def test_any_bytes_and_memory_are_survived(data: bytes, memory: bytes) -> None:
    check_document(copilot.READER, SESSION, data)
    copilot.READER.read(Piece(file=SESSION, data=data, memory=memory))


@given(data=line_mutations(REQUESTS) | byte_mutations("\n".join(REQUESTS).encode()))
def test_any_export_is_survived(data: bytes) -> None:
    check_document(copilot_otel.READER, EXPORT, data)


def write(home: Path, relative: str, lines: list[str]) -> Path:
    path = home / relative
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{text}\n" for text in lines), "utf-8")
    return path
