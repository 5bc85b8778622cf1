"""A throw-away instance: its own home in a temporary folder, a made-up year, gone when it ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from devtime.accounts.users import change_time
from devtime.alerts.limit_watch import watch_limits
from devtime.demo.filling import Order, Progress, add_person, fill_account
from devtime.demo.limits import make_limits
from devtime.demo.people import make_team
from devtime.kernel.clock import now_ms
from devtime.kernel.settings import Settings
from devtime.running.first_start import Arrival, machine_zone
from devtime.running.up import Started, run_all
from devtime.store.database import Database


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What the instance is filled with: people made from a seed, the days they had until `until_ms`."""

    seed: int = 1
    days: int = 365
    people: int = 1
    zone: str = ""
    until_ms: int | None = None


def run_demo(settings: Settings, demo: Demo, progress: Progress, announce: Callable[[Started], None]) -> None:
    """Run until SIGINT or SIGTERM; `settings.home` is replaced by a folder that is removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="devtime-demo-"))

    async def furnish(database: Database, arrival: Arrival) -> None:
        await _furnish(database, arrival, demo, progress)

    try:
        run_all(
            msgspec.structs.replace(settings, home=home, database_url="", backups=0, collect=False),
            announce,
            furnish=furnish,
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _furnish(database: Database, arrival: Arrival, demo: Demo, progress: Progress) -> None:
    until_ms = now_ms() if demo.until_ms is None else demo.until_ms
    zone = demo.zone or machine_zone()
    await change_time(database, arrival.owner.id, timezone=zone, week_start=arrival.owner.week_start)
    first, *others = make_team(demo.seed, max(1, demo.people), zone)
    await fill_account(database, arrival.owner.id, Order(person=first, days=demo.days), until_ms, progress)
    async with database.transaction() as connection:
        told = [plan.told for plan in make_limits(first.seed, until_ms)]
        await watch_limits(connection, arrival.owner.id, told)
    for person in others:
        await add_person(database, Order(person=person, days=demo.days), until_ms)
