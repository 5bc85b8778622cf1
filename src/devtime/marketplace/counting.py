"""Installs and ratings counted anew: accounts that are deleted take theirs along without telling."""

from __future__ import annotations

from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "counting.sql")


async def recount(database: Database) -> int:
    """Put right what is off; answers how many plugins and themes were."""
    mended = 0
    for kind in ("plugins", "themes"):
        for row in await database.fetch(_QUERIES[f"find_miscounted_{kind}"]):
            async with database.transaction() as connection:
                await connection.execute(_QUERIES[f"lock_{kind}"], row["id"])
                counts = await connection.fetchrow(_QUERIES[f"count_{kind}"], row["id"])
                await connection.execute(_QUERIES[f"mend_{kind}"], row["id"], *(counts or ()))
            mended += 1
    return mended
