"""Which colour class (`c0` … `c9`) a name gets: the same everywhere, unless two that matter would share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

COLOURS = 10
OTHER = "c-other"


def assign_colours(names: Iterable[str], settled: Mapping[str, str] | None = None) -> dict[str, str]:
    """Colour classes for names, most important first: the first ten never share one, `""` is always grey.

    The first ten are dealt with in an order of their own, so a change of rank among them changes no colour.
    `settled` names keep the colours they have in another chart.
    """
    classes = dict(settled or {}) | {"": OTHER}
    ranked = [name for name in dict.fromkeys(names) if name not in classes]
    free = set(range(COLOURS)) - {int(colour[1:]) for colour in classes.values() if colour != OTHER}
    room = len(free)
    for name in sorted(ranked[:room]):
        classes[name] = f"c{_pick(name, free)}"
    for name in ranked[room:]:
        classes[name] = f"c{_wish(name)}"
    return classes


def _pick(name: str, free: set[int]) -> int:
    colour = _wish(name)
    while colour not in free:
        colour = (colour + 1) % COLOURS
    free.remove(colour)
    return colour


def _wish(name: str) -> int:
    digest = blake2b(name.casefold().encode("utf-8", "replace"), digest_size=2).digest()
    return int.from_bytes(digest, "big") % COLOURS
