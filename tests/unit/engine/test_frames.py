"""What pool and worker say is taken apart by type; anything else is refused, not believed."""

from __future__ import annotations

import contextlib
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.plugins.engine.execution import Failure
from devtime.plugins.engine.frames import Asked, Logged, Ready, Settle, pack, read_order, read_report
from devtime.plugins.engine.worker.alarm import Alarm
from devtime.plugins.engine.worker.locating import locate


def test_frames_come_back_as_they_were_sent() -> None:
    for frame in (Asked(1, "db.query", msgspec.Raw(b'["\\u0000"]')), Logged("warn", "é\n"), Ready(())):
        packed = pack(frame)
        assert int.from_bytes(packed[:4], "big") == len(packed) - 4
        assert pack(read_report(packed[4:])) == packed


@given(st.binary(max_size=100) | st.sampled_from([b"{}", b'{"type":"done"}', b'{"type":"begin"}', b"[]", b"null"]))
def test_any_bytes_are_a_frame_or_an_error_and_nothing_else(body: bytes) -> None:
    for read in (read_report, read_order):
        with contextlib.suppress(msgspec.DecodeError, UnicodeError):
            read(body)


def test_a_worker_cannot_speak_the_pools_words() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_report(pack(Settle(1, True, msgspec.Raw(b"1")))[4:])


@pytest.mark.parametrize(
    ("stack", "place"),
    [
        ("    at main (plugin.js:3:7)", ("plugin.js", 3, 7)),
        ("    at call (native)\n    at src/a.ts:12:1", ("src/a.ts", 12, 1)),
        ("    at f (native)", ("", 0, 0)),
        ("", ("", 0, 0)),
        ("x:99999999999999999999:1", ("", 0, 0)),
        (":" * 100_000, ("", 0, 0)),
    ],
)
def test_the_place_of_an_error_is_that_of_its_first_frame(stack: str, place: tuple[str, int, int]) -> None:
    failure = Failure("Error", "x", stack).placed()
    assert (failure.file, failure.line, failure.column) == place


def _first_bad_word(text: str) -> str:
    """A parser that takes words and complains about the first `bad` or the mark, whichever comes first."""
    for word in text.replace("\x01", " \x01 ").split():
        if word == "\x01":
            return "Invalid Character"
        if word == "bad":
            return "Unexpected token"
    return ""


@given(st.lists(st.sampled_from(["ok", "é", "\n", "bad", " "]), max_size=40))
def test_a_mistake_is_found_where_it_is(words: list[str]) -> None:
    source = " ".join(words)
    if "bad" in words:
        before = source[: source.index("bad")]
        assert locate(source, _first_bad_word) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_an_alarm_rings_once_and_not_after_it_was_disarmed() -> None:
    rung: list[float] = []
    alarm = Alarm(lambda: rung.append(time.monotonic()))
    due = time.monotonic() + 0.05
    alarm.arm(due)
    while not rung:
        time.sleep(0.005)
    assert rung[0] >= due
    alarm.arm(time.monotonic() + 0.1)
    alarm.disarm()
    time.sleep(0.2)
    assert len(rung) == 1
