"""Patterns of what is not kept: they name what shells' patterns name, and can cost only so much."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devtime.activity.choosing import PrivacyChoice, check_privacy
from devtime.activity.patterns import matches
from devtime.kernel.errors import Invalid

SIGNS = st.text("ab/*?[]!-.\n", max_size=12)


@given(SIGNS, st.text("ab/[]*?.\n", max_size=12))
@example("*", "")
@example("a*a", "a")
@example("**a**", "ba")
@example("a*b*a", "aba")
@example("*ab*ba*", "aba")
def test_a_pattern_names_what_it_names_in_a_shell(pattern, name):
    assert matches(name, pattern) == fnmatchcase(name, pattern)


@given(st.lists(st.sampled_from(["a", "b", "ab", "*"]), max_size=8), st.text("ab", max_size=12))
def test_a_pattern_of_stars_names_what_it_names_in_a_shell(parts, name):
    assert matches(name, "".join(parts)) == fnmatchcase(name, "".join(parts))


@pytest.mark.parametrize("field", ["exclude_projects", "exclude_file_patterns"])
@pytest.mark.parametrize("pattern", ["*" + "?" * 200, "*" + "[a-z]" * 40])
def test_patterns_that_cost_much_are_refused_together(field, pattern):
    patterns = tuple(f"{pattern}{number}" for number in range(3))
    with pytest.raises(Invalid, match=r"more than 500 characters") as caught:
        check_privacy(PrivacyChoice(**{field: patterns}))
    assert caught.value.field == field
    assert check_privacy(PrivacyChoice(**{field: patterns[:2]}))


def test_two_hundred_long_patterns_of_stars_are_fine():
    patterns = tuple(f"*{number}*" + "ab*" * 80 for number in range(200))
    assert check_privacy(PrivacyChoice(exclude_projects=patterns)).exclude_projects == patterns
