"""The pace of a limit, as the contract's section 5 tells it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from devtime.plugins.kinds.probe.lines import Count, Dollars, Format, Percent, Progress
from devtime.plugins.kinds.probe.pace import (
    foretell,
    pace_of,
    sentence_of,
    spell_amount,
    spell_deficit,
    spell_duration,
    spell_reset,
    spell_value,
)

HOUR = 3_600_000
PERIOD = 10 * HOUR
RESET = "2026-02-01T10:00:00Z"
START = 1_769_904_000_000
"""2026-02-01T00:00:00Z"""


def line(used: float, limit: float = 100, format: Format | None = None, resets_at: str | None = RESET) -> Progress:
    return Progress("L", used, limit, format or Percent(), resets_at, PERIOD)


def status(used: float, hours: float) -> str | None:
    pace = pace_of(line(used), START + round(hours * HOUR))
    return pace.status if pace else None


@pytest.mark.parametrize(
    ("used", "hours", "expected"),
    [
        (10, 0, None),
        (10, -1, None),
        (10, 10, None),
        (10, 11, None),
        (0, 0.1, "ahead"),
        (0, 9, "ahead"),
        (100, 0.1, "behind"),
        (120, 9, "behind"),
        (5, 0.4, None),
        (4, 0.5, "ahead"),
        (40, 5, "ahead"),
        (40.1, 5, "on-track"),
        (50, 5, "on-track"),
        (50.1, 5, "behind"),
        (99, 9.9, "on-track"),
    ],
)
def test_a_pace_is_ahead_on_track_or_behind(used: float, hours: float, expected: str | None) -> None:
    assert status(used, hours) == expected


@pytest.mark.parametrize("resets_at", [None, "soon"])
def test_there_is_no_pace_without_a_reset(resets_at: str | None) -> None:
    assert pace_of(line(5, resets_at=resets_at), START + HOUR) is None


def test_there_is_no_pace_without_a_period() -> None:
    assert pace_of(Progress("L", 5, 100, Percent(), RESET), START + HOUR) is None


def test_the_projection_is_used_by_the_share_of_time() -> None:
    pace = pace_of(line(30), START + 5 * HOUR)
    assert pace is not None
    assert (pace.projected, pace.elapsed_share, pace.runs_out_in_ms, pace.deficit) == (60, 0.5, None, None)


def test_what_runs_out_says_when_and_how_much_it_is_short() -> None:
    told = line(75)
    pace = pace_of(told, START + 5 * HOUR)
    assert pace is not None
    assert pace.runs_out_in_ms == 6_000_000
    assert foretell(told, pace) == "Runs out in 1h 40m"
    assert foretell(told, pace, is_left=True) == "Limit in 1h 40m"
    assert spell_deficit(told, pace) == "25% in deficit"
    assert spell_deficit(told, pace, is_left=True) == "25% short"
    assert sentence_of(told, pace) == "Will run out"


def test_a_limit_that_is_reached_does_not_run_out_again() -> None:
    told = line(100)
    pace = pace_of(told, START + 5 * HOUR)
    assert pace is not None
    assert pace.runs_out_in_ms is None
    assert sentence_of(told, pace) == "Limit reached"
    assert foretell(told, pace) == "100% used at reset"


@pytest.mark.parametrize(
    ("used", "sentence", "told", "left"),
    [
        (20, "Plenty of room", "40% used at reset", "60% left at reset"),
        (45, "Right on target", "90% used at reset", "10% left at reset"),
    ],
)
def test_what_does_not_run_out_says_what_it_comes_to(used: float, sentence: str, told: str, left: str) -> None:
    pace = pace_of(line(used), START + 5 * HOUR)
    assert pace is not None
    assert sentence_of(line(used), pace) == sentence
    assert foretell(line(used), pace) == told
    assert foretell(line(used), pace, is_left=True) == left


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "<1m"), (0.9, "<1m"), (1, "1m"), (59, "59m"), (60, "1h 0m"), (185, "3h 5m"), (1440, "1d 0h"), (3060, "2d 3h")],
)
def test_durations(minutes: float, text: str) -> None:
    assert spell_duration(round(minutes * 60_000)) == text


@pytest.mark.parametrize(
    ("hours", "text"), [(7, "Resets in 3h 0m"), (9.95, "Resets soon"), (11, "Resets soon"), (-38, "Resets in 2d 0h")]
)
def test_resets(hours: float, text: str) -> None:
    assert spell_reset(line(1), START + round(hours * HOUR)) == text


@pytest.mark.parametrize(
    ("resets_at", "zone", "text"),
    [
        ("2026-02-01T09:05:00Z", "UTC", "Resets today at 9:05"),
        ("2026-02-01T23:59:00Z", "UTC", "Resets today at 23:59"),
        ("2026-02-02T00:00:00Z", "UTC", "Resets tomorrow at 0:00"),
        ("2026-02-03T00:00:00Z", "UTC", "Resets Feb 3 at 0:00"),
        ("2026-02-01T09:05:00Z", "Asia/Tokyo", "Resets today at 18:05"),
        ("2026-02-01T15:30:00Z", "Asia/Tokyo", "Resets tomorrow at 0:30"),
        ("2026-02-01T09:05:00+05:00", "America/New_York", "Resets today at 23:05"),
        ("2026-03-29T01:30:00Z", "Europe/Berlin", "Resets Mar 29 at 3:30"),
        ("2026-02-01T00:04:59Z", "UTC", "Resets soon"),
        ("2026-01-31T00:00:00Z", "UTC", "Resets soon"),
        ("9999-12-31T23:59:59Z", "Asia/Tokyo", f"Resets in {(253402300799000 - START) // 86_400_000}d 23h"),
        (None, "UTC", ""),
    ],
)
def test_resets_by_a_clock(resets_at: str | None, zone: str, text: str) -> None:
    assert spell_reset(line(1, resets_at=resets_at), START, ZoneInfo(zone)) == text


def test_no_reset_is_not_spelled() -> None:
    assert spell_reset(line(1, resets_at=None), START) == ""


@pytest.mark.parametrize(
    ("format", "amount", "text"),
    [
        (Percent(), 41.6, "42%"),
        (Dollars(), 5, "$5"),
        (Dollars(), 5.5, "$5.50"),
        (Dollars(), 1234.5, "$1,234.50"),
        (Count("credits"), 1200, "1,200 credits"),
        (Count("credits"), 1.25, "1.25 credits"),
        (Count(""), 7, "7"),
    ],
)
def test_amounts(format: Format, amount: float, text: str) -> None:
    assert spell_amount(line(1, format=format), amount) == text


@pytest.mark.parametrize(("used", "left"), [(30, "70% left"), (130, "0% left")])
def test_what_is_left(used: float, left: str) -> None:
    assert spell_value(line(used), is_left=True) == left
    assert spell_value(line(30)) == "30%"
