"""What is told of an editor's events: never more than needed, and its time is the time of all of them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from devtime.client.pacing import INTERVAL_MS, Moment, Pacing

_GAP_MS = 15 * 60_000
_EVENTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 2 * _GAP_MS), st.booleans()), min_size=1, max_size=60
)


def time_by_file(moments: list[Moment]) -> dict[str, int]:
    """Credit as the server gives it: to each moment until the next, if that comes within a quarter of an hour."""
    total: dict[str, int] = {}
    for moment, following in itertools.pairwise(moments):
        gap = following.time_ms - moment.time_ms
        total[moment.file] = total.get(moment.file, 0) + (gap if gap < _GAP_MS else 0)
    return {file: spent for file, spent in total.items() if spent}


def told_of(moments: list[Moment]) -> list[Moment]:
    pacing = Pacing()
    return [told for moment in moments for told in pacing.follow(moment)] + pacing.leave()


@given(_EVENTS)
def test_the_time_told_is_the_time_spent_but_for_pauses_an_interval_may_hide(
    events: list[tuple[str, int, bool]],
) -> None:
    moments: list[Moment] = []
    now = 0
    for file, pause_ms, is_write in events:
        now += pause_ms
        moments.append(Moment(file, now, is_write))
    told = told_of(moments)
    spent, all_spent = time_by_file(told), time_by_file(moments)
    # A pause shorter than the limit may look longer from the last moment told, by less than one interval.
    ambiguous = sum(
        following.time_ms - moment.time_ms
        for moment, following in itertools.pairwise(moments)
        if _GAP_MS - INTERVAL_MS <= following.time_ms - moment.time_ms < _GAP_MS
    )
    assert sum(all_spent.values()) - sum(spent.values()) <= ambiguous + INTERVAL_MS * len(told)
    assert sum(spent.values()) <= sum(all_spent.values()) + INTERVAL_MS * len(told)


@given(_EVENTS)
def test_moments_told_are_moments_that_were_and_every_write_is_among_them(events: list[tuple[str, int, bool]]) -> None:
    moments = [Moment(file, place * 1_000, is_write) for place, (file, _, is_write) in enumerate(events)]
    told = told_of(moments)
    assert {(one.file, one.time_ms) for one in told} <= {(one.file, one.time_ms) for one in moments}
    assert [one for one in told if one.is_write] == [one for one in moments if one.is_write]
    assert [one.time_ms for one in told] == sorted(one.time_ms for one in told)


def test_without_pauses_time_by_file_is_exact() -> None:
    moments = [Moment("ab"[minute // 7 % 2], minute * 60_000) for minute in range(100)]
    assert time_by_file(told_of(moments)) == time_by_file(moments)
    assert len(told_of(moments)) < 75


def test_a_clock_that_is_set_back_is_told() -> None:
    assert told_of([Moment("a", 10_000_000), Moment("a", 5_000_000)]) == [
        Moment("a", 10_000_000),
        Moment("a", 5_000_000),
    ]
