"""Cursor: the tokens its chats keep locally, and the exports of usage its dashboard offers, once they are put in place.

Local counts are sparse and know nothing of caches; an export is complete. As nothing tells which rows of the two are
the same request, the chats are read only while there is no export.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.databases import Database, text
from devtime.readers.fields import (
    Unreadable,
    cost_of,
    count_of,
    fields_of,
    instant_of,
    parse_json,
    text_of,
)
from devtime.readers.places import application_home, existing
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_WRITTEN = "Input (w/ Cache Write)"
_INPUT = "Input (w/o Cache Write)"
_ANY_MODEL = "auto"
_BUBBLES = "SELECT rowid, key, value FROM cursorDiskKV WHERE key >= 'bubbleId:' AND key < 'bubbleId;'"
_COMPOSER = "SELECT value FROM cursorDiskKV WHERE key = ?"


def read_chats(piece: Piece) -> Reading:
    """The answers in the chats' database that tell their tokens."""
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            if database.columns("cursorDiskKV").issuperset({"key", "value"}):
                _read_bubbles(database, reading)
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _read_bubbles(database: Database, reading: Reading) -> None:
    chats: dict[str, Mapping[str, object]] = {}
    for number, key, value in database.rows(_BUBBLES):
        data = value if isinstance(value, bytes) else b""
        if b'"tokenCount"' not in data:
            continue
        parts = text(key).split(":")
        try:
            bubble = fields_of(parse_json(data))
            tokens = fields_of(bubble.get("tokenCount"))
            counts = count_of(tokens.get("inputTokens")), count_of(tokens.get("outputTokens"))
            if not any(counts):
                continue
            if len(parts) != 3:
                raise Unreadable("has no chat")
            if parts[1] not in chats:
                chats[parts[1]] = _chat(database, parts[1])
            reading.events.append(_answer(parts[1], parts[2], bubble, chats[parts[1]], counts))
        except Unreadable as error:
            reading.skipped.append(Skipped(number if type(number) is int else 0, str(error)))


def _chat(database: Database, name: str) -> Mapping[str, object]:
    for (value,) in database.rows(_COMPOSER, [f"composerData:{name}"]):
        try:
            return fields_of(parse_json(value)) if isinstance(value, bytes) else {}
        except Unreadable:
            break
    return {}


def _answer(
    chat_id: str, bubble_id: str, bubble: Mapping[str, object], chat: Mapping[str, object], counts: tuple[int, int]
) -> UsageEvent:
    timing = fields_of(bubble.get("timingInfo"))
    times = (bubble.get("createdAt"), timing.get("clientRpcSendTime"), timing.get("clientStartTime"))
    time_ms = next(filter(None, map(instant_of, (*times, chat.get("createdAt")))), None)
    if time_ms is None:
        raise Unreadable("has no time")
    model = text_of(fields_of(bubble.get("modelInfo")).get("modelName"), "model")
    return UsageEvent(
        key=digest64(b"cursor", [chat_id, bubble_id]),
        rank=sum(counts),
        agent="cursor",
        time_ms=time_ms,
        session=text_of(chat_id, "session") or "unknown",
        model=_model(model or text_of(fields_of(chat.get("modelConfig")).get("modelName"), "model")),
        branch=text_of(chat.get("createdOnBranch"), "branch"),
        input_tokens=counts[0],
        output_tokens=counts[1],
    )


def read_export(piece: Piece) -> Reading:
    """The rows of an export."""
    reading = Reading(events=[], skipped=[])
    try:
        for number, row in _rows(piece.data.decode("utf-8-sig", "replace")):
            try:
                event = _row(row)
            except Unreadable as error:
                reading.skipped.append(Skipped(number, str(error)))
            else:
                reading.events += [event] if event else []
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _rows(content: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = csv.reader(io.StringIO(content.replace("\0", "")))
    none: list[str] = []
    try:
        names = next(rows, none)
        if not {"Date", "Model", "Output Tokens"}.issubset(names):
            raise Unreadable("is no export of Cursor's usage: it has other columns")
        for values in rows:
            yield rows.line_num, dict(zip(names, values, strict=False))
    except csv.Error:
        raise Unreadable("is no table of comma-separated values") from None


def _row(row: Mapping[str, str]) -> UsageEvent | None:
    written, read, cached, output, total = (
        _count(row.get(name, "")) for name in (_WRITTEN, _INPUT, "Cache Read", "Output Tokens", "Total Tokens")
    )
    # The first column is what went into the cache, or all input, that included: the total tells which.
    if total != written + read + cached + output and written >= read:
        written -= read
    if not written + read + cached + output:
        return None
    told = row["Date"].strip()
    time_ms = instant_of(told) or instant_of(f"{told}T00:00:00Z")
    if time_ms is None:
        raise Unreadable("has no time")
    model = _model(text_of(row.get("Model", ""), "model"))
    counts = (written, read, cached, output)
    return UsageEvent(
        key=digest64(b"cursor-export", [str(time_ms), model, row.get("User", ""), *map(str, counts)]),
        agent="cursor",
        time_ms=time_ms,
        session=told[:10],
        model=model,
        input_tokens=read,
        output_tokens=output,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        cost_nusd=_cost(row.get("Cost", "")),
    )


def _count(value: str) -> int:
    plain = value.strip().replace(",", "")
    return count_of(plain) if plain and plain != "-" else 0


def _cost(value: str) -> int | None:
    """What a row cost by itself; what a plan includes has a price of its tokens only."""
    try:
        return cost_of(float(value.strip().removeprefix("$").replace(",", ""))) or None
    except ValueError:
        return None


def _model(name: str) -> str:
    return _ANY_MODEL if name in ("", "default") else name


def _exports(surroundings: Surroundings) -> Path:
    told = surroundings.environment.get("DEVTIME_HOME", "").strip()
    home = surroundings.home
    folder = home / told[2:] if told.startswith("~/") else Path(told) if told else home / ".devtime"
    return folder / "imports" / "cursor"


def find_exports(surroundings: Surroundings) -> list[Path]:
    """`imports/cursor` in DevTime's own folder, where a person puts what the dashboard exports."""
    return existing([_exports(surroundings)])


def find_chats(surroundings: Surroundings) -> list[Path]:
    """Cursor's storage for all workspaces, unless there is an export."""
    try:
        if any(_exports(surroundings).glob("*.csv")):
            return []
    except (OSError, ValueError):
        pass
    return existing([application_home(surroundings) / "Cursor" / "User" / "globalStorage"])


def is_export(path: str) -> bool:
    """Whether the file is an export."""
    return path.lower().endswith(".csv")


def is_chats(path: str) -> bool:
    """Whether the file is the chats' database."""
    return path == "state.vscdb"


READERS: tuple[Reader, ...] = (
    Reader(
        agent="cursor",
        title="Cursor",
        shape="document",
        find_roots=find_exports,
        is_log=is_export,
        read=read_export,
        depth=0,
    ),
    Reader(
        agent="cursor",
        title="Cursor",
        shape="database",
        find_roots=find_chats,
        is_log=is_chats,
        read=read_chats,
        depth=0,
    ),
)
"""Exports, and chats."""
