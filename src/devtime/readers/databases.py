"""Foreign SQLite databases: read row by row, never written to, never waited for long, whatever is in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from devtime.readers.fields import Unreadable

Row = tuple[object, ...]

_WAL_MODE = b"\x02\x02"
_PATIENCE_S = 0.5
_LONGEST_VALUE = 64 * 1024 * 1024
_STEPS = 100_000
_MOST_TURNS = 20_000
"""Times `_STEPS`: what SQLite may compute for one row before a database is taken for a trap."""


class Database:
    """One open database. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable when it cannot be opened."""
        self._turns = 0
        try:
            self._connection = sqlite3.connect(_address(path), uri=True, timeout=_PATIENCE_S, isolation_level=None)
        except (sqlite3.Error, OSError, ValueError):
            raise Unreadable("the database cannot be opened") from None
        self._connection.text_factory = bytes
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        self._connection.set_progress_handler(self._is_too_much, _STEPS)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _is_too_much(self) -> bool:
        self._turns += 1
        return self._turns > _MOST_TURNS

    def columns(self, table: str) -> set[str]:
        """The columns of the table; none when there is no such table. A view is no table: it may compute forever."""
        kinds = [row[0] for row in self.rows("SELECT type FROM sqlite_master WHERE name = ?", [table])]
        if kinds != [b"table"]:
            return set()
        return {text(row[0]) for row in self.rows("SELECT name FROM pragma_table_info(?)", [table])}

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """The rows, one at a time; text comes as bytes. Raises Unreadable when the database is locked or broken."""
        try:
            with closing(self._connection.cursor()) as cursor:
                for row in cursor.execute(query, values):
                    self._turns = 0
                    yield row
        except sqlite3.Error as error:
            raise Unreadable(_reason(error)) from None


def text(value: object) -> str:
    """A value of a text column."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _address(path: Path) -> str:
    """A database in WAL mode that nobody has open is read as it lies: opened in the usual way, files appear beside it.

    One that is open has a `-wal`, which holds its latest rows, and is read together with it.
    """
    with path.open("rb") as file:
        header = file.read(20)
    wal = path.with_name(path.name + "-wal")
    is_at_rest = header[18:20] == _WAL_MODE and not (wal.exists() and wal.stat().st_size)
    return f"file:{quote(str(path.absolute()))}?mode=ro" + ("&immutable=1" if is_at_rest else "")


def _reason(error: sqlite3.Error) -> str:
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "the database is locked"
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return "the database is damaged"
    return "the database cannot be read"
