"""OpenClaw's sessions: JSONL files, archived ones too, and in newer versions a database of the same lines an agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    instant_of,
    json_text,
    parse_json,
    place_rest,
    recall,
    text_of,
)
from devtime.readers.places import existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_MARKS = (b'"usage"', b'"model_change"', b'"model-snapshot"', b'"session"')
_SESSION = re.compile(r"(?:.*/)?([^/]+?)\.jsonl(?:\.deleted\..+|\.reset\..+)?")
_DATABASE = re.compile(r"agents/[^/]+/agent/openclaw-agent\.sqlite")
_COLUMNS = {"session_id", "seq", "event_json", "created_at"}
_FOLDERS = (".openclaw", ".clawdbot", ".moltbot", ".moldbot")


class Told(NamedTuple):
    """What the lines so far said about those to come."""

    model: str = ""
    provider: str = ""
    cwd: str = ""


def _heard(told: Told, record: Mapping[str, object]) -> Told | None:
    """What is known after a line that tells something about those to come; None for any other line."""
    kind = record.get("type")
    if kind == "session":
        return told._replace(cwd=text_of(record.get("cwd"), "file"))
    if kind == "model_change" or (kind == "custom" and record.get("customType") == "model-snapshot"):
        source = fields_of(record.get("data")) or record
        model = first_text(source.get("modelId"), source.get("model"), told.model)
        return told._replace(model=model, provider=first_text(source.get("provider"), told.provider))
    return None


def _event(record: Mapping[str, object], session: str, told: Told, fallback_ms: int | None) -> UsageEvent | None:
    message = fields_of(record.get("message"))
    usage = fields_of(message.get("usage"))
    if record.get("type") != "message" or message.get("role") != "assistant" or not usage:
        return None
    input_tokens, output = count_of(usage.get("input")), count_of(usage.get("output"))
    reads, writes = count_of(usage.get("cacheRead")), count_of(usage.get("cacheWrite"))
    known = input_tokens + output + reads + writes
    output, extra = place_rest(count_of(usage.get("totalTokens")), known, output, 0)
    if not known + output:
        return None
    times = (instant_of(source.get("timestamp")) for source in (message, record))
    written_ms = next((time for time in times if time is not None), None)
    time_ms = fallback_ms if written_ms is None else written_ms
    if time_ms is None:
        raise Unreadable("a message has no time")
    model = first_text(message.get("modelId"), message.get("model"), told.model) or "unknown"
    # The database gives a line another id than the file it was moved from, so the id is no part of what it is.
    counts = [str(count) for count in (input_tokens, output, reads, writes, extra)]
    when = str(written_ms) if written_ms is not None else text_of(record.get("id"))
    return UsageEvent(
        key=digest64(b"openclaw", [session, when, model, *counts]),
        agent="openclaw",
        time_ms=time_ms,
        session=session,
        model=f"[openclaw] {model}",
        provider=first_text(message.get("provider"), told.provider),
        cwd=told.cwd,
        input_tokens=input_tokens,
        output_tokens=output,
        cache_read_tokens=reads,
        cache_write_tokens=writes,
        extra_tokens=extra,
        cost_nusd=cost_of(fields_of(usage.get("cost")).get("total")),
    )


def _read_lines(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    memory = recall(piece.memory)
    told = Told(text_of(memory.get("model")), text_of(memory.get("provider")), text_of(memory.get("cwd"), "file"))
    match = _SESSION.fullmatch(piece.file.relative)
    session = text_of(match[1] if match else piece.file.path.name, "session") or "unknown"
    for offset, line in find_lines(piece, _MARKS):
        try:
            record = fields_of(parse_json(line))
            heard = _heard(told, record)
            event = None if heard else _event(record, session, told, piece.file.modified_ms or None)
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
        else:
            told = heard or told
            reading.events += [event] if event else []
    reading.memory = json_text(told._asdict())
    return reading


def _read_database(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            if not database.columns("transcript_events") >= _COLUMNS:
                return reading
            query = "SELECT session_id, event_json, created_at FROM transcript_events ORDER BY session_id, seq"
            current, told = "", Told()
            for number, (session, data, created) in enumerate(database.rows(query), 1):
                if text(session) != current:
                    current, told = text(session), Told()
                try:
                    record = fields_of(parse_json(data if isinstance(data, bytes) else b""))
                    heard = _heard(told, record)
                    name = text_of(current, "session") or "unknown"
                    event = None if heard else _event(record, name, told, instant_of(created))
                except Unreadable as error:
                    reading.skipped.append(Skipped(number, str(error)))
                else:
                    told = heard or told
                    reading.events += [event] if event else []
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _find_roots(surroundings: Surroundings) -> list[Path]:
    chosen = listed(surroundings, "OPENCLAW_DIR")
    own = [*listed(surroundings, "OPENCLAW_STATE_DIR"), *listed(surroundings, "CLAWDBOT_STATE_DIR")]
    return existing(chosen or [*own, *(surroundings.home / name for name in _FOLDERS)])


READERS: tuple[Reader, ...] = (
    Reader(
        agent="openclaw",
        title="OpenClaw",
        shape="lines",
        find_roots=_find_roots,
        is_log=lambda path: _SESSION.fullmatch(path) is not None,
        read=_read_lines,
    ),
    Reader(
        agent="openclaw",
        title="OpenClaw",
        shape="database",
        find_roots=_find_roots,
        is_log=lambda path: _DATABASE.fullmatch(path) is not None,
        read=_read_database,
    ),
)
"""Its files, and its agents' databases."""
