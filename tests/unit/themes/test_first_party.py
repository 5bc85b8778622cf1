"""The themes that come with DevTime: complete, readable, of both sides."""

from __future__ import annotations

import pytest

from devtime.plugins.builtin.themes import list_themes
from devtime.plugins.kinds.theme.contrast import find_weak_pairs
from devtime.plugins.kinds.theme.tokens import COLOUR_TOKENS, read_variables, side_of
from devtime.web.design.theme_sheet import base_tokens

THEMES = {theme.name: theme for theme in list_themes()}


def test_there_are_some_for_each_side() -> None:
    sides = [side_of(theme.variables) for theme in THEMES.values()]
    assert sides.count("dark") >= 2
    assert sides.count("light") >= 2


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_complete_and_can_be_read(name: str) -> None:
    theme = THEMES[name]
    kept, refused = read_variables(theme.variables)
    assert refused == {}
    assert dict(kept) == dict(theme.variables), "values are spelled as they will be"
    assert set(COLOUR_TOKENS) <= set(kept)
    assert find_weak_pairs(kept, base_tokens(side_of(kept) or "light")) == []
    assert 0 < len(theme.description) <= 90
