"""Reading an instant however a client spells it. Refusing what cannot be true is done here, once for all dialects."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from devtime.kernel.clock import DAY_MS, from_datetime
from devtime.kernel.errors import Invalid

if TYPE_CHECKING:
    from fractions import Fraction

EARLIEST_MS = 946_684_800_000
"""2000-01-01T00:00:00Z: nothing older is believed."""

MOST_AHEAD_MS = DAY_MS
"""How far in the future a clock may be wrong."""

_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
_MICROSECONDS_BELOW = 10**17
_NANOSECONDS_BELOW = 10**20

_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?(?:[eE]\+?\d{1,2})?", re.ASCII)
_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)", re.ASCII
)
_WITHOUT_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?", re.ASCII)
_BEFORE_ZONE = re.compile(r" (?=[Z+-])")
_SHAPES = "must be epoch seconds or milliseconds, or an RFC 3339 time"


def parse_instant(value: object, received_ms: int, field: str = "time") -> int:
    """Epoch milliseconds of a number (s, ms, µs or ns, told apart by magnitude), numeric text or RFC 3339 text.

    Raises Invalid(field, …) for anything else, before EARLIEST_MS or more than MOST_AHEAD_MS after `received_ms`.
    """
    if type(value) is float or type(value) is int:
        instant_ms = _from_number(value, field)
    elif type(value) is str:
        instant_ms = _from_text(value.strip(), field)
    else:
        raise Invalid(field, _SHAPES)
    if instant_ms < EARLIEST_MS:
        raise Invalid(field, "is before the year 2000")
    if instant_ms > received_ms + MOST_AHEAD_MS:
        raise Invalid(field, "is more than a day in the future")
    return instant_ms


def _from_number(number: float | int | Fraction, field: str) -> int:
    """Exact: floats are taken as the fractions they are; a half millisecond rounds up."""
    if not 0 <= number < _NANOSECONDS_BELOW:  # NaN fails too
        raise Invalid(field, "must not be negative" if number < 0 else _SHAPES)
    over, under = number.as_integer_ratio()
    if number < _SECONDS_BELOW:
        over *= 1_000
    elif number >= _MICROSECONDS_BELOW:
        under *= 1_000_000
    elif number >= _MILLISECONDS_BELOW:
        under *= 1_000
    return (2 * over + under) // (2 * under)


def _from_text(text: str, field: str) -> int:
    if _NUMBER.fullmatch(text):
        from fractions import Fraction  # seldom needed, and takes longer to import than the rest of this module

        return _from_number(Fraction(text), field)
    if not _RFC3339.fullmatch(text):
        naive = _WITHOUT_ZONE.fullmatch(text)
        raise Invalid(field, "names no time zone; end it with Z if it is UTC" if naive else _SHAPES)
    try:
        moment = datetime.fromisoformat(_BEFORE_ZONE.sub("", text.upper()).replace(",", "."))
    except ValueError as error:
        raise Invalid(field, f"is no time that exists ({error})") from None
    micros = moment.microsecond
    return from_datetime(moment.replace(microsecond=0)) + (2 * micros + 1_000) // 2_000
