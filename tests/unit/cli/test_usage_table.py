"""Tables fit the terminal, whatever is in them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtime.cli.terminal import clean, cut, wants_colour, width_of
from devtime.cli.usage_show import dollars, short_model
from devtime.cli.usage_table import Cell, Column, Line, draw, number, short_number

COLUMNS = (
    Column("Day", "name"),
    Column("Agents", "list", 4),
    Column("Models", "list", 2),
    Column("Input", "number", 3),
    Column("Cache write", "number", 5, "C. write"),
    Column("Total", "number", 1),
    Column("Cost", "number"),
)


def line(tokens: int, models: tuple[str, ...] = ("opus-4-5",), name: str = "2026-11-23") -> Line:
    agents = Cell(parts=("claude", "codex"))
    counts = (number(tokens), number(tokens * 3), number(tokens * 4))
    return Line([Cell(name), agents, Cell(parts=models), *counts, Cell(f"${tokens / 1000:,.2f}")])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**10), st.lists(st.text(min_size=1, max_size=30), max_size=6), st.text(max_size=60)),
        min_size=1,
        max_size=5,
    ),
    st.integers(60, 200),
    st.booleans(),
)
def test_no_line_is_wider_than_the_terminal(rows, width: int, is_compact: bool) -> None:
    lines = [line(tokens, tuple(map(clean, models)), clean(name)) for tokens, models, name in rows]
    drawn = draw(COLUMNS, lines, width, has_colour=False, is_compact=is_compact)
    assert max(width_of(text) for text in drawn.splitlines()) <= width


def test_a_wide_terminal_shows_every_column_in_full() -> None:
    drawn = draw(COLUMNS, [line(1_234_567, ("opus-4-5", "sonnet-4-6"))], 140, has_colour=False)
    assert [column.title for column in COLUMNS if column.title not in drawn] == []
    assert "1,234,567" in drawn
    assert "opus-4-5, sonnet-4-6" in drawn


def test_a_narrow_one_keeps_day_total_and_cost_and_shortens_numbers() -> None:
    drawn = draw(COLUMNS, [line(1_234_567, ("opus-4-5", "sonnet-4-6"))], 40, has_colour=False)
    assert "4.94M" in drawn
    assert "$1,234.57" in drawn
    assert "Cache" not in drawn


def test_numbers_end_in_one_column() -> None:
    drawn = draw(COLUMNS, [line(5), line(5_000_000)], 140, has_colour=False)
    first, second = drawn.splitlines()[2:4]
    assert len(first) == len(second)


def test_colour_changes_nothing_but_colour() -> None:
    import re

    lines = [line(5)._replace(style="1"), line(7)]
    plain, coloured = (draw(COLUMNS, lines, 120, has_colour=has) for has in (False, True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.00K"),
        (999_499, "999K"),
        (999_500, "1.00M"),
        (12_345, "12.3K"),
        (10**13, "10.0T"),
    ],
)
def test_short_numbers_have_three_digits(value: int, told: str) -> None:
    assert short_number(value) == told


def test_dollars_say_what_they_are_worth() -> None:
    assert dollars(Decimal(0)) == "$0.00"
    assert dollars(Decimal("0.004")) == "<$0.01"
    assert dollars(Decimal("1234.5")) == "$1,234.50"
    assert dollars(Decimal("0.14"), is_unpriced=True) == "≥$0.14"
    assert dollars(Decimal(0), is_unpriced=True) == "?"


def test_names_cannot_break_out_of_their_cell() -> None:
    assert clean("a\x1b[2Jb\nc\u202edc") == "a\ufffd[2Jb\ufffdc\ufffddc"
    assert clean("größe 日本") == "größe 日本"
    assert width_of("日本") == 4
    assert width_of(cut("日本日本", 4)) <= 4


def test_models_lose_maker_and_date_in_tables() -> None:
    assert short_model("claude-opus-4-5-20251101") == "opus-4-5"
    assert short_model("claude-") == "claude-"
    assert short_model("gpt-5.5") == "gpt-5.5"


def test_colours_follow_the_option_then_the_environment() -> None:
    assert wants_colour(True, {"NO_COLOR": "1"})
    assert not wants_colour(None, {"NO_COLOR": "1", "FORCE_COLOR": "1"})
    assert wants_colour(None, {"FORCE_COLOR": "1"})
    assert not wants_colour(False, {"FORCE_COLOR": "1"})
