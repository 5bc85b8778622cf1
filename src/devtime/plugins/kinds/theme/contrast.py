"""Whether what a theme paints can be read: the pairs of tokens that lie on each other, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from devtime.plugins.kinds.theme.colours import contrast
from devtime.plugins.kinds.theme.tokens import colours_of

READABLE = 4.5
"""What WCAG 2 asks of text (AA); of edges one must see it asks 3."""
VISIBLE = 3.0

_TEXTS = ("--text-main", "--text-muted", "--text-dark", "--accent")
_GROUNDS = ("--bg", "--bg-card", "--bg-input", "--bg-hover")


class WeakPair(msgspec.Struct, frozen=True):
    """Two tokens too close to each other."""

    front: str
    ground: str
    ratio: float
    needed: float


def find_weak_pairs(variables: Mapping[str, str], base: Mapping[str, str]) -> list[WeakPair]:
    """The pairs that are hard to read, weakest first. `base` has the tokens the theme does not set."""
    colours = colours_of({**base, **variables})
    pairs = [(text, ground, READABLE) for text in _TEXTS for ground in _GROUNDS]
    pairs.append(("--border-focus", "--bg-card", VISIBLE))
    found: list[WeakPair] = []
    for front, ground, needed in pairs:
        if front not in colours or ground not in colours:
            continue
        ratio = contrast(colours[front].over(colours[ground]), colours[ground])
        if ratio < needed:
            found.append(WeakPair(front, ground, round(ratio, 2), needed))
    return sorted(found, key=lambda pair: pair.ratio / pair.needed)
