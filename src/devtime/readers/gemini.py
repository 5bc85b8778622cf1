"""Gemini CLI's chats: whole JSON documents of older versions, JSONL of newer ones; and the sums of headless runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    count_of,
    fields_of,
    first_count,
    first_text,
    instant_of,
    items_of,
    json_text,
    parse_json,
    place_rest,
    recall,
    text_of,
)
from devtime.readers.places import existing, listed
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_MARKS = (b'"tokens"', b'"stats"', b'"sessionId"', b'"session_id"', b'"model"')
_NO_CHATS = {"logs.json"}
_HASH = re.compile(r"[0-9a-f]{64}")


class Chat(NamedTuple):
    """What a chat said of itself before the line that is read."""

    session: str
    model: str = ""
    is_sidechain: bool = False
    folder: str = ""
    fallback_ms: int | None = None


class Tokens(NamedTuple):
    """Counts that do not overlap."""

    input: int
    output: int
    cached: int
    thoughts: int
    extra: int


def _split_tokens(value: object, is_cached_inside: bool) -> Tokens | None:
    """The counts of `tokens`; None when there are none. Raises Unreadable.

    Sums hold the cached part inside the input. So do messages, as their total gives away; where it counts the cached
    part apart, or there is no total, it is apart.
    """
    fields = fields_of(value)
    input_tokens = first_count(fields, "input", "prompt", "input_tokens", "prompt_tokens")
    output = first_count(fields, "output", "candidates", "output_tokens", "candidates_tokens")
    cached = first_count(fields, "cached", "cached_tokens")
    thoughts = first_count(fields, "thoughts", "reasoning", "thoughts_tokens", "reasoning_tokens")
    tool = first_count(fields, "tool", "tool_tokens")
    total = first_count(fields, "total", "total_tokens")
    if is_cached_inside or total == input_tokens + output + thoughts + tool:
        input_tokens -= min(cached, input_tokens)
    input_tokens = count_of(input_tokens + tool)
    known = input_tokens + output + cached + thoughts
    output, extra = place_rest(total, known, output, thoughts)
    return Tokens(input_tokens, output, cached, thoughts, extra) if known + output + extra else None


def _event(chat: Chat, tokens: Tokens, model: str, time_ms: int | None, key: list[str], rank: int) -> UsageEvent:
    if not model:
        raise Unreadable("a message names no model")
    if time_ms is None:
        raise Unreadable("a message has no time")
    return UsageEvent(
        key=digest64(b"gemini", key),
        rank=rank,
        agent="gemini",
        time_ms=time_ms,
        session=chat.session,
        model=model,
        folder=chat.folder,
        project="" if _HASH.fullmatch(chat.folder) else chat.folder,
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cached,
        extra_tokens=tokens.extra,
        reasoning_tokens=tokens.thoughts,
        is_sidechain=chat.is_sidechain,
    )


def _message_event(chat: Chat, message: Mapping[str, object], rank: int) -> UsageEvent | None:
    tokens = _split_tokens(message.get("tokens"), is_cached_inside=False)
    if tokens is None:
        return None
    written = first_text(message.get("timestamp"), message.get("created_at"))
    time_ms = instant_of(written)
    model = text_of(message.get("model")) or chat.model
    id_ = text_of(message.get("id"))
    key = ["id", chat.session, id_] if id_ else ["", chat.session, written, model, *map(str, tokens)]
    return _event(chat, tokens, model, chat.fallback_ms if time_ms is None else time_ms, key, rank)


def _sum_events(chat: Chat, record: Mapping[str, object], rank: int) -> Iterator[UsageEvent]:
    """The events of a run's sums: one a model, or one where models are not told apart."""
    stats = fields_of(record.get("stats")) or fields_of(fields_of(record.get("result")).get("stats"))
    written = text_of(record.get("timestamp"))
    time_ms = instant_of(written)
    time_ms = chat.fallback_ms if time_ms is None else time_ms
    sums = {text_of(name): fields_of(sums).get("tokens") for name, sums in fields_of(stats.get("models")).items()}
    found = {name: _split_tokens(sums, is_cached_inside=True) for name, sums in sums.items()}
    if not any(found.values()):
        found = {chat.model or "unknown": _split_tokens(stats, is_cached_inside=True)}
    for model, tokens in found.items():
        if tokens:
            yield _event(chat, tokens, model, time_ms, ["sums", chat.session, written, model], rank)


def _file_chat(file: LogFile) -> Chat:
    parts = file.relative.split("/")
    folder = text_of(parts[0]) if len(parts) > 1 else ""
    return Chat(text_of(file.path.stem, "session") or "unknown", folder=folder, fallback_ms=file.modified_ms or None)


def _heard(chat: Chat, record: Mapping[str, object]) -> Chat:
    """The chat as known after the record."""
    session = text_of(record.get("sessionId"), "session") or text_of(record.get("session_id"), "session")
    is_sidechain = chat.is_sidechain or record.get("kind") == "subagent"
    return chat._replace(
        session=session or chat.session, model=text_of(record.get("model")) or chat.model, is_sidechain=is_sidechain
    )


def _read_document(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    try:
        record = fields_of(parse_json(piece.data))
        chat = _heard(_file_chat(piece.file), record)
        if "messages" not in record and record.get("type") != "gemini":
            reading.events += _sum_events(chat, record, 0)
            return reading
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
        return reading
    times = (instant_of(record.get(name)) for name in ("startTime", "lastUpdated"))
    start_ms = next((time for time in times if time is not None), chat.fallback_ms)
    chat = chat._replace(fallback_ms=start_ms)
    messages = items_of(record.get("messages")) if "messages" in record else [record]
    for rank, message in enumerate(map(fields_of, messages)):
        if message.get("type") == "gemini":
            try:
                event = _message_event(chat, message, rank)
                reading.events += [event] if event else []
            except Unreadable as error:
                reading.skipped.append(Skipped(0, str(error)))
    return reading


def _read_lines(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    chat = _recall(piece)
    for offset, line in find_lines(piece, _MARKS):
        try:
            record = fields_of(parse_json(line))
            chat = _heard(chat, record)
            # A message that was written again replaces what stands above it: the later one ranks higher.
            if record.get("type") == "gemini":
                event = _message_event(chat, record, offset + 1)
                reading.events += [event] if event else []
            else:
                reading.events += _sum_events(chat, record, offset + 1)
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
    told = {"session": chat.session, "model": chat.model, "sidechain": chat.is_sidechain}
    reading.memory = json_text(told)
    return reading


def _recall(piece: Piece) -> Chat:
    chat = _file_chat(piece.file)
    told = recall(piece.memory)
    return chat._replace(
        session=text_of(told.get("session"), "session") or chat.session,
        model=text_of(told.get("model")),
        is_sidechain=told.get("sidechain") is True,
    )


def _find_roots(surroundings: Surroundings) -> list[Path]:
    home = surroundings.environment.get("GEMINI_CLI_HOME", "")
    own = (Path(home) if home else surroundings.home) / ".gemini" / "tmp"
    return existing(listed(surroundings, "GEMINI_DATA_DIR") or [own])


READERS: tuple[Reader, ...] = (
    Reader(
        agent="gemini",
        title="Gemini CLI",
        shape="document",
        find_roots=_find_roots,
        is_log=lambda path: path.endswith(".json") and path.split("/")[-1] not in _NO_CHATS,
        read=_read_document,
    ),
    Reader(
        agent="gemini",
        title="Gemini CLI",
        shape="lines",
        find_roots=_find_roots,
        is_log=lambda path: path.endswith(".jsonl"),
        read=_read_lines,
    ),
)
"""Chats as documents, and as lines."""
