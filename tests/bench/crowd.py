"""Who is in the store while it is measured: one heavy user, some regular ones, many light ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from devtime.demo.filling import Order, add_crowd
from devtime.demo.people import Person, make_person

HEAVY = 200_000
_REGULAR = 100_000
_LIGHT = 7_750
_ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Crowd:
    """The accounts, the heavy one first; those in `senders` have no past and send during the measurement."""

    heavy: UUID
    senders: Sequence[UUID]
    heartbeats: int
    seconds: float


def fill_crowd(dsn: str, heartbeats: int, senders: int, now_ms: int) -> Crowd:
    """Fill the store up to so many heartbeats, of which the heavy user has 200,000 in a year."""
    orders = [_heavy(), *_others(heartbeats - HEAVY), *(_sender(number) for number in range(senders))]
    started = time.monotonic()
    ids: list[UUID] = []
    done = 0
    bar = Progress("filling", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with bar:
        task = bar.add_task("filling", total=heartbeats)
        for filled in add_crowd(dsn, orders, now_ms):
            ids.append(filled.user_id)
            done += filled.heartbeats
            bar.update(task, completed=done)
    return Crowd(ids[0], ids[len(ids) - senders :], done, time.monotonic() - started)


def _heavy() -> Order:
    person = msgspec.structs.replace(make_person(1, _ZONE), pace_s=38.0, eagerness=0.7)
    return Order(person=person, newest=HEAVY)


def _others(heartbeats: int) -> list[Order]:
    """A fifth of what is left belongs to regular users, the rest to light ones."""
    regular = heartbeats // 5 // _REGULAR
    light = (heartbeats - regular * _REGULAR) // _LIGHT
    return [
        *(Order(person=make_person(2 + number, _ZONE), newest=_REGULAR) for number in range(regular)),
        *(Order(person=_light(1_000 + number), newest=_LIGHT) for number in range(light)),
    ]


def _light(seed: int) -> Person:
    return msgspec.structs.replace(make_person(seed, _ZONE), pace_s=420.0, eagerness=0.03, presence=0.28)


def _sender(number: int) -> Order:
    return Order(person=make_person(100_000 + number, _ZONE), newest=1, days=2)
