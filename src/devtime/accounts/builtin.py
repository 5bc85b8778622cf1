"""The account that is author of what comes with DevTime: it has no password and no key, and nobody can change it."""

from __future__ import annotations

from uuid import UUID

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict
from devtime.store.database import Database
from devtime.store.sqlfile import load

BUILTIN_ID = UUID("00000000-0000-4000-8000-00000de47133")
"""The same everywhere."""

_QUERIES = load("devtime.accounts")
_NAMES = ("devtime", "devtime.builtin", "devtime.app")
"""The first that nobody had before the name was reserved."""


async def ensure_builtin_author(database: Database) -> UUID:
    """The account, made when it is not there yet."""
    for name in _NAMES:
        await database.execute(_QUERIES["insert_builtin_user"], BUILTIN_ID, name, now_ms())
        if await database.fetchval(_QUERIES["is_builtin"], BUILTIN_ID):
            return BUILTIN_ID
    raise Conflict(f"all of the names {', '.join(_NAMES)} are taken by accounts of this server")
