"""Callers take turns by key, and none has more than its share at work."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from devtime.plugins.engine.turns import Turns


def test_a_key_that_comes_later_is_served_before_the_second_of_an_earlier_one() -> None:
    turns: Turns[int] = Turns(share=5)
    for ticket, key in enumerate("aaabc"):
        turns.add(key, ticket)
    assert [turns.take() for _ in range(6)] == [("a", 0), ("b", 3), ("c", 4), ("a", 1), ("a", 2), None]


def test_a_key_with_its_share_at_work_waits_and_others_pass() -> None:
    turns: Turns[int] = Turns(share=1)
    for ticket, key in enumerate("aab"):
        turns.add(key, ticket)
    assert [turns.take(), turns.take(), turns.take()] == [("a", 0), ("b", 2), None]
    turns.finish("a")
    assert turns.take() == ("a", 1)


def test_who_leaves_is_not_called_any_more() -> None:
    turns: Turns[int] = Turns(share=1)
    turns.add("a", 0)
    assert turns.leave("a", 0)
    assert not turns.leave("a", 0)
    assert not turns.leave("nobody", 0)
    assert turns.take() is None


_STEPS = st.lists(st.tuples(st.sampled_from(["add", "take", "finish", "leave"]), st.sampled_from("abcd")), max_size=200)


@given(_STEPS, st.integers(1, 3))
def test_nobody_is_lost_served_twice_or_over_the_share(steps: list[tuple[str, str]], share: int) -> None:
    turns: Turns[int] = Turns(share)
    waiting: dict[str, list[int]] = {key: [] for key in "abcd"}
    working: Counter[str] = Counter()
    for ticket, (step, key) in enumerate(steps):
        if step == "add":
            turns.add(key, ticket)
            waiting[key].append(ticket)
        elif step == "finish" and working[key]:
            turns.finish(key)
            working[key] -= 1
        elif step == "leave" and waiting[key]:
            assert turns.leave(key, waiting[key].pop())
        elif step == "take":
            taken = turns.take()
            may_be_taken = {key for key in waiting if waiting[key] and working[key] < share}
            if taken is None:
                assert not may_be_taken
            else:
                assert taken[0] in may_be_taken
                assert taken[1] == waiting[taken[0]].pop(0)
                working[taken[0]] += 1
    assert len(turns) == sum(map(len, waiting.values()))
    assert sorted(turns.drain()) == sorted(ticket for tickets in waiting.values() for ticket in tickets)
