"""When a limit is worth a word."""

from __future__ import annotations

import pytest

from devtime.alerts.limit_rules import Fired, Reading, Rule, judge
from devtime.kernel.clock import HOUR_MS

RESET_MS = 5 * HOUR_MS


def at(hours: float, used: float, *, runs_out: bool = False, resets_at_ms: int | None = RESET_MS) -> Reading:
    return Reading(round(hours * HOUR_MS), used, 100, resets_at_ms, runs_out)


def follow(*readings: Reading) -> list[tuple[Rule, ...]]:
    """What is told as one reading comes after the other."""
    standing: list[Fired] = []
    told: list[tuple[Rule, ...]] = []
    for reading in readings:
        verdict = judge(reading, standing)
        standing = [each for each in standing if each.rule not in verdict.ended]
        standing += [
            Fired(rule, reading.at_ms, reading.used, reading.most, reading.resets_at_ms) for rule in verdict.fired
        ]
        told.append(verdict.fired)
    return told


def test_each_threshold_is_told_once() -> None:
    told = follow(at(1, 74), at(1.2, 75), at(1.4, 80), at(1.6, 90), at(1.8, 91), at(2, 100), at(3, 130))
    assert told == [(), ("75",), (), ("90",), (), ("100",), ()]


def test_of_several_crossed_at_once_the_highest_is_told_and_the_lower_ones_are_not_told_later() -> None:
    assert follow(at(1, 95), at(1.1, 96), at(1.2, 100)) == [("90",), (), ("100",)]


def test_a_reset_arms_the_thresholds_again() -> None:
    assert follow(at(4, 80), at(5.1, 2, resets_at_ms=2 * RESET_MS), at(7, 76, resets_at_ms=2 * RESET_MS)) == [
        ("75",),
        (),
        ("75",),
    ]


def test_a_reset_that_was_slept_through_is_noticed_by_its_time() -> None:
    assert follow(at(4, 80), at(9, 82, resets_at_ms=2 * RESET_MS)) == [("75",), ("75",)]


def test_without_a_time_of_reset_a_fall_of_the_use_arms_again() -> None:
    told = follow(*(at(hour, used, resets_at_ms=None) for hour, used in ((1, 80), (2, 77), (3, 60), (4, 75))))
    assert told == [("75",), (), (), ("75",)]


def test_trembling_around_a_threshold_tells_nothing_twice() -> None:
    assert follow(at(1, 75), at(1.1, 74.9), at(1.2, 75.1), at(1.3, 74), at(1.4, 76)) == [("75",), (), (), (), ()]


def test_running_out_is_told_once_a_period_however_often_the_pace_changes() -> None:
    told = follow(
        at(1, 30, runs_out=True),
        at(2, 31),
        at(3, 70, runs_out=True),
        at(6, 40, runs_out=True, resets_at_ms=2 * RESET_MS),
    )
    assert told == [("runs-out",), (), (), ("runs-out",)]


def test_what_has_run_out_will_not_run_out() -> None:
    assert follow(at(1, 100, runs_out=True)) == [("100",)]


@pytest.mark.parametrize("most", [0.5, 1, 300])
def test_thresholds_are_shares_of_the_limit(most: float) -> None:
    assert judge(Reading(0, 0.75 * most, most), ()).fired == ("75",)
    assert judge(Reading(0, 0.74 * most, most), ()).fired == ()


def test_what_was_told_later_than_the_reading_says_nothing_about_it() -> None:
    later = Fired("75", 2 * HOUR_MS, 80, 100, RESET_MS)
    assert judge(at(1, 10), [later]).ended == ()
