"""The tokens of themes: what is taken, how it is spelled anew, and that nothing breaks out of a style sheet."""

from __future__ import annotations

import re

import pytest

from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.theme.colours import Colour, read_colour
from devtime.plugins.kinds.theme.contrast import find_weak_pairs
from devtime.plugins.kinds.theme.tokens import THEME_TOKENS, read_value, read_variables, side_of
from devtime.web.design.theme_sheet import base_tokens, draw_preview_sheet, draw_theme_sheet
from devtime.web.design.tokens import THEMABLE

HOSTILE = (
    "red; } body { display: none", "url(https://evil.example/x)", "expression(alert(1))", "var(--x)", "#fff}", "#ffg",
    "rgb(1,2,3", "rgb(1 2 3) url(x)", "</style><script>alert(1)</script>", "#fff/**/", "\\75rl(x)", "red\n;x:y",
    "env(x)", "image-set('x')", "hsl(1 2 3)", "rgb(1deg 2 3)", "#" + "f" * 100_000, "rgb(" + "1" * 500 + ",1,1)",
    "", "inherit",
)  # fmt: skip


def test_the_tokens_are_those_the_design_page_promises() -> None:
    assert set(THEME_TOKENS) == set(THEMABLE)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#0AF", Colour(0, 170, 255)),
        (" #00aaff80 ", Colour(0, 170, 255, 128 / 255)),
        ("rgb(0, 170, 255)", Colour(0, 170, 255)),
        ("rgba(0 170 255 / 50%)", Colour(0, 170, 255, 0.5)),
        ("rgb(100%, 0%, 50%)", Colour(255, 0, 127)),
        ("hsl(120, 100%, 50%)", Colour(0, 255, 0)),
        ("hsla(-240deg 100% 50% / 1)", Colour(0, 255, 0)),
        ("rgb(900 -4 0)", Colour(255, 0, 0)),
        ("Teal", Colour(0, 128, 128)),
    ],
)
def test_a_colour_is_read_in_the_ways_css_spells_it(text: str, colour: Colour) -> None:
    assert read_colour(text) == colour


@pytest.mark.parametrize("name", THEME_TOKENS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_value_is_taken_or_reaches_a_sheet(name: str, text: str) -> None:
    with pytest.raises(Invalid):
        read_value(name, text)
    assert draw_theme_sheet({name: text}) == ""
    # One bad value costs no good one, and the sheet has only what such a sheet is made of.
    sheet = draw_theme_sheet({name: text, "--accent": "#123456"}) + draw_preview_sheet("x", {name: text})
    assert re.fullmatch(r"[\w\s:;#.%,()\[\]\"=@{}/-]*", sheet)
    assert "url" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_unknown_tokens_and_values_that_are_no_text_are_told() -> None:
    kept, refused = read_variables(
        {"--bg": "#000", "--evil": "red", "color": "red", "--accent": 5, "--border": "#00000080"}
    )
    assert kept == {"--bg": "#000000", "--border": "#00000080"}
    assert set(refused) == {"--evil", "color", "--accent"}
    assert read_variables({"--bg": "#00000080"})[1] == {"--bg": "must be opaque, for text stands on it"}


def test_lengths_and_times_are_spelled_anew() -> None:
    assert read_value("--radius", "0.50rem") == "0.5rem"
    assert read_value("--radius-sm", "0") == "0px"
    assert read_value("--transition", "all .15s ease") == "150ms ease"
    for name, text in (
        ("--radius", "5"),
        ("--radius", "-1px"),
        ("--radius", "9999rem"),
        ("--transition", "3s"),
        ("--transition", "s"),
    ):
        with pytest.raises(Invalid):
            read_value(name, text)


def test_a_theme_dresses_the_side_its_ground_is_of() -> None:
    assert side_of({"--bg": "#101010"}) == "dark"
    assert side_of({"--bg": "#f0f0f0"}) == "light"
    assert side_of({"--accent": "#f0f0f0"}) is None
    dark = draw_theme_sheet({"--bg": "#101010"})
    assert ':root[data-theme="dark"]' in dark
    assert '[data-theme="light"]) {' in dark
    assert draw_theme_sheet({"--radius": "3px"}) == ":root:root {\n  --radius: 3px;\n}\n"


def test_pairs_that_cannot_be_read_are_told_weakest_first() -> None:
    base = base_tokens("dark")
    assert find_weak_pairs({}, base) == []
    weak = find_weak_pairs({"--text-dark": "#333333", "--accent": "#19191c"}, base)
    assert weak[0].front == "--accent"
    assert weak[0].ground == "--bg-card"
    assert weak[0].ratio == 1.0
    assert {pair.front for pair in weak} == {"--accent", "--text-dark"}
