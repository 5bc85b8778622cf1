"""Which colour class (`c0` … `c9`) a name gets: always the same one, unless two names that matter would share it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

COLOURS = 10
OTHER = "c-other"


def assign_colours(names: Iterable[str]) -> dict[str, str]:
    """Colour classes for names, most important first: the first ten never share one, `""` is always grey."""
    taken: set[int] = set()
    classes: dict[str, str] = {}
    for name in names:
        if name in classes:
            continue
        classes[name] = f"c{_pick(name, taken)}" if name else OTHER
    return classes


def _pick(name: str, taken: set[int]) -> int:
    wanted = blake2b(name.casefold().encode("utf-8", "replace"), digest_size=2).digest()
    colour = int.from_bytes(wanted, "big") % COLOURS
    if len(taken) < COLOURS:
        while colour in taken:
            colour = (colour + 1) % COLOURS
        taken.add(colour)
    return colour
