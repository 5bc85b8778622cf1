"""OpenCode's messages: rows of `opencode.db` and the files below `storage/message`, which hold the same messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers.databases import Database, text
from devtime.readers.fields import (
    Unreadable,
    cost_of,
    count_of,
    fields_of,
    first_text,
    folder_name,
    instant_of,
    parse_json,
    place_rest,
    text_of,
)
from devtime.readers.places import data_home, existing, listed
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_DATABASE = re.compile(r"opencode(?:-[\w-]+)?\.db", re.ASCII)
_MESSAGE = re.compile(r"storage/message/(?:.+/)?[^/]+\.json")
_SESSION_COLUMNS = ("directory", "parent_id")
_NOWHERE = ("", False)

Session = tuple[str, bool]
"""A session's folder, and whether another session started it."""


class MessageRow(NamedTuple):
    """A message as it lies in a database."""

    id: str
    session: str
    data: bytes
    created: object = None


def message_event(
    agent: str, message: Mapping[str, object], row: MessageRow, session: Session = _NOWHERE
) -> UsageEvent | None:
    """The event of an assistant's message; None for one that used nothing. Raises Unreadable."""
    tokens = fields_of(message.get("tokens"))
    if not tokens:
        return None
    cache = fields_of(tokens.get("cache"))
    reasoning = count_of(tokens.get("reasoning"))
    input_tokens, output = count_of(tokens.get("input")), count_of(tokens.get("output"))
    reads, writes = count_of(cache.get("read")), count_of(cache.get("write"))
    known = input_tokens + output + reads + writes + reasoning
    output, extra = place_rest(count_of(tokens.get("total")), known, output, reasoning)
    if not known + output + extra:
        return None
    # The second form of a message names its model in an object.
    named = fields_of(message.get("model"))
    model = first_text(message.get("modelID"), named.get("id"), named.get("modelID"))
    if not model:
        raise Unreadable("a message names no model")
    time_ms = instant_of(fields_of(message.get("time")).get("created"))
    time_ms = instant_of(row.created) if time_ms is None else time_ms
    if time_ms is None:
        raise Unreadable("a message has no time")
    path = fields_of(message.get("path"))
    cwd = text_of(path.get("cwd"), "file") or session[0]
    root = text_of(path.get("root"), "file").rstrip("/\\") or cwd
    return UsageEvent(
        key=digest64(agent.encode(), [row.id]),
        agent=agent,
        time_ms=time_ms,
        session=text_of(row.session, "session") or "unknown",
        model=model,
        provider=first_text(message.get("providerID"), named.get("providerID")),
        cwd=cwd,
        project=folder_name(root),
        input_tokens=input_tokens,
        output_tokens=output,
        cache_read_tokens=reads,
        cache_write_tokens=writes,
        extra_tokens=extra,
        reasoning_tokens=reasoning,
        cost_nusd=cost_of(message.get("cost")) or None,
        is_sidechain=session[1],
    )


def read_messages(agent: str, piece: Piece) -> Reading:
    """What a database with OpenCode's tables holds."""
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            sessions = _read_sessions(database)
            originals: dict[int, str] = {}
            for number, row in enumerate(_message_rows(database), 1):
                try:
                    message = fields_of(parse_json(row.data))
                    own = row._replace(id=_original(originals, message, row.id))
                    event = message_event(agent, message, own, sessions.get(row.session, _NOWHERE))
                except Unreadable as error:
                    reading.skipped.append(Skipped(number, str(error)))
                else:
                    reading.events += [event] if event else []
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _message_rows(database: Database) -> Iterator[MessageRow]:
    if {"id", "session_id", "data"} <= database.columns("message"):
        for id_, session, data in database.rows("SELECT id, session_id, data FROM message"):
            yield MessageRow(text(id_), text(session), data if isinstance(data, bytes) else b"")
    columns = database.columns("session_message")
    if {"id", "session_id", "type", "data"} <= columns:
        created = "time_created" if "time_created" in columns else "NULL"
        query = f"SELECT id, session_id, data, {created} FROM session_message WHERE type = 'assistant'"  # noqa: S608
        for id_, session, data, time in database.rows(query):
            yield MessageRow(text(id_), text(session), data if isinstance(data, bytes) else b"", time)


def _read_sessions(database: Database) -> dict[str, Session]:
    columns = database.columns("session")
    if "id" not in columns:
        return {}
    wanted = ", ".join(name if name in columns else "NULL" for name in _SESSION_COLUMNS)
    rows = database.rows(f"SELECT id, {wanted} FROM session")  # noqa: S608 -- names from the list above
    return {text(id_): (text_of(text(folder), "file"), bool(text(parent))) for id_, folder, parent in rows}


def _original(originals: dict[int, str], message: Mapping[str, object], id_: str) -> str:
    """A session that was forked has its parent's messages again, with new ids and all else the same: one use."""
    time = fields_of(message.get("time"))
    if instant_of(time.get("completed")) is None:
        return id_
    parts = (time, message.get("tokens"), message.get("modelID"), message.get("providerID"), message.get("cost"))
    return originals.setdefault(digest64(b"fork", [repr(part) for part in parts]), id_)


def _read_database(piece: Piece) -> Reading:
    return read_messages("opencode", piece)


def _read_file(piece: Piece) -> Reading:
    try:
        message = fields_of(parse_json(piece.data))
        session = text_of(message.get("sessionID"), "session")
        id_ = text_of(message.get("id")) or piece.file.path.stem
        found = _find_session(piece.file, session) if message.get("tokens") else _NOWHERE
        event = message_event("opencode", message, MessageRow(id_, session, b""), found)
    except Unreadable as error:
        return Reading(events=[], skipped=[Skipped(0, str(error))])
    return Reading(events=[event] if event else [], skipped=[])


def _find_session(file: LogFile, session: str) -> Session:
    """What `storage/session/<project>/<session>.json` says, for `storage/message/<session>/<message>.json`."""
    if not re.fullmatch(r"\w+", session):
        return _NOWHERE
    try:
        sessions = file.path.parents[2] / "session"
        for project in sorted(sessions.iterdir()):
            path = project / f"{session}.json"
            if path.is_file():
                fields = fields_of(parse_json(path.read_bytes()))
                return text_of(fields.get("directory"), "file"), bool(text_of(fields.get("parentID")))
    except (OSError, ValueError, IndexError, Unreadable):
        pass
    return _NOWHERE


def _find_roots(surroundings: Surroundings) -> list[Path]:
    return existing(listed(surroundings, "OPENCODE_DATA_DIR") or [data_home(surroundings) / "opencode"])


READERS: tuple[Reader, ...] = (
    Reader(
        agent="opencode",
        title="OpenCode",
        shape="database",
        find_roots=_find_roots,
        is_log=lambda path: _DATABASE.fullmatch(path) is not None,
        read=_read_database,
    ),
    Reader(
        agent="opencode",
        title="OpenCode",
        shape="document",
        find_roots=_find_roots,
        is_log=lambda path: _MESSAGE.fullmatch(path) is not None,
        read=_read_file,
    ),
)
"""Its database, and the files it kept before it had one."""
