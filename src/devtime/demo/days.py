"""When the made-up developers work: free days, working hours, lunch, late nights. In hours of the local clock."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Literal

import msgspec

from devtime.demo.people import Person

Kind = Literal["coding", "meeting", "review", "hobby"]


class Stretch(msgspec.Struct, frozen=True):
    """Hours after local midnight (more than 24: past it) spent on one kind of thing, on one machine."""

    start_h: float
    end_h: float
    kind: Kind
    machine: str


def plan_day(person: Person, day: date, random: Random, *, must_work: bool = False) -> list[Stretch]:
    """What the person does that day, in order; empty for a free day unless they must work."""
    if must_work:
        return _working_day(person, day, random)
    if _is_free(person, day):
        return _evening(person, random, 10.0, 0.1)
    if day.weekday() >= 5:
        return _evening(person, random, random.uniform(10.0, 15.0), 0.35)
    if random.random() > person.presence:
        return []
    return _working_day(person, day, random) + _evening(person, random, random.uniform(20.5, 22.5), 0.18)


def _is_free(person: Person, day: date) -> bool:
    """Two weeks in summer, the days between the years, a long weekend now and then."""
    random = Random(f"holidays {person.seed} {day.year}")
    summer, short = random.randint(180, 230), random.randint(90, 140)
    number = day.timetuple().tm_yday
    return summer <= number < summer + 15 or short <= number < short + 4 or number <= 3 or number >= 358


def _working_day(person: Person, day: date, random: Random) -> list[Stretch]:
    start_h = person.starts_h + random.gauss(0.0, 0.35)
    lunch_h = random.uniform(12.0, 12.8)
    end_h = start_h + random.uniform(7.8, 9.6)
    plan: list[Stretch] = []
    standup_h = max(start_h + 0.1, 9.75)
    plan += _work(start_h, standup_h, random, person.laptop)
    plan.append(Stretch(standup_h, standup_h + 0.25, "meeting", person.laptop))
    plan += _work(standup_h + 0.25, lunch_h, random, person.laptop)
    afternoon_h = lunch_h + random.uniform(0.6, 1.0)
    if day.weekday() in (1, 3) and random.random() < 0.7:
        plan.append(Stretch(afternoon_h, afternoon_h + 1.0, "meeting", person.laptop))
        afternoon_h += 1.05
    return plan + _work(afternoon_h, end_h, random, person.laptop)


def _work(start_h: float, end_h: float, random: Random, machine: str) -> list[Stretch]:
    """Stretches with pauses between them, now and then a review."""
    plan: list[Stretch] = []
    while start_h < end_h - 0.1:
        until_h = min(end_h, start_h + random.uniform(0.5, 1.8))
        kind: Kind = "review" if random.random() < 0.12 else "coding"
        plan.append(Stretch(start_h, until_h, kind, machine))
        start_h = until_h + random.choice((0.05, 0.1, 0.2, 0.35))
    return plan


def _evening(person: Person, random: Random, start_h: float, chance: float) -> list[Stretch]:
    if random.random() > chance:
        return []
    return [Stretch(start_h, start_h + random.uniform(0.8, 3.5), "hobby", person.desktop)]
