"""Everything on one machine: database, first start, server, worker, collector; until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import httpx
import msgspec

from devtime.kernel.logs import configure_logging
from devtime.kernel.settings import Settings
from devtime.running.background import Background
from devtime.running.collecting import KeptCollector
from devtime.running.first_start import Arrival, prepare_first_start
from devtime.running.server import claim_port, run_server
from devtime.running.store import open_store
from devtime.store.database import Database
from devtime.store.embedded import Running

_READY_S = 30.0
_ASK_EVERY_S = 0.02


class Started(msgspec.Struct, frozen=True):
    """What came up: the settings in force, and who may sign in how (None: no account was looked for or made)."""

    settings: Settings
    arrival: Arrival | None


Furnish = Callable[[Database, Arrival], Awaitable[None]]
"""Puts something into the store before the server starts."""


async def _nothing(_database: Database, _arrival: Arrival) -> None:
    return


def run_all(settings: Settings, announce: Callable[[Started], None], *, furnish: Furnish = _nothing) -> None:
    """Run until SIGINT or SIGTERM. `announce` is called once the server answers."""
    configure_logging(settings)
    settings = claim_port(settings)
    with open_store(settings) as (postgres, dsn):
        arrival = asyncio.run(_arrive(settings, dsn, furnish))
        with _collector(settings):
            _serve(settings, dsn, postgres, Started(settings, arrival), announce)


def run_server_alone(settings: Settings, announce: Callable[[Started], None]) -> None:
    """Serve on the database of `DATABASE_URL`, or the embedded one: no first start, nothing written to the home."""
    configure_logging(settings)
    settings = claim_port(settings)
    with open_store(settings) as (postgres, dsn):
        _serve(settings, dsn, postgres, Started(settings, None), announce)


async def _arrive(settings: Settings, dsn: str, furnish: Furnish) -> Arrival:
    database = await Database.open(dsn, largest=2)
    try:
        arrival = await prepare_first_start(settings, database)
        await furnish(database, arrival)
        return arrival
    finally:
        await database.close()


def _serve(
    settings: Settings, dsn: str, postgres: Running | None, started: Started, announce: Callable[[Started], None]
) -> None:
    background = Background(settings, dsn, postgres)
    background.start()
    threading.Thread(target=_announce_when_ready, args=(started, announce), daemon=True).start()
    try:
        run_server(settings, dsn)
    finally:
        background.stop()


@contextmanager
def _collector(settings: Settings) -> Generator[None]:
    if not settings.collect:
        yield
        return
    collector = KeptCollector(settings)
    collector.start()
    try:
        yield
    finally:
        collector.stop()


def _announce_when_ready(started: Started, announce: Callable[[Started], None]) -> None:
    address = f"{started.settings.local_address}/api/health"
    deadline = time.monotonic() + _READY_S
    # The certificate may be for another name than the loopback's; this asks nothing but "are you there".
    with httpx.Client(verify=False, trust_env=False, timeout=1.0) as client:  # noqa: S501
        while time.monotonic() < deadline:
            try:
                client.get(address)
            except httpx.HTTPError:
                time.sleep(_ASK_EVERY_S)
                continue
            announce(started)
            return
    logging.getLogger(__name__).error("the server did not answer within %s s; see the log above", _READY_S)
