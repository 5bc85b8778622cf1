"""However a log comes, in whatever pieces and with whatever else beside it, the sums are those of one reading."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claude_logs import line, lines, usage
from devtime.ledger import logs, scanning
from trial_ledger import Trial


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that logs of some lines take several blocks."""
    monkeypatch.setattr(logs, "BLOCK_BYTES", 900)


_IDS = st.sampled_from(["m1", "m2", "m3", "m4", None])
_LINES = st.lists(
    st.one_of(
        st.builds(
            lambda id, answered, is_sidechain, day, branch: line(
                id,
                usage(answered=answered),
                is_sidechain=is_sidechain,
                timestamp=f"2026-11-1{day}T10:10:00.000Z",
                gitBranch=branch,
            ),
            _IDS,
            st.integers(0, 3),
            st.booleans(),
            st.integers(0, 3),
            st.sampled_from(["main", "größe-ü", "日本語"]),
        ),
        st.sampled_from([b"", b"{}", b'{"usage":{', b"\xff\xfe", line("m1")[:-5], line("m2", usage(-1))]),
    ),
    max_size=8,
)


def _pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[begin:end] for begin, end in pairwise(places)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    _LINES,
    _LINES,
    st.lists(st.integers(0, 10**6), max_size=5),
    st.lists(st.integers(0, 10**6), max_size=5),
    st.booleans(),
)
def test_any_split_into_appends_gives_the_sums_of_one_read(
    first: list[bytes], second: list[bytes], cuts: list[int], more_cuts: list[int], does_search: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as believing:
        trial = Trial(Path(folder))
        # Folders that have just changed are believed, so that grown logs are read on; or none is, and all is searched.
        believing.setattr(scanning, "_TICK_NS", 10**15 if does_search else 0)
        files = {"p/b.jsonl": _pieces(lines(*first), cuts), "q/a/subagents/x.jsonl": _pieces(lines(*second), more_cuts)}
        for relative in files:
            trial.put(relative, b"")
        for turn in range(max(map(len, files.values()))):
            for relative, pieces in files.items():
                if turn < len(pieces):
                    trial.add(relative, pieces[turn])
                    trial.refresh()
                    trial.rows()
        assert trial.rows() == trial.anew()
        assert trial.rows() == trial.rows_of_events()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["p/a.jsonl", "p/b.jsonl", "q/c.jsonl"]), _LINES), max_size=8))
def test_any_replacing_of_logs_ends_as_if_only_the_last_had_been(writes: list[tuple[str, list[bytes]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        for relative, written in writes:
            trial.put(relative, lines(*written, b"{}"))
            trial.refresh()
            trial.rows()
        assert trial.rows() == trial.anew()
        assert trial.rows() == trial.rows_of_events()
