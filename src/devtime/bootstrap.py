"""The composition root: settings → store → features → application. Nothing else wires parts together."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from devtime.activity.ingest import Ingest
from devtime.api.routes import api_routes
from devtime.kernel.logs import configure_logging
from devtime.kernel.settings import Settings
from devtime.marketplace.hooks.events import WITNESS
from devtime.plugins.engine.pool import Pool
from devtime.server.announcements import ACCESS, Announcements
from devtime.server.application import create_application
from devtime.server.identities import Identities
from devtime.server.limits import Limits
from devtime.server.live import Live
from devtime.server.parent import die_with_parent
from devtime.server.parts import Parts
from devtime.server.plugin_runtime import ProcessRuntime
from devtime.server.plugins import Plugins
from devtime.server.process import PROCESS_VARIABLE, read_process
from devtime.store.database import Database
from devtime.web.error_page import draw_error
from devtime.web.routes import web_routes

_CONNECTIONS = 24
"""What all server processes of a machine hold together at the most; the embedded database takes 60."""

_PATIENCE_S = 30.0
"""The longest a request's question may keep one of these connections from others."""


def create_server() -> Litestar:
    """The application of a server process, made from its environment (the factory granian calls)."""
    die_with_parent()
    process = read_process(os.environ[PROCESS_VARIABLE])
    configure_logging(process.settings)
    return build_application(process.settings, process.dsn)


def build_application(settings: Settings, dsn: str) -> Litestar:
    """The application on a migrated database."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Parts]:
        async with open_parts(settings, dsn) as parts:
            yield parts

    return create_application(opened, all_routes(), error_page=draw_error)


def all_routes() -> Sequence[ControllerRouterHandler]:
    """Every route of the APIs and the pages."""
    return [*api_routes(), *web_routes()]


@asynccontextmanager
async def open_parts(settings: Settings, dsn: str) -> AsyncGenerator[Parts]:
    """The parts of one server process, connected; closed in the opposite order."""
    largest = max(2, min(8, _CONNECTIONS // settings.workers))
    database = await Database.open(dsn, smallest=2, largest=largest, patience_s=_PATIENCE_S)
    announcements = Announcements(dsn)
    identities = Identities(database, is_listening=lambda: announcements.is_listening)
    announcements.on(ACCESS, lambda user_id: identities.forget(UUID(user_id)))
    announcements.on_gap(identities.forget_all)
    live = Live(database, announcements)
    ingest = Ingest(database, announce=live.publish, witness=WITNESS)
    pool = Pool(settings.home / "engine", workers=max(1, min(4, (os.cpu_count() or 2) // settings.workers)))
    plugins = Plugins(database, ProcessRuntime(settings, dsn, database, pool), live)
    await announcements.start()
    await identities.start()
    try:
        yield Parts(
            settings=settings,
            database=database,
            ingest=ingest,
            identities=identities,
            live=live,
            limits=Limits(settings),
            plugins=plugins,
        )
    finally:
        await ingest.drain()
        await plugins.close()
        await live.close()
        await identities.close()
        await announcements.close()
        await database.close()
