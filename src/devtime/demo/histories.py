"""A made-up developer's heartbeats, day by day up to now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from devtime.demo.days import Stretch, plan_day
from devtime.demo.people import Person
from devtime.demo.scenes import play_stretch
from devtime.kernel.clock import HOUR_MS
from devtime.kernel.zones import day_of, day_start_ms, find_zone
from devtime.wire.heartbeat import Heartbeat


def live(person: Person, now_ms: int, days: int = 365) -> Iterator[Heartbeat]:
    """All heartbeats of the last so many days, oldest day first, none after now.

    A past day is the same whenever it is asked for. Today the person works, whatever day it is, and has begun already.
    """
    today = day_of(now_ms, find_zone(person.zone))
    for number in range(days - 1, -1, -1):
        beats = live_day(person, today - timedelta(days=number)) if number else _live_today(person, today, now_ms)
        yield from (beat for beat in beats if beat.time_ms <= now_ms)


def live_day(person: Person, day: date) -> list[Heartbeat]:
    """The heartbeats of one day, oldest first; a late night's are past midnight."""
    random = Random(f"day {person.seed} {day}")
    return _play(person, day, plan_day(person, day, random), random)


def _live_today(person: Person, today: date, now_ms: int) -> list[Heartbeat]:
    """A working day that began some hours ago, or at midnight if that is later."""
    random = Random(f"today {person.seed} {today}")
    plan = plan_day(person, today, random, must_work=True)
    so_far_h = (now_ms - day_start_ms(today, find_zone(person.zone))) / HOUR_MS
    early_h = max(0.0, plan[0].start_h - max(0.0, so_far_h - 3.0))
    plan = [Stretch(part.start_h - early_h, part.end_h - early_h, part.kind, part.machine) for part in plan]
    return _play(person, today, plan, random)


def _play(person: Person, day: date, plan: list[Stretch], random: Random) -> list[Heartbeat]:
    midnight_ms = day_start_ms(day, find_zone(person.zone))
    beats = [beat for part in plan for beat in play_stretch(person, day, midnight_ms, part, random)]
    return sorted(beats, key=lambda beat: beat.time_ms)
