"""Pi's sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, iso, lines, pi_home, pi_message, write
from devtime.readers.pi import READER
from devtime.readers.reader import Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import read_home

_FILE = log_file("/home/ann/.pi/agent/sessions/--web--/2026-05-28_s-1.jsonl", "--web--/2026-05-28_s-1.jsonl")


def _read(*records: Any) -> Reading:
    return READER.read(Piece(file=_FILE, data=lines(records).encode()))


def test_a_message_tells_all_it_knows(tmp_path: Path) -> None:
    pi_home(tmp_path)
    event = read_home(READER, tmp_path).events[0]
    assert event == UsageEvent(
        key=event.key,
        agent="pi",
        time_ms=DAY_1,
        session="s-1",
        model="[pi] claude-sonnet-4-5",
        provider="anthropic",
        folder="--home-ann-web--",
        cwd="/home/ann/web",
        input_tokens=10,
        output_tokens=20,
        cache_read_tokens=300,
        cache_write_tokens=40,
        cost_nusd=12_500_000,
    )


def test_a_fork_repeats_messages_that_count_once(tmp_path: Path) -> None:
    root = pi_home(tmp_path)
    own = read_home(READER, tmp_path).events
    copied = next(root.rglob("*_s-1.jsonl")).read_text() + lines([pi_message(DAY_2 + 77, input=1)])
    write(root / "--home-ann-web--/2026-05-30T00-00-00-000Z_s-2.jsonl", copied)
    forked = read_home(READER, tmp_path).events
    assert len(forked) == len(own) + 1
    assert {event.key for event in own} < {event.key for event in forked}


def test_a_rest_of_the_total_is_extra_and_a_total_alone_is_output() -> None:
    rest, alone = _read(
        pi_message(DAY_1, input=11, output=21, totalTokens=50), pi_message(DAY_2, totalTokens=33)
    ).events
    assert (rest.output_tokens, rest.extra_tokens) == (21, 18)
    assert (alone.output_tokens, alone.extra_tokens) == (33, 0)


def test_only_answers_that_used_something_count() -> None:
    nothing = pi_message(DAY_1, input=0, output=0)
    user = {**pi_message(DAY_1, input=5), "message": {"role": "user", "usage": {"input": 5}}}
    other = {**pi_message(DAY_1, input=5), "type": "custom"}
    assert _read(nothing, user, other) == Reading(memory=b'{"cwd":""}')


def test_the_folder_is_remembered_for_lines_that_come_later() -> None:
    head = _read({"type": "session", "cwd": "/home/ann/web", "timestamp": iso(DAY_1)})
    later = READER.read(Piece(file=_FILE, data=lines([pi_message(DAY_1, input=5)]).encode(), memory=head.memory))
    assert later.events[0].cwd == "/home/ann/web"


@pytest.mark.parametrize(
    ("cost", "nusd"),
    [
        ({"total": 0}, 0),
        ({"total": 0.1}, 100_000_000),
        ({"total": -1}, None),
        ({"total": 1e9}, None),
        (3, None),
        ({}, None),
    ],
)
def test_a_cost_is_believed_if_it_can_be_one(cost: Any, nusd: int | None) -> None:
    assert _read(pi_message(DAY_1, input=5, cost=cost)).events[0].cost_nusd == nusd


def test_what_cannot_be_counted_is_skipped_with_its_place_and_a_reason() -> None:
    good = pi_message(DAY_1, input=5)
    timeless = {**good, "timestamp": None, "message": {**good["message"], "timestamp": "soon"}}
    reading = _read(good, pi_message(DAY_1, output=-3), timeless)
    at = len(lines([good]))
    assert [(skipped.offset, skipped.reason) for skipped in reading.skipped] == [
        (at, "a token count is negative"),
        (at + len(lines([pi_message(DAY_1, output=-3)])), "a message has no time"),
    ]


def test_its_folders_in_the_order_of_what_was_said_last(tmp_path: Path) -> None:
    own = pi_home(tmp_path)
    find = READER.find_roots
    assert find(Surroundings(tmp_path, {})) == [own]
    agent = {"PI_CODING_AGENT_DIR": str(own.parent)}
    assert find(Surroundings(Path("/gone"), agent)) == [own]
    session = {**agent, "PI_CODING_AGENT_SESSION_DIR": str(tmp_path)}
    assert find(Surroundings(tmp_path, session)) == [tmp_path]
    assert find(Surroundings(tmp_path, {**session, "PI_AGENT_DIR": f"{own},{tmp_path}"})) == [own, tmp_path]


def test_copies_of_subagents_sessions_are_no_logs() -> None:
    assert READER.is_log("--web--/2026_s.jsonl")
    assert READER.is_log("--web--/s-1/run-0/session.jsonl")
    assert not READER.is_log("--web--/subagent-artifacts/run_worker.jsonl")
