"""The offsets of slots and the beginnings of days, in zones whose clocks do odd things."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from devtime.kernel.slots import SLOT_MS
from devtime.kernel.zones import day_of, day_start_ms, slot_offsets

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = datetime(2031, 1, 1, tzinfo=UTC)
_STEP = timedelta(hours=18)


def _slot(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000) // SLOT_MS


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    shift = moment.astimezone(zone).utcoffset()
    assert shift is not None
    return round(shift.total_seconds() * 1_000) // SLOT_MS


@pytest.mark.parametrize(
    "name",
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",  # shifts by half an hour
        "Pacific/Apia",  # crossed the date line
        "America/Noronha",  # changed twice within seven days
        "America/St_Johns",  # changed at one minute past midnight
        "America/Sao_Paulo",  # had days without a midnight
        "Africa/Casablanca",  # changes for Ramadan
        "Asia/Pyongyang",
        "America/Caracas",
    ],
)
def test_each_slot_has_the_offset_of_its_first_instant(name: str) -> None:
    zone = ZoneInfo(name)
    offsets = slot_offsets(name, _slot(_FIRST), _slot(_LAST))
    edges = [datetime.fromtimestamp(slot * SLOT_MS / 1_000, UTC) for slot in offsets.transitions]
    samples = [_FIRST + _STEP * number for number in range((_LAST - _FIRST) // _STEP)]
    for moment in samples + edges + [edge - timedelta(milliseconds=SLOT_MS) for edge in edges]:
        assert offsets.local(_slot(moment)) - _slot(moment) == _offset(moment, zone), moment


@pytest.mark.parametrize(
    ("name", "day", "start"),
    [
        ("Europe/Berlin", date(2025, 3, 30), "2025-03-29T23:00:00+00:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00+00:00"),
        ("Atlantic/Azores", date(2025, 10, 26), "2025-10-26T00:00:00+00:00"),
        ("Asia/Kathmandu", date(2025, 5, 2), "2025-05-01T18:15:00+00:00"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_day_starts_with_its_first_instant(name: str, day: date, start: str) -> None:
    start_ms = day_start_ms(day, ZoneInfo(name))
    assert start_ms == int(datetime.fromisoformat(start).timestamp() * 1_000)
    assert day_of(start_ms, ZoneInfo(name)) == day
    assert day_of(start_ms - 1, ZoneInfo(name)) < day


def test_two_changes_within_a_week_are_both_seen() -> None:
    first, second = (datetime(2000, 10, day, hour, tzinfo=UTC) for day, hour in ((8, 2), (15, 1)))
    before = _slot(first) - 1
    assert slot_offsets("America/Noronha", before, before + 1_400).transitions == [_slot(first), _slot(second)]


def test_a_day_that_never_was_is_empty() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert day_start_ms(date(2011, 12, 30), apia) == day_start_ms(date(2011, 12, 31), apia)
