"""Making a ledger where there is none."""

from __future__ import annotations

from pathlib import Path

from devtime.ledger import schema
from devtime.ledger.connection import connect, publish


def build(path: Path) -> None:
    """Make an empty ledger."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    connection = connect(draft, is_new=True)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        schema.create(connection)
        schema.create_indexes(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()
    publish(draft, path)
