"""GitHub Copilot's OpenTelemetry export, where it was turned on: one record a request, often told in several ways.

The same request may be there as a span of the chat, a log of the inference, a log of the agent's turn and within the
summary of the agent's run. The best one counts: those of lesser kinds are dropped if they share trace or response with
one of a better kind. What two files or two exports tell twice has one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    count_of,
    fields_of,
    first_count,
    first_text,
    instant_of,
    items_of,
    text_of,
)
from devtime.readers.places import existing
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

CHAT, INFERENCE, TURN, SUMMARY = range(4)
"""The kinds of records, the best first."""

_SESSIONS = ("gen_ai.conversation.id", "copilot_chat.session_id", "copilot_chat.chat_session_id", "session.id")
_LESSER_SESSIONS = ("github.copilot.interaction_id", "gen_ai.response.id")
_WRITES = ("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens")
_REASONING = ("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens")
_TOTALS = ("gen_ai.usage.total_tokens", "gen_ai.usage.total.token_count")
_PAIRS = ("endTime", "startTime", "hrTime", "_hrTime", "time")
_SCALARS = ("timestamp", "observedTimestamp", "timeUnixNano")
_SHARED = {Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")}  # noqa: S108 -- they are not written to
_LONG_CONTEXT_SUFFIXES = ("-1m-internal", "-1m")


class Told(NamedTuple):
    """What a record tells of its trace, usage or not."""

    trace: str
    session: str
    session_rank: int
    model: str


class Request(NamedTuple):
    """A record with usage."""

    kind: int
    trace: str
    span: str
    response: str
    event: UsageEvent


def read(piece: Piece) -> Reading:
    """The requests of an export."""
    skipped: list[Skipped] = []
    records: list[tuple[int, Mapping[str, object]]] = []
    traces: dict[str, Told] = {}
    for offset, line in find_lines(piece, (b'"attributes"',)):
        try:
            record = fields_of(msgspec.json.decode(line))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            skipped.append(Skipped(offset, "is no JSON"))
            continue
        told = _told(record)
        if told.trace:
            traces[told.trace] = _better(traces.get(told.trace), told)
        records.append((offset, record))
    requests: list[Request] = []
    for offset, record in records:
        try:
            request = _request(record, traces, piece.file.modified_ms)
        except Unreadable as error:
            skipped.append(Skipped(offset, str(error)))
        else:
            requests += [request] if request else []
    return Reading(events=[request.event for request in _best(requests)], skipped=sorted(skipped, key=_offset))


def model_of(name: object) -> str:
    """The model without the mark of its long context, which changes no price."""
    model = text_of(name, "model")
    for suffix in _LONG_CONTEXT_SUFFIXES:
        if model.endswith(suffix):
            return model.removesuffix(suffix)
    return model


def _offset(skipped: Skipped) -> int:
    return skipped.offset


def _told(record: Mapping[str, object]) -> Told:
    attributes = fields_of(record.get("attributes"))
    session = first_text(*map(attributes.get, _SESSIONS))
    lesser = first_text(*map(attributes.get, _LESSER_SESSIONS))
    model = model_of(first_text(*(attributes.get(f"gen_ai.{side}.model") for side in ("response", "request"))))
    return Told(_id(record, "traceId"), session or lesser, 2 if session else 1 if lesser else 0, model)


def _better(before: Told | None, now: Told) -> Told:
    if before is None:
        return now
    best = now if now.session_rank > before.session_rank else before
    return best._replace(model=before.model or now.model)


def _request(record: Mapping[str, object], traces: Mapping[str, Told], modified_ms: int) -> Request | None:
    attributes = fields_of(record.get("attributes"))
    kind = _kind(record, attributes)
    if kind is None:
        return None
    read = count_of(attributes.get("gen_ai.usage.input_tokens"))
    output = count_of(attributes.get("gen_ai.usage.output_tokens"))
    cached = count_of(attributes.get("gen_ai.usage.cache_read.input_tokens"))
    written = first_count(attributes, *_WRITES)
    reasoning = first_count(attributes, *_REASONING)
    total = first_count(attributes, *_TOTALS)
    # Both lie within the input, as the session's own counts have it.
    read = max(read - cached - written, 0)
    known = read + output + cached + written
    extra = max(total - known, 0)
    if output == 0:
        output, extra = extra, 0
    if not read + output + cached + written + extra:
        return None
    told = _told(record)
    trace = traces.get(told.trace)
    session = told.session or (trace.session if trace else "") or told.trace or "unknown-session"
    model = told.model or (trace.model if trace else "") or "unknown"
    response = text_of(attributes.get("gen_ai.response.id"))
    span = _id(record, "spanId")
    told_ms = _time(record)
    time_ms = told_ms or modified_ms
    if not time_ms:
        raise Unreadable("has no time")
    place = ["response", response] if response else [told.trace, span] if told.trace and span else []
    counts = (read, output, cached, written, reasoning, extra)
    event = UsageEvent(
        key=digest64(b"copilot-otel", [*(place or [session, str(told_ms)]), model, *map(str, counts)]),
        rank=SUMMARY - kind,
        agent="copilot",
        time_ms=time_ms,
        session=session,
        model=model,
        input_tokens=read,
        output_tokens=output,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        extra_tokens=extra,
        reasoning_tokens=min(reasoning, output),
    )
    return Request(kind, told.trace, span, response, event)


def _best(requests: list[Request]) -> Iterable[Request]:
    traces: list[set[str]] = [set(), set(), set(), set()]
    responses: list[set[str]] = [set(), set(), set(), set()]
    for request in requests:
        traces[request.kind].add(request.trace)
        responses[request.kind].add(request.response)
    for request in requests:
        better = range(request.kind)
        if request.trace and any(request.trace in traces[kind] for kind in better):
            continue
        if request.response and any(request.response in responses[kind] for kind in better):
            continue
        yield request


def _kind(record: Mapping[str, object], attributes: Mapping[str, object]) -> int | None:
    name = text_of(record.get("name"))
    if _is_span(record, name):
        operation = attributes.get("gen_ai.operation.name")
        if operation == "chat" or name.startswith("chat "):
            return CHAT
        return SUMMARY if operation == "invoke_agent" or name.startswith("invoke_agent ") else None
    event = attributes.get("event.name")
    body = first_text(record.get("body"), record.get("_body"))
    if event == "gen_ai.client.inference.operation.details" or body.startswith("GenAI inference:"):
        return INFERENCE
    return TURN if event == "copilot_chat.agent.turn" or body.startswith("copilot_chat.agent.turn") else None


def _is_span(record: Mapping[str, object], name: str) -> bool:
    if isinstance(record.get("type"), str):
        return record["type"] == "span"
    marks = ("startTime", "endTime", "duration", "kind", "spanId", "traceId")
    return bool(name) and any(record.get(mark) is not None for mark in marks)


def _id(record: Mapping[str, object], field: str) -> str:
    return first_text(record.get(field), fields_of(record.get("spanContext")).get(field))


def _time(record: Mapping[str, object]) -> int:
    for field in _PAIRS:
        pair = items_of(record.get(field))
        if len(pair) == 2 and type(pair[0]) is int and type(pair[1]) is int:
            seconds_ms = instant_of(pair[0])
            if seconds_ms is not None:
                return seconds_ms + max(0, min(pair[1], 999_999_999)) // 1_000_000
    return next((told for told in (instant_of(record.get(field)) for field in _SCALARS) if told), 0)


def find_roots(surroundings: Surroundings) -> list[Path]:
    """`otel` below Copilot's folder, and the folder of the file the export was told to write.

    A file right below the home folder or in a folder everyone writes to is left out: all of that would be searched.
    """
    told = surroundings.environment.get("COPILOT_OTEL_FILE_EXPORTER_PATH", "").strip()
    folder = Path(told).parent if told else None
    is_own = folder is not None and folder.is_absolute() and folder not in {*_SHARED, surroundings.home}
    own = [folder] if folder is not None and is_own and folder not in surroundings.home.parents else []
    return existing([copilot_home(surroundings) / "otel", *own])


def copilot_home(surroundings: Surroundings) -> Path:
    """`$COPILOT_HOME`, or `~/.copilot`."""
    told = surroundings.environment.get("COPILOT_HOME", "").strip()
    return Path(told) if told else surroundings.home / ".copilot"


def is_log(path: str) -> bool:
    """Whether the file is an export: lines of JSON, directly in the folder."""
    return path.endswith(".jsonl")


READER = Reader(
    agent="copilot", title="GitHub Copilot", shape="document", find_roots=find_roots, is_log=is_log, read=read
)
