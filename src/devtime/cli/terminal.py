"""What a terminal is like, and text that fits it: width, colour, cells that cannot break out of their place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

Style = str
PLAIN, BOLD, DIM, RED, GREEN, YELLOW, CYAN = "", "1", "2", "31", "32", "33", "36"

_PIPE_WIDTH = 120
_NARROWEST, _WIDEST = 40, 400


def terminal_width() -> int:
    """Columns of the terminal (COLUMNS); 120 into a pipe."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told[:6]) > 0:
        columns = int(told[:6])
    else:
        # Not by shutil, which takes three milliseconds to import.
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
        except (OSError, ValueError):
            columns = 0
    return max(_NARROWEST, min(_WIDEST, columns or _PIPE_WIDTH))


def wants_colour(chosen: bool | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: as chosen, else NO_COLOR, FORCE_COLOR, else whether a terminal is there that can."""
    if chosen is not None:
        return chosen
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") != "0":
        return True
    return sys.stdout.isatty() and environment.get("TERM") != "dumb"


def paint(text: str, style: Style) -> str:
    """The text in a style (`1;32`); the text itself where there is none."""
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text


def clean(text: str) -> str:
    """A name as a terminal may show it: no control characters, no line ends, nothing that turns the writing around."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() and char not in _TURNING else "\N{REPLACEMENT CHARACTER}" for char in text
    )


_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def width_of(text: str) -> int:
    """How many columns the text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def cut(text: str, width: int) -> str:
    """The text, its end replaced by … where it is too wide."""
    if width_of(text) <= width:
        return text
    kept = text
    while kept and width_of(kept) > width - 1:
        kept = kept[:-1]
    return kept + "…" if width > 0 else ""


def pad(text: str, width: int, is_right: bool = False) -> str:
    """The text filled up with blanks."""
    blanks = " " * (width - width_of(text))
    return blanks + text if is_right else text + blanks


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines no wider than that, as far as its words allow."""
    if width_of(text) <= width:
        return [text]
    from textwrap import wrap

    return wrap(text, width, break_long_words=False, break_on_hyphens=False)
