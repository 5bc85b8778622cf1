"""One JSON document, walked through as it is read: the values at the places asked for. Knows no source, no heartbeats.

Bounded however deep the document nests: the places ijson itself tells grow with the square of the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from io import BufferedReader
from typing import Any

import ijson

from devtime.kernel.errors import Invalid
from devtime.wire.fields import Unreadable

Place = Sequence[str]
"""The names on the way to a value from the top; an array is passed by `item`."""

MOST_NESTING = 200
"""Deeper nested values are there as Unreadable."""

_DEEPEST_PLACE = 16
_BEGINS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})


def values_at(reader: BufferedReader, is_wanted: Callable[[Place], bool]) -> Iterator[tuple[Place, object]]:
    """Each value whose place is wanted, with that place, in the order of the document; Invalid where it breaks off."""
    place: list[str] = []
    opened: list[Any] = []
    name, passed = "", 0
    whole: object = None
    with parsing():
        for event, value in ijson.basic_parse(reader, buf_size=1 << 16):
            if opened:
                if event == "map_key":
                    name = value
                elif event in _ENDS:
                    opened.pop()
                    if not opened:
                        yield place, whole
                else:
                    made = _begin(event, value)
                    top = opened[-1]
                    if type(top) is dict:
                        top[name] = made
                    else:
                        top.append(made)
                    if event in _BEGINS:
                        opened.append(made)
                        if len(opened) > MOST_NESTING:
                            whole, passed = Unreadable("is nested too deeply"), len(opened)
                            opened.clear()
            elif passed:
                passed += (event in _BEGINS) - (event in _ENDS)
                if not passed and type(whole) is Unreadable:
                    yield place, whole
            elif event == "map_key":
                place[-1] = value
            elif event in _ENDS:
                place.pop()
            elif is_wanted(place):
                whole = _begin(event, value)
                if event in _BEGINS:
                    opened.append(whole)
                else:
                    yield place, whole
            elif event in _BEGINS:
                whole = None
                if len(place) == _DEEPEST_PLACE:
                    passed = 1
                else:
                    place.append("" if event == "start_map" else "item")


def _begin(event: str, value: Any) -> Any:
    """The value an event tells, empty still if it is a list or an object; decimals are floats, as everywhere else."""
    if event == "start_map":
        return {}
    if event == "start_array":
        return []
    return float(value) if type(value) is Decimal else value


@contextmanager
def parsing() -> Generator[None]:
    """What a JSON parser raises becomes Invalid."""
    try:
        yield
    except ijson.JSONError:
        raise Invalid("", "from here on the file is no JSON: it breaks off or is damaged") from None
    except ArithmeticError:
        raise Invalid("", "from here on the file cannot be read: a number is out of all range") from None
