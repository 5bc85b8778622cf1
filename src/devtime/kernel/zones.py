"""Time zones on the slot grid: local days, and the offset of every slot, exact through DST and changes of law."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from devtime.kernel.clock import from_datetime
from devtime.kernel.errors import Invalid
from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY

_EPOCH_DATE = date(1970, 1, 1)
_STEP_SLOTS = 6 * SLOTS_PER_DAY
"""No zone changes its offset twice within six days; some did within seven."""


class Offsets(NamedTuple):
    """UTC offsets in slots: `offsets[i]` holds for slots before `transitions[i]`, the last one for all after."""

    transitions: list[int]
    offsets: list[int]

    def local(self, slot: int) -> int:
        """The slot of local time: its quotient by 96 is the local day, its remainder the time of day."""
        for transition, offset in zip(self.transitions, self.offsets, strict=False):
            if slot < transition:
                return slot + offset
        return slot + self.offsets[-1]


_USUAL_NAME = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*", re.ASCII)
"""So are nearly all names spelled; those the listing of all zones, which takes long, need not be asked for."""


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def find_zone(name: str) -> tzinfo:
    """The zone of that IANA name; Invalid when there is none."""
    if name == "UTC":
        return UTC  # needs no table: zoneinfo takes a twentieth of a status line's time to import
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        if (len(name) < 64 and _USUAL_NAME.fullmatch(name)) or name in _names():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise Invalid("timezone", f"{name[:64]!r} is not an IANA time zone such as Europe/Berlin or UTC")


def day_start_ms(day: date, zone: tzinfo) -> int:
    """The first instant of the local day (where midnight is skipped, the first instant after it)."""
    local = datetime.combine(day, time(), zone)
    return -(-from_datetime(local) // SLOT_MS) * SLOT_MS


def day_of(instant_ms: int, zone: tzinfo) -> date:
    """The local date at the instant."""
    return datetime.fromtimestamp(instant_ms / 1_000, zone).date()


def date_of_day(day_number: int) -> date:
    """The date of a local day number (local slot divided by 96)."""
    return _EPOCH_DATE + timedelta(days=day_number)


@lru_cache(maxsize=4096)
def slot_offsets(zone_name: str, first_slot: int, last_slot: int) -> Offsets:
    """The offsets of all slots from first to last, both included."""
    zone = find_zone(zone_name)
    transitions: list[int] = []
    offsets = [_offset(zone, first_slot)]
    slot = first_slot
    while slot < last_slot:
        following = min(slot + _STEP_SLOTS, last_slot)
        offset = _offset(zone, following)
        if offset != offsets[-1]:
            transitions.append(_first_with(zone, offset, slot, following))
            offsets.append(offset)
        slot = following
    return Offsets(transitions, offsets)


def _first_with(zone: tzinfo, offset: int, before: int, after: int) -> int:
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == offset else (middle, after)
    return after


def _offset(zone: tzinfo, slot: int) -> int:
    shift = zone.utcoffset(datetime.fromtimestamp(slot * SLOT_MS / 1_000, UTC).astimezone(zone))
    assert shift is not None  # noqa: S101 - every IANA zone has an offset
    return round(shift.total_seconds() * 1_000 / SLOT_MS)
