"""Antigravity's conversations: a database each, whose rows are protocol buffers without a published schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers.antigravity_models import DEFAULT_MODEL, model_of_name, model_of_number
from devtime.readers.databases import Database
from devtime.readers.fields import Unreadable, count_of, instant_of, text_of
from devtime.readers.places import existing, listed
from devtime.readers.protobuf import Fields, message_in, messages_in, number_in, read_fields, text_in
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_LOG = re.compile(r"(?:conversations|brain)/.+\.db")
_FOLDERS = (
    ".gemini/antigravity",
    ".gemini/antigravity-cli",
    ".gemini/antigravity-ide",
    ".gemini/antigravity-backup",
    ".config/antigravity",
    ".config/Antigravity",
)

# How well a time is known: the request's own, the conversation's, the file's.
_OWN, _CONVERSATION, _FILE = 3, 1, 0


class Request(NamedTuple):
    """One tale of a request. Several of them may mean the same one, and share an id then."""

    ids: tuple[str, ...]
    """Of the message, the provider's message and the response, in this order; those that are told."""
    model: str
    input: int
    output: int
    thoughts: int
    whole_output: int
    reads: int
    writes: int
    time: tuple[int, int] | None
    """How well it is known, and epoch milliseconds."""


def _request(usage: Fields, model: str, time_ms: int | None) -> Request | None:
    """The request a usage message tells of; None for one that used nothing. Raises Unreadable."""
    numbers = [count_of(number_in(usage, number)) for number in (2, 3, 4, 5, 9, 10)]
    if not any(numbers):
        return None
    input_tokens, told, writes, reads, reasoning, visible = numbers
    whole = count_of(max(told, visible + reasoning))
    output = max(visible, whole - reasoning)
    named = zip(("message", "provider", "response"), (7, 12, 11), strict=True)
    return Request(
        ids=tuple(f"{name}:{text}" for name, number in named if (text := text_in(usage, number))),
        model=model_of_number(number_in(usage, 1)) or model,
        input=input_tokens,
        output=output,
        thoughts=max(reasoning, whole - output),
        whole_output=whole,
        reads=reads,
        writes=writes,
        time=None if time_ms is None else (_OWN, time_ms),
    )


def _requests(usages: list[Fields], model: str, time_ms: int | None) -> list[Request]:
    found = [_request(usage, model, time_ms) for usage in usages]
    return [request for request in found if request]


def _usages(fields: Fields, own: int, retries: int) -> list[Fields]:
    return [*messages_in(fields, own)[:1], *(message_in(retry, 2) for retry in messages_in(fields, retries))]


def _time(message: Fields) -> int | None:
    seconds, nanos = number_in(message, 1), min(number_in(message, 2), 999_999_999)
    return instant_of(seconds * 1_000 + nanos // 1_000_000) if 10**8 < seconds < 10**11 else None


def _step_requests(fields: Fields, model: str) -> list[Request]:
    about = message_in(fields, 24)
    own = model_of_name(text_in(about, 12) or text_in(about, 8)) or model_of_number(number_in(about, 1))
    time_ms = _time(message_in(fields, 8) or message_in(fields, 1))
    return _requests(_usages(fields, 9, 28), own or model, time_ms)


def _generation_model(chat: Fields) -> str:
    return model_of_name(text_in(chat, 19) or text_in(chat, 21)) or model_of_number(number_in(chat, 3))


def _generation_requests(chat: Fields, model: str) -> list[Request]:
    return _requests(_usages(chat, 4, 17), model, _time(message_in(message_in(chat, 9), 4)))


def _rows(database: Database, table: str, column: str, reading: Reading) -> Iterator[Fields]:
    """The messages of a column, in order; what is none is skipped."""
    columns = database.columns(table)
    if column not in columns:
        return
    order = "idx" if "idx" in columns else "rowid"
    query = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {order}"  # noqa: S608 -- names of ours
    for number, (data,) in enumerate(database.rows(query), 1):
        try:
            yield read_fields(data if isinstance(data, bytes) else b"\xff")
        except Unreadable as error:
            reading.skipped.append(Skipped(number, str(error)))


def _gather(database: Database, reading: Reading) -> Iterator[Request]:
    """All tales of requests: those of the steps, then those of the generations."""
    chats: list[Fields] = []
    for row in _rows(database, "gen_metadata", "data", reading):
        try:
            chats.append(message_in(row, 1))
        except Unreadable as error:
            reading.skipped.append(Skipped(0, str(error)))
    last = next((model for model in map(_generation_model, reversed(chats)) if model), "")
    for row in _rows(database, "steps", "metadata", reading):
        try:
            yield from _step_requests(row, last)
        except Unreadable as error:
            reading.skipped.append(Skipped(0, str(error)))
    model = ""
    for chat in chats:
        try:
            model = _generation_model(chat) or model
            yield from _generation_requests(chat, model)
        except Unreadable as error:
            reading.skipped.append(Skipped(0, str(error)))


def _merge(one: Request, other: Request) -> Request:
    """The most that either says, at the better known time, of two the earlier."""
    times = [time for time in (one.time, other.time) if time]
    output, thoughts = max(one.output, other.output), max(one.thoughts, other.thoughts)
    return Request(
        ids=tuple(_one_a_kind((*other.ids, *one.ids)).values()),
        model=one.model or other.model,
        input=max(one.input, other.input),
        output=output,
        thoughts=thoughts,
        whole_output=max(one.whole_output, other.whole_output, output + thoughts),
        reads=max(one.reads, other.reads),
        writes=max(one.writes, other.writes),
        time=min(times, key=lambda time: (-time[0], time[1])) if times else None,
    )


def _one_a_kind(ids: tuple[str, ...]) -> dict[str, str]:
    """Of each kind the id that came first, which is last here."""
    return {id_.partition(":")[0]: id_ for id_ in ids}


def _unite(requests: Iterator[Request]) -> list[Request]:
    """One request for all tales that are linked by shared ids."""
    united: dict[int, Request] = {}
    owners: dict[str, int] = {}
    heirs: dict[int, int] = {}
    for number, request in enumerate(requests):
        linked = sorted({_find_heir(heirs, owners[id_]) for id_ in request.ids if id_ in owners})
        place = linked[0] if linked else number
        owners.update(dict.fromkeys(request.ids, place))
        for owner in reversed(linked):
            request = _merge(united.pop(owner), request)
            heirs[owner] = place
        united[place] = request
    return [united[place] for place in sorted(united)]


def _find_heir(heirs: dict[int, int], place: int) -> int:
    """Where the request of this place is now; the way is shortened for those who ask later."""
    while (heir := heirs.get(place, place)) != place:
        heirs[place] = heirs.get(heir, heir)
        place = heir
    return place


def _event(file: LogFile, request: Request, ordinal: int, fallback: tuple[int, int] | None) -> UsageEvent:
    time = request.time or fallback
    if time is None:
        raise Unreadable("a request has no time")
    session = text_of(file.path.stem, "session") or "unknown"
    kinds = ("message:", "provider:", "response:")
    ids = [id_ for kind in kinds for id_ in request.ids if id_.startswith(kind)]
    return UsageEvent(
        key=digest64(b"antigravity", ids[:1] or [session, "", str(ordinal)]),
        rank=request.input + request.reads + request.writes + request.whole_output,
        agent="antigravity",
        time_ms=time[1],
        session=session,
        model=text_of(request.model) or DEFAULT_MODEL,
        input_tokens=request.input,
        output_tokens=request.output,
        cache_read_tokens=request.reads,
        cache_write_tokens=request.writes,
        extra_tokens=count_of(request.whole_output - request.output),
        reasoning_tokens=min(request.thoughts, request.whole_output),
        is_model_guessed=not request.model,
    )


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            began = [_time(message_in(row, 2)) for row in _rows(database, "trajectory_metadata_blob", "data", reading)]
            requests = _unite(_gather(database, reading))
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
        return reading
    began_ms = next((time for time in began if time is not None), None)
    file_ms = piece.file.modified_ms
    fallback = (_CONVERSATION, began_ms) if began_ms is not None else (_FILE, file_ms) if file_ms else None
    for ordinal, request in enumerate(requests):
        try:
            reading.events.append(_event(piece.file, request, ordinal, fallback))
        except Unreadable as error:
            reading.skipped.append(Skipped(0, str(error)))
    return reading


def _find_roots(surroundings: Surroundings) -> list[Path]:
    folders = [surroundings.home / folder for folder in _FOLDERS]
    return existing(listed(surroundings, "ANTIGRAVITY_DATA_DIR") or folders)


READER = Reader(
    agent="antigravity",
    title="Antigravity",
    shape="database",
    find_roots=_find_roots,
    is_log=lambda path: _LOG.fullmatch(path) is not None,
    read=_read,
)
"""Antigravity's conversations."""
