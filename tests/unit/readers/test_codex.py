"""Codex logs: what is remembered, found and told apart."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from codex_logs import START_MS, context, count, meta, put, running_counts, tier
from devtime.readers.codex import READER, find_roots, is_log
from devtime.readers.reader import LogFile, Piece, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import byte_mutations, check_lines, line_mutations, log_file
from log_reading import read_home

LOG_ID = "0199a213-81c0-7800-8aa1-bbab2a035a53"
RELATIVE = f"2026/02/02/rollout-2026-02-02T02-40-00-{LOG_ID}.jsonl"
FILE = log_file(f"/nowhere/.codex/sessions/{RELATIVE}", RELATIVE)
LINES = [
    meta(0, LOG_ID),
    context(1, "gpt-5.2-codex"),
    *running_counts(1_000, 60_000, [(1000, 0, 200, 50), (2500, 900, 300, 0)]),
    tier(62_000, "priority"),
    context(63_000, "gpt-5.5", cwd="/work/shop/api"),
    *running_counts(64_000, 60_000, [(4000, 2400, 250, 100)], (3500, 900, 500, 50)),
    count(200_000, None, (8000, 3300, 760, 160)),
]
SAVED = [
    '{"type":"thread.started","thread_id":"t"}',
    '{"type":"turn.completed","usage":{"input_tokens":30,"cached_input_tokens":10,"output_tokens":4}}',
    '{"created_at":1770000001,"response":{"usage":{"prompt_tokens":31,"completion_tokens":5},"model":"gpt-5.1"}}',
]
FORK = [meta(0, LOG_ID, forked_from_id="11112222-aaaa"), *LINES[1:4], *LINES[4:]]
GOOD = "".join(f"{text}\n" for text in LINES).encode()


def events_of(*lines: str) -> list[UsageEvent]:
    data = "".join(f"{text}\n" for text in lines).encode()
    return READER.read(Piece(file=FILE, data=data)).events


def test_an_event_tells_where_and_with_what_it_was_used() -> None:
    first, second, third, fourth = events_of(*LINES)
    assert first == UsageEvent(
        key=first.key,
        rank=1,
        agent="codex",
        time_ms=START_MS + 1_000,
        session=RELATIVE.removesuffix(".jsonl"),
        model="gpt-5.2-codex",
        provider="openai",
        cwd="/work/shop",
        branch="main",
        input_tokens=1000,
        output_tokens=200,
        reasoning_tokens=50,
    )
    assert (second.input_tokens, second.cache_read_tokens) == (1600, 900)
    assert (third.model, third.cwd, third.speed) == ("gpt-5.5", "/work/shop/api", "fast")
    assert (fourth.input_tokens, fourth.cache_read_tokens, fourth.output_tokens) == (500, 0, 10)


def test_saved_output_is_dated_by_its_file_where_it_has_no_times() -> None:
    first, second = events_of(*SAVED)
    assert (first.time_ms, first.input_tokens, first.cache_read_tokens) == (FILE.modified_ms, 20, 10)
    assert (second.time_ms, second.input_tokens, second.model) == (1_770_000_001_000, 31, "gpt-5.1")
    later = LogFile(FILE.path, FILE.relative, FILE.modified_ms + 5_000)
    data = "".join(f"{text}\n" for text in SAVED).encode()
    assert [event.key for event in READER.read(Piece(file=later, data=data)).events] == [first.key, second.key]


def test_keys_do_not_depend_on_where_the_log_lies() -> None:
    elsewhere = LogFile(Path("C:/users/x/y.jsonl"), "y.jsonl", 5)
    here, there = (READER.read(Piece(file=file, data=GOOD)).events[:4] for file in (FILE, elsewhere))
    assert [event.key for event in here] == [event.key for event in there]


def test_a_sub_agent_is_marked() -> None:
    for source in ({"subagent": "review"}, {"subagent": {"thread_spawn": {"parent_thread_id": "abcdefgh"}}}):
        (event,) = events_of(meta(0, LOG_ID, source=source), count(9_000, (5, 0, 1, 0), None))
        assert event.is_sidechain
    (event,) = events_of(meta(0, LOG_ID), count(9_000, (5, 0, 1, 0), None))
    assert not event.is_sidechain


def test_a_guessed_model_is_marked_until_one_is_told() -> None:
    lines = [count(1, (5, 0, 1, 0), None), context(2, "gpt-5"), count(3, (5, 0, 1, 0), None)]
    assert [(event.model, event.is_model_guessed) for event in events_of(*lines)] == [("gpt-5", True), ("gpt-5", False)]
    (event,) = events_of(context(0, "codex-auto-review"), count(3, (5, 0, 1, 0), None))
    assert (event.model, event.is_model_guessed) == ("gpt-5.2-codex", True)


def test_counts_that_are_none_cost_their_line_only() -> None:
    good = count(9, (5, 0, 1, 0), None)
    for bad in ("-1", "9223372036854775808", "1e30", "[]", '"many"', "true", "0.5"):
        data = f"{good.replace(':5,', f':{bad},')}\n{good}\n".encode()
        reading = READER.read(Piece(file=FILE, data=data, offset=70))
        assert len(reading.events) == 1
        assert [skipped.offset for skipped in reading.skipped] == [70]
        assert reading.skipped[0].reason.startswith("a token count is")


def test_a_recorded_tier_beats_the_configured_one(tmp_path: Path) -> None:
    put(tmp_path, "sessions/a.jsonl", [count(1, (1, 0, 0, 0), None), tier(2, "default"), count(3, (2, 0, 0, 0), None)])
    put(tmp_path, "sessions/b.jsonl", [tier(2, "flex"), count(3, (4, 0, 0, 0), None)])
    config = tmp_path / ".codex" / "config.toml"
    config.write_text('profile = "x"\nservice_tier = "flex"\n[profiles.x]\nservice_tier = "fast"\n')
    told = {event.input_tokens: (event.speed, event.tier) for event in read_home(READER, tmp_path).events}
    assert told == {1: ("fast", ""), 2: ("", ""), 4: ("", "flex")}


def test_a_broken_config_says_nothing(tmp_path: Path) -> None:
    for number, content in enumerate(
        [b"service_tier = ", b"\xff\xfe", b"service_tier = 5", b"profile = []\nprofiles = 3"]
    ):
        home = tmp_path / str(number)
        put(home, "sessions/a.jsonl", [count(1, (1, 0, 0, 0), None)])
        (home / ".codex" / "config.toml").write_bytes(content)
        assert [(event.speed, event.tier) for event in read_home(READER, home).events] == [("", "")]


def test_the_active_copy_and_the_one_that_knows_its_tier_win(tmp_path: Path) -> None:
    put(tmp_path, "archived_sessions/a.jsonl", [count(1, (1, 0, 0, 0), None)])
    put(tmp_path, "sessions/old/a.jsonl", [count(1, (1, 0, 0, 0), None)])
    (event,) = read_home(READER, tmp_path).events
    assert event.session == "old/a"
    put(tmp_path, "archived_sessions/b.jsonl", [tier(0, "fast"), count(1, (1, 0, 0, 0), None)])
    (event,) = read_home(READER, tmp_path).events
    assert (event.session, event.speed) == ("b", "fast")


def test_roots_are_those_of_every_codex_home(tmp_path: Path) -> None:
    for folder in (".codex/sessions", "work/sessions", "work/archived_sessions", "saved", "other"):
        (tmp_path / folder).mkdir(parents=True)
    assert find_roots(Surroundings(home=tmp_path, environment={})) == [tmp_path / ".codex/sessions"]
    told = f"~/work, {tmp_path}/saved,,{tmp_path}/gone,~/work,{tmp_path}/nul\0"
    roots = find_roots(Surroundings(home=tmp_path, environment={"CODEX_HOME": told}))
    assert roots == [tmp_path / name for name in ("work/sessions", "work/archived_sessions", "saved")]


def test_only_lines_files_are_logs() -> None:
    assert is_log(RELATIVE)
    assert not is_log("auth.json")
    assert not is_log("history.jsonl.bak")


def test_a_log_that_names_itself_as_its_parent_is_counted(tmp_path: Path) -> None:
    put(tmp_path, f"sessions/{LOG_ID}.jsonl", [meta(-9_000, LOG_ID, forked_from_id=LOG_ID), *LINES[1:4]])
    assert len(read_home(READER, tmp_path).events) == 2


def test_a_parents_log_that_cannot_be_read_is_no_matter(tmp_path: Path) -> None:
    folder = tmp_path / ".codex" / "sessions"
    (folder / "11112222-aaaa.jsonl").mkdir(parents=True)
    put(tmp_path, f"sessions/{LOG_ID}.jsonl", [meta(-9_000, LOG_ID, forked_from_id="11112222-aaaa"), *LINES[1:4]])
    (folder / "loop").symlink_to("..")
    assert len(read_home(READER, tmp_path).events) >= 2


@given(
    data=line_mutations(LINES) | line_mutations(FORK) | line_mutations([*SAVED, *LINES[:3]]),
    cuts=st.lists(st.integers(0, 50), max_size=5),
)
def test_any_lines_in_any_pieces_give_the_same(data: bytes, cuts: list[int]) -> None:
    check_lines(READER, FILE, data, cuts)


@given(data=st.binary(max_size=300) | byte_mutations(GOOD), cuts=st.lists(st.integers(0, 50), max_size=5))
def test_any_bytes_in_any_pieces_give_the_same(data: bytes, cuts: list[int]) -> None:
    check_lines(READER, FILE, data, cuts)


@given(memory=st.binary(max_size=60))
def test_any_memory_is_survived(memory: bytes) -> None:
    READER.read(Piece(file=FILE, data=GOOD, memory=memory))


def test_a_broken_line_after_the_beginning_is_told_alike_in_any_pieces() -> None:
    data = "\n".join([LINES[0], '{"session_meta" broken', '{"usage" broken', *LINES[1:3], ""]).encode()
    for cut in range(4):
        check_lines(READER, FILE, data, [cut])


def test_parts_without_a_whole_are_nothing() -> None:
    assert events_of(count(1, (0, 5, 0, 7), (0, 5, 0, 7))) == []
