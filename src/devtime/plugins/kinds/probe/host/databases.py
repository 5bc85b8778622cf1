"""`host.sqlite`: one statement on one SQLite file of somebody else's, read without disturbing who uses it.

Blocks; run in a thread. Nothing but that file can be reached: no other database, no extension, no program.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from devtime.plugins.engine import HostError
from devtime.plugins.kinds.probe.host.files import MOST_BYTES

_LOCK_S = 2.0
_LONGEST_S = 20.0
_FORBIDDEN = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
_PRAGMAS_WITH_FILES = {"temp_store_directory", "data_store_directory"}
_FORBIDDEN_FUNCTIONS = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}

Result = TypeVar("Result")


def query(path: str, sql: str) -> str:
    """The rows of SQL that was checked as JSON text, an array of objects; `[]` when there are none."""
    if not os.path.isfile(path):  # noqa: PTH113 -- text in
        raise _error("unable to open database file")
    try:
        return _on(_uri(path, "mode=ro"), lambda connection: _read(connection, sql))
    except sqlite3.Error as error:
        # A database in WAL mode whose folder cannot be written, or that is locked: what is in the file itself.
        try:
            return _on(_uri(path, "immutable=1"), lambda connection: _read(connection, sql))
        except sqlite3.Error:
            raise _error(str(error)) from None


def execute(path: str, sql: str) -> None:
    """Run statements that write, all or nothing; the file is made where there is none."""
    if os.path.isdir(path):  # noqa: PTH112
        raise _error("unable to open database file")
    try:
        _on(_uri(path, "mode=rwc"), lambda connection: _write(connection, sql))
    except sqlite3.Error as error:
        raise _error(str(error)) from None


def check(sql: str) -> None:
    """HostError for what is no SQL: commands of the sqlite3 program."""
    if any(line.strip().startswith(".") for line in sql.splitlines()):
        raise _error("sqlite3 dot-commands are not allowed", is_told=True)
    if "\0" in sql:
        raise _error("SQL cannot hold a NUL character")


def _uri(path: str, mode: str) -> str:
    return f"file:{quote(path)}?{mode}"


def _on(uri: str, work: Callable[[sqlite3.Connection], Result]) -> Result:
    connection = sqlite3.connect(uri, uri=True, timeout=_LOCK_S, isolation_level=None)
    stop = threading.Timer(_LONGEST_S, connection.interrupt)
    stop.daemon = True
    try:
        connection.text_factory = _text
        connection.set_authorizer(_authorize)
        stop.start()
        return work(connection)
    finally:
        stop.cancel()
        connection.close()


def _authorize(action: int, first: str | None, second: str | None, schema: str | None, trigger: str | None) -> int:
    if action in _FORBIDDEN:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS_WITH_FILES:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _read(connection: sqlite3.Connection, sql: str) -> str:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    parts: list[str] = []
    length = 2
    for row in cursor:
        part = json.dumps({name: _plain(value) for name, value in zip(names, row, strict=True)}, ensure_ascii=False)
        length += len(part.encode("utf-8", "replace")) + 1
        if length > MOST_BYTES:
            raise _error(f"the rows are larger than {MOST_BYTES} bytes")
        parts.append(part)
    return f"[{','.join(parts)}]"


def _write(connection: sqlite3.Connection, sql: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(sql):
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(sql: str) -> list[str]:
    """The statements of a script, cut where SQLite says that one is complete."""
    found: list[str] = []
    held = ""
    for piece in sql.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held):
            found.append(held)
            held = ""
    if held.strip(" \t\r\n;"):
        found.append(held)
    return [statement for statement in found if statement.strip(" \t\r\n;")]


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else math.copysign(1.7976931348623157e308, value)
    return value


def _error(message: str, *, is_told: bool = False) -> HostError:
    return HostError("sqlite", message if is_told else f"sqlite3 error: {message}")
