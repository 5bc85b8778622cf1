"""What a theme may set, and in what words. What passes is spelled anew: no text of theirs reaches a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.theme.colours import Colour, read_colour

COLOUR_TOKENS = (
    "--bg", "--bg-card", "--bg-input", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border",
    "--border-focus", "--accent",
)  # fmt: skip
RADIUS_TOKENS = ("--radius-sm", "--radius", "--radius-pill")
THEME_TOKENS = (*COLOUR_TOKENS, *RADIUS_TOKENS, "--transition")
"""All fourteen."""

SURFACES = ("--bg", "--bg-card", "--bg-input", "--bg-hover")

_LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(px|rem|em)?")
_TRANSITION = re.compile(
    r"(?:all\s+)?(\d{0,4}(?:\.\d{1,4})?)(ms|s)(?:\s+(ease|ease-in|ease-out|ease-in-out|linear|step-start|step-end))?"
)
_MOST_TEXT = 200
_PX = {"px": 1.0, "rem": 16.0, "em": 16.0, None: 1.0}


def read_value(name: str, text: str) -> str:
    """A token's value, spelled as we spell it; Invalid, naming the token, when it takes no such value."""
    word = text.strip().lower()
    if name not in THEME_TOKENS:
        raise Invalid(name[:64], "is not a token a theme may set")
    if len(word) > _MOST_TEXT:
        raise Invalid(name, "is too long")
    if name in COLOUR_TOKENS:
        colour = read_colour(word)
        if colour is None:
            raise Invalid(name, "is no colour such as #4fd1bf, rgb(79 209 191) or hsl(172, 58%, 56%)")
        if name in SURFACES and colour.alpha < 1:
            raise Invalid(name, "must be opaque, for text stands on it")
        return str(colour)
    return _read_radius(name, word) if name in RADIUS_TOKENS else _read_transition(name, word)


def read_variables(told: Mapping[str, object]) -> tuple[dict[str, str], dict[str, str]]:
    """The tokens of a theme that can be used, and why the others cannot (name → reason)."""
    kept: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, value in list(told.items())[:100]:
        try:
            if not isinstance(value, str):
                raise Invalid(name[:64], "is not a text")
            kept[name] = read_value(name, value)
        except Invalid as error:
            refused[error.field] = error.reason
    return {name: kept[name] for name in THEME_TOKENS if name in kept}, refused


def side_of(variables: Mapping[str, str]) -> Literal["light", "dark"] | None:
    """Which side of the switch the theme dresses, by its ground; None, when it sets none, is both."""
    ground = read_colour(variables.get("--bg", "")) or read_colour(variables.get("--bg-card", ""))
    return None if ground is None else "dark" if ground.luminance < 0.18 else "light"


def colours_of(variables: Mapping[str, str]) -> dict[str, Colour]:
    """The colours among them."""
    found = {name: read_colour(variables.get(name, "")) for name in COLOUR_TOKENS}
    return {name: colour for name, colour in found.items() if colour is not None}


def _read_radius(name: str, word: str) -> str:
    found = _LENGTH.fullmatch(word)
    number = float(found[1]) if found else 0.0
    if found is None or (found[2] is None and number) or number * _PX[found[2]] > 9_999:
        raise Invalid(name, "is no length such as 8px or 0.5rem")
    return f"{number:g}{found[2] or 'px'}"


def _read_transition(name: str, word: str) -> str:
    found = _TRANSITION.fullmatch(word)
    if found is None or not found[1]:
        raise Invalid(name, "is no time such as 120ms or 0.15s, with ease-out or another curve after it")
    length_ms = float(found[1]) * (1 if found[2] == "ms" else 1_000)
    if length_ms > 2_000:
        raise Invalid(name, "is longer than two seconds")
    return f"{length_ms:g}ms {found[3] or 'ease'}"
