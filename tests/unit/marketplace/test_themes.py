"""What of a theme reaches a style sheet."""

from __future__ import annotations

import pytest

from devtime.marketplace.themes import VARIABLES, sift_variables


@pytest.mark.parametrize(
    "value",
    ["#121212", "rgb(10, 20, 30)", "oklch(70% 0.1 200)", "4px", "0.2s ease", "rgba(0,0,0,.5)", "rebeccapurple"],
)
def test_colours_lengths_and_times_pass(value: str) -> None:
    assert sift_variables({"--bg": value}) == {"--bg": value}


@pytest.mark.parametrize(
    "value",
    [
        "red;color:blue", "{", "}", "url(https://evil.example/x)", "URL (x)", "expression(alert(1))", "var(--x)",
        "</style>", "\\75rl(x)", "u\\72l(x)", "/*", "image-set('x')", "attr(data-x)",
        "a\nb", "'a'", "", "x" * 101, "@import",
    ],
)  # fmt: skip
def test_everything_else_is_dropped(value: str) -> None:
    assert sift_variables({"--bg": value}) == {}


def test_only_the_documented_variables_are_set() -> None:
    assert len(VARIABLES) == 14
    assert sift_variables({"--font": "serif", "--bg": "red", "color": "red", "--BG": "red"}) == {"--bg": "red"}
