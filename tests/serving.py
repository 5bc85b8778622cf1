"""A server for tests of the doors: the real parts on a real database, real sign-in pages, and routes that only tell."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar, Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from devtime.accounts.keys import KeyScope, NewKey, create_key
from devtime.accounts.passwords import Passwords
from devtime.accounts.sessions import create_session
from devtime.accounts.users import Role, User, create_user, ensure_owner, store_password
from devtime.api.native.auth import create_token
from devtime.api.native.keys import create_own_key, list_own_keys, rename_own_key, revoke_own_key
from devtime.bootstrap import open_parts
from devtime.kernel.errors import Conflict, Invalid, NotFound, TooMany, Unavailable
from devtime.kernel.settings import Settings
from devtime.server.application import create_application
from devtime.server.compression import CompressPages
from devtime.server.guards import requires, requires_role
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.problems import CODETRACKR_HANDLERS, PAGE_HANDLERS, PROBLEM_HANDLERS
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.web.error_page import draw_error
from devtime.web.pages.live import stream_activity
from devtime.web.pages.session import log_in, log_out, show_login, show_welcome, welcome
from devtime.web.pages.signup import make_account, show_signup

ORIGIN = "http://testserver.local"
PASSWORD = "correct horse battery"


class Body(msgspec.Struct):
    """Something to decode."""

    name: str
    count: int = 0


@get("/who")
async def tell_who(identity: NamedDependency[Identity]) -> dict[str, Any]:
    """Who asks; for anything that may read."""
    return {"user": identity.username, "scope": identity.scope, "role": identity.role, "zone": identity.timezone}


@post("/ingest", guards=[requires("ingest")], status_code=200)
async def take(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> dict[str, Any]:
    """What a heartbeat's route asks for, without the heartbeat."""
    parts.limits.take_heartbeat(identity)
    return {"user": identity.username}


@post("/change", status_code=200)
async def change(identity: NamedDependency[Identity]) -> dict[str, Any]:
    """Something only a full credential may do."""
    return {"user": identity.username}


@get("/admin", guards=[requires_role("admin")])
async def administer(identity: NamedDependency[Identity]) -> dict[str, Any]:
    """For admins."""
    return {"role": identity.role}


@post("/body", status_code=200)
async def read_body(data: JSONBody[Body]) -> dict[str, Any]:
    """A typed body."""
    return {"name": data.name}


@get("/number/{number:int}")
async def read_number(number: FromPath[int]) -> dict[str, int]:
    """A typed path."""
    return {"number": number}


@get("/raise/{name:str}")
async def fail(request: Request[Any, Any, Any]) -> None:
    """Every way to fail."""
    raise {
        "invalid": Invalid("time", "is in the future"),
        "missing": NotFound("no such project"),
        "conflict": Conflict("it is there already"),
        "many": TooMany("too many", 7),
        "unavailable": Unavailable("the database is down"),
        "away": ConnectionRefusedError("postgres://user:secret@host"),
        "deep": RecursionError(),
        "bug": ZeroDivisionError("secret internals"),
        "group": ExceptionGroup("several", [NotFound("in a group")]),
    }[request.path_params["name"]]


@post("/publish", status_code=200)
async def publish(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> dict[str, bool]:
    """Activity of whoever asks."""
    parts.live.publish(identity.user_id)
    return {"ok": True}


@get("/page")
async def show_page(identity: NamedDependency[Identity]) -> bytes:
    """A page for people who are signed in."""
    return b"<p>" + identity.username.encode() + b"</p>" + b"x" * 2_000


_PROBES = [tell_who, take, change, administer, read_body, read_number, fail, publish]
_KEYS = [create_token, list_own_keys, create_own_key, rename_own_key, revoke_own_key]
_PAGES = [
    show_login, log_in, log_out, show_welcome, welcome, show_signup, make_account, show_page, stream_activity, fail,
]  # fmt: skip


def build(settings: Settings, dsn: str) -> Litestar:
    """The application."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Parts]:
        async with open_parts(settings, dsn) as parts:
            yield parts

    routes = [
        Router("/api", route_handlers=[*_PROBES, *_KEYS], exception_handlers=PROBLEM_HANDLERS),
        Router("/api/v1", route_handlers=_PROBES, exception_handlers=CODETRACKR_HANDLERS, include_in_schema=False),
        Router(
            "/",
            route_handlers=_PAGES,
            exception_handlers=PAGE_HANDLERS,
            middleware=[CompressPages],
            include_in_schema=False,
        ),
    ]
    return create_application(opened, routes, error_page=draw_error)


def create() -> Litestar:
    """The application of a process of its own, on `DEVTIME_TEST_DSN`."""
    return build(Settings(home=Path("/nonexistent")), os.environ["DEVTIME_TEST_DSN"])


class Served(msgspec.Struct):
    """A server, a client that is nobody yet, and the store behind it."""

    client: httpx.AsyncClient
    application: Litestar
    database: Database

    @property
    def parts(self) -> Parts:
        """The parts of the running application."""
        return cast("Parts", self.application.state["parts"])

    async def user(self, username: str = "ada", role: Role = "member", *, password: str = "") -> User:
        """A new account."""
        hashed = await Passwords().hash(password) if password else None
        async with self.database.transaction() as connection:
            return await create_user(connection, username, role=role, password_hash=hashed)

    async def owner(self, *, password: str = "") -> User:
        """The first account."""
        owner, _ = await ensure_owner(self.database, "owner")
        if password:
            await store_password(self.database, owner.id, await Passwords().hash(password))
        return owner

    async def key(self, user_id: UUID, scope: KeyScope = "full") -> NewKey:
        """A key of theirs."""
        return await create_key(self.database, user_id, "test", scope)

    async def cookie(self, user_id: UUID) -> dict[str, str]:
        """Headers of a browser that is signed in and on a page of this server."""
        value = await create_session(self.database, user_id, "a browser")
        return {"Cookie": f"devtime_session={value}", "Origin": ORIGIN}


def bearer(secret: str) -> dict[str, str]:
    """The header most clients send."""
    return {"Authorization": f"Bearer {secret}"}


@asynccontextmanager
async def running(application: Litestar) -> AsyncGenerator[None]:
    """The application's life in a task of its own: fixtures begin and end in different ones."""
    is_up, is_over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.lifespan():
            is_up.set()
            await is_over.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(is_up.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    try:
        if is_up.is_set():
            yield
    finally:
        is_over.set()
        waiting.cancel()
        await task


@asynccontextmanager
async def serving(address: Address, *, base_url: str = ORIGIN, **settings: Any) -> AsyncGenerator[Served]:
    """Serve inside this process, on the database; `settings` are fields of `Settings`."""
    application = build(Settings(home=Path("/nonexistent"), **settings), address.dsn())
    database = await Database.open(address.dsn(), largest=3)
    try:
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with running(application), httpx.AsyncClient(transport=transport, base_url=base_url) as client:
            yield Served(client, application, database)
    finally:
        await database.close()
