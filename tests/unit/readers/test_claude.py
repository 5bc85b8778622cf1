"""Claude Code's logs: one small log for each rule of counting them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_logs import line, lines, usage
from devtime.kernel.digests import digest64
from devtime.readers.claude import READER
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent


def read(data: bytes, relative: str = "-home-ada-harbor/s1.jsonl", offset: int = 0) -> Reading:
    return READER.read(Piece(file=LogFile(path=Path("/x"), relative=relative), data=data, offset=offset))


def one(data: bytes) -> UsageEvent:
    reading = read(data)
    assert [place.reason for place in reading.skipped] == []
    [event] = reading.events
    return event


def reasons(data: bytes) -> list[str]:
    reading = read(data)
    assert reading.events == []
    return [place.reason for place in reading.skipped]


def test_a_line_tells_everything_a_price_and_a_report_need() -> None:
    event = one(
        lines(
            line(
                "msg_7",
                usage(
                    3,
                    20,
                    600,
                    12_345,
                    cache_creation={"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 100},
                    server_tool_use={"web_search_requests": 2},
                    service_tier="batch",
                    inference_geo="us",
                    speed="fast",
                ),
                costUSD=0.25,
            )
        )
    )
    assert event == UsageEvent(
        key=digest64(b"event", ["claude", "msg_7"]),
        rank=event.rank,
        agent="claude",
        time_ms=1_795_082_400_000,
        session="s1",
        model="claude-opus-4-5-20251101",
        folder="-home-ada-harbor",
        cwd="/nowhere/harbor",
        branch="main",
        input_tokens=3,
        output_tokens=20,
        cache_read_tokens=12_345,
        cache_write_tokens=500,
        cache_write_1h_tokens=100,
        web_searches=2,
        cost_nusd=250_000_000,
        speed="fast",
        tier="batch",
        region="us",
    )


def test_the_largest_of_the_lines_of_a_response_counts_whatever_their_order() -> None:
    grown = [line(tokens=usage(5, answered)) for answered in (1, 90, 40)]
    assert one(lines(*grown)).output_tokens == 90
    assert one(lines(*reversed(grown))).output_tokens == 90


def test_of_equal_lines_the_first_counts() -> None:
    assert one(lines(line(timestamp="2026-11-19T10:00:01Z"), line())).time_ms == 1_795_082_401_000


def test_a_main_line_counts_rather_than_a_larger_sidechain() -> None:
    event = one(lines(line(tokens=usage(9, 9_000), is_sidechain=True), line(tokens=usage(9, 9))))
    assert (event.output_tokens, event.is_sidechain) == (9, False)


def test_one_message_with_two_requests_or_none_is_one_response() -> None:
    written = [line(requestId="a"), line(requestId="b"), line(requestId=None), line()]
    assert len(read(lines(*written)).events) == 1


def test_lines_without_an_id_always_count_and_keep_their_key() -> None:
    data = lines(line(None), line(None), line(None, message={"id": None}))
    first = read(data)
    assert len({event.key for event in first.events}) == 3
    again = read(data[len(lines(line(None))) :], offset=len(lines(line(None))))
    assert [event.key for event in again.events] == [event.key for event in first.events[1:]]


@pytest.mark.parametrize(
    ("relative", "session", "folder"),
    [
        ("-home-ada-x/abc.jsonl", "abc", "-home-ada-x"),
        ("-home-ada-x/abc/subagents/agent-1.jsonl", "abc", "-home-ada-x"),
        ("-home-ada-x/deep/abc.jsonl", "deep", "-home-ada-x"),
        ("abc.jsonl", "abc", ""),
    ],
)
def test_a_path_tells_session_and_folder(relative: str, session: str, folder: str) -> None:
    [event] = read(lines(line()), relative).events
    assert (event.session, event.folder) == (session, folder)


def test_a_flat_cache_write_counts_when_its_split_is_missing_or_empty() -> None:
    nothing = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}
    for split in ({}, {"cache_creation": None}, {"cache_creation": nothing}, {"cache_creation": {}}):
        event = one(lines(line(tokens=usage(write=500, **split))))
        assert (event.cache_write_tokens, event.cache_write_1h_tokens) == (500, 0)


def test_the_progress_of_a_sub_agent_counts() -> None:
    told = json.loads(line("msg_p", usage(1, 70)))
    wrapped = {key: told[key] for key in ("timestamp", "requestId", "message")} | {"isSidechain": True}
    outer = {"type": "progress", "cwd": "/nowhere/harbor", "data": {"type": "agent_progress", "message": wrapped}}
    event = one(lines(json.dumps(outer, separators=(",", ":")).encode()))
    assert (event.output_tokens, event.is_sidechain, event.cwd) == (70, True, "/nowhere/harbor")


def test_what_a_tool_used_and_what_failed_is_not_counted_nor_a_fault() -> None:
    tool = {"type": "user", "toolUseResult": {"usage": usage()}, "message": {"role": "user"}, "timestamp": "x"}
    quoted = {"type": "user", "message": {"role": "user", "content": '{"usage":{"input_tokens":1}}'}}
    failed = line(model="<synthetic>", isApiErrorMessage=True)
    data = lines(*(json.dumps(one, separators=(",", ":")).encode() for one in (tool, quoted)), failed)
    assert reasons(data) == []


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-11-19T10:00:00Z",
        "2026-11-19T10:00:00.000000Z",
        "2026-11-19T10:00:00.000000001Z",
        "2026-11-19T11:00:00.000+01:00",
        1_795_082_400,
        1_795_082_400.0,
        1_795_082_400_000,
        1_795_082_400_000_000,
        "1795082400000",
    ],
)
def test_times_are_read_in_any_form(timestamp: object) -> None:
    assert one(lines(line(timestamp=timestamp))).time_ms == 1_795_082_400_000


@pytest.mark.parametrize(
    "nothing", ["requestId", "cwd", "version", "sessionId", "costUSD", "isApiErrorMessage", "gitBranch", "isSidechain"]
)
def test_a_field_that_is_null_is_a_field_that_is_absent(nothing: str) -> None:
    assert one(lines(line(**{nothing: None}))).output_tokens == 50


def test_counts_and_speed_that_are_null_are_absent() -> None:
    tokens = usage(cache_read_input_tokens=None, cache_creation_input_tokens=None, speed=None)
    assert one(lines(line(tokens=tokens))).total_tokens == 53


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"tokens": usage(-1)}, "negative"),
        ({"tokens": usage(2**63)}, "too large"),
        ({"tokens": usage(2**70)}, "too large"),
        ({"tokens": usage(**{"output_tokens": 1.5})}, "whole number"),
        ({"tokens": usage(**{"output_tokens": [1]})}, "whole number"),
        ({"timestamp": None}, "time"),
        ({"timestamp": "yesterday"}, "time"),
        ({"timestamp": "0001-01-01T00:00:00Z"}, "time"),
        ({"timestamp": "9999-01-01T00:00:00.000Z"}, "time"),
        ({"timestamp": True}, "time"),
        ({"model": None}, "model"),
        ({"model": ""}, "model"),
        ({"message": {"model": 7}}, "model"),
        ({"message": {"id": 7}}, "id"),
        ({"id": ""}, "id"),
        ({"version": "abc"}, "version"),
        ({"version": 2}, "version"),
    ],
)
def test_what_cannot_be_true_is_skipped_with_a_reason(changed: dict[str, Any], reason: str) -> None:
    [told] = reasons(lines(line(**changed)))
    assert reason in told


def test_a_broken_line_costs_only_itself() -> None:
    data = lines(line("a"), line("b")[:-20], line("c"))
    reading = read(data)
    assert len(reading.events) == 2
    assert [place.offset for place in reading.skipped] == [len(lines(line("a")))]


def test_texts_that_are_no_utf8_or_lone_surrogates_cost_no_line() -> None:
    broken = line("a", cwd="QQ").replace(b"QQ", b"\xff\xfe")
    lone = line("b", gitBranch="QQ").replace(b"QQ", rb"\ud800")
    assert len(read(lines(broken, lone)).events) == 2


def test_a_binary_file_is_named_as_such() -> None:
    assert reasons(bytes(range(256)) * 40) == ["does not look like lines of JSON"]


@given(st.binary(max_size=400), st.integers(0, 600), st.integers(0, 600))
def test_no_bytes_make_it_fail(noise: bytes, begin: int, end: int) -> None:
    whole = lines(line("a"), line("b", usage(speed="fast")))
    reading = read(whole[:begin] + noise + whole[end:])
    assert len(reading.events) <= 2


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["timestamp", "message", "isSidechain", "cwd", "gitBranch", "version", "costUSD"]), _ANYTHING)
def test_no_value_of_a_field_makes_it_fail(field: str, value: object) -> None:
    fields = json.loads(line()) | {field: value}
    reading = read(lines(json.dumps(fields, separators=(",", ":")).encode()))
    assert all(event.total_tokens >= 0 for event in reading.events)


@given(st.sampled_from([*usage(), "cache_creation", "server_tool_use", "service_tier", "speed"]), _ANYTHING)
def test_no_value_of_a_count_makes_it_fail(field: str, value: object) -> None:
    data = lines(line("a", usage() | {field: value}), line("b"))
    assert len(read(data).events) in (1, 2)


def test_nothing_of_a_line_is_told_in_a_reason() -> None:
    secret = "hunter2"
    data = lines(line(cwd=secret, version=secret), line("b", usage(**{"output_tokens": secret})), b'"usage":{' + b"x")
    assert not any(secret in place.reason for place in read(data).skipped)


def _home(tmp_path: Path, *folders: str) -> Path:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def test_logs_are_sought_in_both_usual_folders(tmp_path: Path) -> None:
    home = _home(tmp_path, ".claude/projects", ".config/claude/projects", "xdg/claude/projects")
    usual = READER.find_roots(Surroundings(home, {}))
    assert usual == [home / ".config/claude/projects", home / ".claude/projects"]
    moved = READER.find_roots(Surroundings(home, {"XDG_CONFIG_HOME": str(home / "xdg")}))
    assert moved == [home / "xdg/claude/projects", home / ".claude/projects"]


def test_the_environment_names_other_folders(tmp_path: Path) -> None:
    home = _home(tmp_path, ".claude/projects", "a/projects", "b/projects")
    listed = f"{home}/a, {home}/b/projects ,{home}/missing"
    found = READER.find_roots(Surroundings(home, {"CLAUDE_CONFIG_DIR": listed}))
    assert found == [home / "a/projects", home / "b/projects"]
    assert READER.find_roots(Surroundings(home, {"CLAUDE_CONFIG_DIR": f"{home}/missing"})) == []
