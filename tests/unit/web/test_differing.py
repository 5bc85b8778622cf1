"""Differences of texts: every line is told once, with its number, and long texts cost no more than their length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from devtime.web.compose.differing import compare

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d"]), max_size=30)


@given(LINES, LINES)
def test_both_texts_can_be_told_from_the_difference(old: list[str], new: list[str]) -> None:
    diff = compare("\n".join(old), "\n".join(new))
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    for line in diff.lines:
        assert not line.old or before[line.old - 1] == line.text
        assert not line.new or after[line.new - 1] == line.text
    assert len(before) - diff.removed == len(after) - diff.added
    assert sum(line.kind == "added" for line in diff.lines) == diff.added


def test_unchanged_stretches_are_folded() -> None:
    old = "\n".join(str(number) for number in range(100))
    diff = compare(old, old.replace("50", "fifty"))
    told = [(line.kind, line.text) for line in diff.lines]
    assert told[0] == ("gap", "47 unchanged lines")
    assert ("removed", "50") in told
    assert ("added", "fifty") in told
    assert told[-1] == ("gap", "46 unchanged lines")
    assert (diff.added, diff.removed) == (1, 1)


def test_equal_texts_differ_in_nothing() -> None:
    assert compare("a\nb", "a\nb").added == 0
    assert compare("", "").lines == ()


def test_a_huge_change_is_cut() -> None:
    diff = compare("a\n" * 50_000, "b\n" * 50_000)
    assert diff.is_cut
    assert (diff.added, diff.removed) == (50_000, 50_000)
    assert len(diff.lines) <= 6_000
