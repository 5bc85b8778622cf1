"""`devtime admin …`: proving, mending, saving and restoring what the server keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress

from devtime.accounts.links import create_login_link
from devtime.accounts.users import find_user, list_members
from devtime.activity.rebuilding import rebuild_activity
from devtime.activity.verifying import Verdict, verify_activity
from devtime.cli.options import DatabaseUrl, Home, settings_of
from devtime.home.config import read_api
from devtime.kernel.errors import NotFound
from devtime.running.store import lend_store
from devtime.store import backup as dumps
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.store.migrate import migrate as run_migrations
from devtime.usage.sums import UsageVerdict, rebuild_usage, verify_usage

app = App(name="admin")

User = Annotated[str | None, Parameter(name="--user", help="Only this account (name or e-mail address).")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")]

Result = TypeVar("Result")
Verdicts = tuple[Verdict, UsageVerdict]

_console = Console(highlight=False, soft_wrap=True)


@app.command
def verify(*, user: User = None, json_: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Recompute all time and AI usage by brute force and compare. Exit code 1 when anything differs."""

    async def work(database: Database) -> dict[str, Verdicts]:
        verdicts: dict[str, Verdicts] = {}
        names = await _accounts(database, user)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            for name, user_id in progress.track(names.items(), description="Verifying"):
                async with database.transaction() as connection:
                    activity = await verify_activity(connection, user_id)
                    verdicts[name] = (activity, await verify_usage(connection, user_id))
        return verdicts

    verdicts = _run(work, home, database_url)
    if json_:
        told = {name: _told(time) | {"usage": _told(usage)} for name, (time, usage) in verdicts.items()}
        print(json.dumps(told, indent=2))
    else:
        for name, (time, usage) in verdicts.items():
            _tell_verdict(name, f"{time.heartbeats:,} heartbeats, {time.slots:,} slots", time)
            if usage.events or usage.differences:
                _tell_verdict(name, f"{usage.events:,} AI responses, {usage.slots:,} slots", usage)
    if any(verdict.differences for pair in verdicts.values() for verdict in pair):
        raise SystemExit(1)


def _told(verdict: Verdict | UsageVerdict) -> dict[str, object]:
    return {name: getattr(verdict, name) for name in verdict.__struct_fields__}


def _tell_verdict(name: str, counted: str, verdict: Verdict | UsageVerdict) -> None:
    if not verdict.differences:
        _console.print(f"[green]✓[/green] {name}: {counted}, no difference")
        return
    _console.print(f"[red]✗[/red] {name}: {counted}, [bold]{verdict.differences:,} differences[/bold]")
    for problem in verdict.problems:
        _console.print(f"  {problem}", markup=False)
    _console.print("  `devtime admin rebuild` makes credits and slots anew from what was recorded.")


@app.command
def rebuild(*, user: User = None, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Make all credits and slots anew from the raw heartbeats and AI responses."""

    async def work(database: Database) -> int:
        names = await _accounts(database, user)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            for _, user_id in progress.track(names.items(), description="Rebuilding"):
                async with database.transaction() as connection:
                    await rebuild_activity(connection, user_id)
                    await rebuild_usage(connection, user_id)
        return len(names)

    _console.print(f"[green]✓[/green] rebuilt the sums of {_run(work, home, database_url)} account(s)")


@app.command
def backup(target: Path | None = None, /, *, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Write the whole database to a file (default: a dated one in $DEVTIME_HOME/backups)."""
    settings = settings_of(home, database_url=database_url)
    file = target or settings.home / "backups" / dumps.backup_name()
    with lend_store(settings) as address, _console.status("Backing up …"):
        size = dumps.backup(address, file)
    _console.print(f"[green]✓[/green] {file}: {size:,} bytes")


@app.command
def restore(
    source: Path,
    /,
    *,
    yes: Annotated[bool, Parameter(name="--yes", negative=(), help="Do not ask.")] = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Replace everything in the database by a backup, whole or not at all; what is there now is backed up before."""
    settings = settings_of(home, database_url=database_url)
    if not source.is_file():
        raise NotFound(f"there is no file {source}")
    if not yes and _console.input(f"Replace everything in the database by {source}? Type yes: ").strip() != "yes":
        raise SystemExit("nothing was changed")
    with lend_store(settings) as address:
        asyncio.run(run_migrations(address.dsn()))
        before = settings.home / "backups" / f"before-restore-{dumps.backup_name()}"
        with _console.status("Backing up what is there …"):
            dumps.backup(address, before)
        with _console.status("Restoring …"):
            dumps.restore(address, source)
        asyncio.run(run_migrations(address.dsn()))
    _console.print(f"[green]✓[/green] restored {source}. Undo with: devtime admin restore {before}")


@app.command
def migrate(*, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database up to this version (servers do this when they start)."""
    with lend_store(settings_of(home, database_url=database_url)) as address:
        done = asyncio.run(run_migrations(address.dsn()))
    for migration in done:
        _console.print(f"[green]✓[/green] {migration.number:04} {migration.name}")
    if not done:
        _console.print("[green]✓[/green] nothing to do")


@app.command
def login_link(name: str | None = None, /, *, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Make a one-time link that signs an account in and lets it choose a password (default: the owner)."""
    settings = settings_of(home, database_url=database_url)

    async def work(database: Database) -> str:
        if name is None:
            members = await list_members(database)
            account = next((member.user for member in members if member.user.role == "owner"), None)
        else:
            account = await find_user(database, name)
        if account is None:
            raise NotFound(f"there is no account {name or 'yet; devtime up makes one'}")
        return await create_login_link(database, account.id)

    token = _run(work, home, database_url)
    endpoint, _ = read_api(settings.home)
    _console.print(f"{endpoint or settings.address}/welcome?token={token}", markup=False)


async def _accounts(database: Database, name: str | None) -> dict[str, UUID]:
    if name is None:
        return {member.user.username: member.user.id for member in await list_members(database)}
    account = await find_user(database, name)
    if account is None:
        raise NotFound(f"there is no account {name}")
    return {account.username: account.id}


def _run(work: Callable[[Database], Awaitable[Result]], home: Path | None, database_url: str | None) -> Result:
    async def connected(address: Address) -> Result:
        await run_migrations(address.dsn())
        database = await Database.open(address.dsn(), largest=2)
        try:
            return await work(database)
        finally:
            await database.close()

    with lend_store(settings_of(home, database_url=database_url)) as address:
        return asyncio.run(connected(address))
