"""Imports as rows of `jobs`: an uploaded file that waits, is worked on, and is gone when its rows are recorded.

The file lies in the imports folder under the job's id, readable by nobody else. Working on it is `imports`' matter.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from devtime.activity.importers.sniff import READERS
from devtime.activity.importing import Progress
from devtime.kernel.clock import DAY_MS, SECOND_MS
from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.store.database import Database, Row
from devtime.store.sqlfile import load
from devtime.wire.import_answers import ImportState

KINDS: tuple[str, ...] = (*READERS,)
"""What a file may be said to be; `""` lets DevTime find out."""

MOST_OPEN = 10
"""Imports of one user that wait or run at the same time."""

MOST_ATTEMPTS = 5
_SILENT_MS = 15 * SECOND_MS
"""A running import not heard of for so long has lost its process."""
_KEPT_MS = 90 * DAY_MS
_LISTED = 50
_LONGEST_NAME = 128
_IMPORTS = load("devtime.activity", "imports.sql")


class ImportJob(msgspec.Struct, frozen=True, kw_only=True):
    """One import. `kind` is what the file was said to be, `path` where it lies until it is done; `may_choose`: whoever
    sent it may change settings, so an archive may bring its own along.
    """

    id: UUID
    user_id: UUID
    name: str
    kind: str
    path: str
    attempts: int
    may_choose: bool
    state: ImportState
    progress: Progress
    error: str
    created_ms: int
    touched_ms: int


def imports_folder(home: Path) -> Path:
    """The folder of files to import, made when it is not there."""
    folder = home / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


async def create_import(
    database: Database,
    user_id: UUID,
    path: Path,
    size: int,
    *,
    name: str,
    kind: str,
    now_ms: int,
    may_choose: bool = False,
) -> ImportJob:
    """Let the file (of `size` bytes) be imported; from now on it belongs to the job."""
    if kind and kind not in KINDS:
        raise Invalid("kind", f"is one of {', '.join(KINDS)}")
    if await database.fetchval(_IMPORTS["count_open_imports"], user_id) >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} imports are waiting already; wait until one is done, or delete one")
    job_id = new_uuid()
    arguments = {"name": _clean_name(name), "kind": kind, "path": str(path), "may_choose": may_choose}
    progress = Progress(bytes_total=size)
    await database.execute(_IMPORTS["insert_import"], user_id, job_id, arguments, msgspec.to_builtins(progress), now_ms)
    return await fetch_import(database, user_id, job_id)


async def list_imports(database: Database, user_id: UUID) -> list[ImportJob]:
    """The user's imports, newest first, the last 50."""
    return [_read_job(row) for row in await database.fetch(_IMPORTS["list_imports"], user_id, _LISTED)]


async def fetch_import(database: Database, user_id: UUID, job_id: UUID) -> ImportJob:
    """The import; NotFound when this user has none of that id."""
    row = await database.fetchrow(_IMPORTS["fetch_import"], user_id, job_id)
    if row is None:
        raise NotFound("there is no such import")
    return _read_job(row)


async def delete_import(database: Database, user_id: UUID, job_id: UUID) -> None:
    """Forget the import; one that runs stops within a second. What it has recorded stays."""
    arguments = await database.fetchval(_IMPORTS["delete_import"], user_id, job_id)
    if arguments is None:
        raise NotFound("there is no such import")
    _discard(arguments["path"])


async def claim_import(database: Database, now_ms: int) -> ImportJob | None:
    """Take the next import that waits or was left behind by a process that died; None when there is none."""
    silent_ms = now_ms - _SILENT_MS
    while found := await database.fetchrow(_IMPORTS["find_import"], silent_ms):
        row = await database.fetchrow(_IMPORTS["claim_import"], found["user_id"], found["id"], now_ms, silent_ms)
        if row is not None:
            return _read_job(row)
    return None


async def note_progress(database: Database, job: ImportJob, now_ms: int) -> bool:
    """Write how far the import is; False when it was deleted meanwhile."""
    tag = await database.execute(
        _IMPORTS["note_progress"], job.user_id, job.id, msgspec.to_builtins(job.progress), now_ms
    )
    return tag.endswith(" 1")


async def release_import(database: Database, job: ImportJob) -> None:
    """Let another process go on with the import at once, without counting this attempt."""
    await database.execute(_IMPORTS["release_import"], job.user_id, job.id)


async def end_import(database: Database, job: ImportJob, now_ms: int, error: str = "") -> None:
    """The import is done, or failed for good; its file goes."""
    state: ImportState = "failed" if error else "done"
    progress = msgspec.to_builtins(job.progress)
    await database.execute(_IMPORTS["end_import"], job.user_id, job.id, state, error or None, progress, now_ms)
    _discard(job.path)


async def forget_imports(database: Database, home: Path, now_ms: int) -> None:
    """Forget imports that ended long ago, and delete files that no import knows any more."""
    await database.execute(_IMPORTS["delete_old_imports"], now_ms - _KEPT_MS)
    known = {str(row[0]) for row in await database.fetch(_IMPORTS["fetch_import_paths"])}
    for path in imports_folder(home).iterdir():
        if str(path) not in known and path.stat().st_mtime * SECOND_MS < now_ms - DAY_MS:
            _discard(str(path))


def _discard(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _clean_name(name: str) -> str:
    """The last part of a file's name, as it may be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME] or "upload"


def _read_job(row: Row) -> ImportJob:
    arguments: dict[str, Any] = row["arguments"]
    return ImportJob(
        id=row["id"],
        user_id=row["user_id"],
        name=arguments["name"],
        kind=arguments["kind"],
        path=arguments["path"],
        attempts=arguments.get("attempts", 0),
        may_choose=arguments["may_choose"],
        state=row["state"],
        progress=msgspec.convert(row["progress"], Progress),
        error=row["error"] or "",
        created_ms=row["created_at"],
        touched_ms=row["touched_at"],
    )
