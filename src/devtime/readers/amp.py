"""Amp: one document a thread, with a ledger of usage, whose cache numbers are told by the messages it points to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    count_of,
    fields_of,
    first_text,
    instant_of,
    items_of,
    parse_json,
    place_rest,
    text_of,
)
from devtime.readers.places import data_home, existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent


class _Spent(NamedTuple):
    """What a ledger's event or a message tells, before it is read."""

    id: str
    time: object
    model: str
    input: object
    output: object
    read: object
    written: object
    total: object


def read(piece: Piece) -> Reading:
    """The events of a thread."""
    try:
        thread = fields_of(parse_json(piece.data))
    except Unreadable as error:
        return Reading(events=[], skipped=[Skipped(0, str(error))])
    name = text_of(thread.get("id"), "session")
    if not name:
        reason = "is no thread: it has no id"
        return Reading(
            events=[], skipped=[Skipped(0, reason)] if "messages" in thread or "usageLedger" in thread else []
        )
    ledger = fields_of(thread.get("usageLedger"))
    messages = [fields_of(message) for message in items_of(thread.get("messages"))]
    is_kept = isinstance(ledger.get("events"), list)
    spendings = _from_ledger(items_of(ledger.get("events")), messages) if is_kept else _from_messages(messages)
    events: list[UsageEvent] = []
    skipped: list[Skipped] = []
    for number, spent in enumerate(spendings):
        try:
            event = _event(name, spent)
        except Unreadable as error:
            skipped.append(Skipped(number, str(error)))
        else:
            events += [event] if event else []
    return Reading(events, skipped)


def _from_ledger(events: list[object], messages: list[Mapping[str, object]]) -> Iterator[_Spent]:
    answers = {_id(message.get("messageId")): message for message in messages if _is_answer(message)}
    for event in map(fields_of, events):
        tokens = fields_of(event.get("tokens"))
        answer = answers.get(_id(event.get("toMessageId")))
        usage = fields_of(answer.get("usage") if answer else None)
        yield _Spent(
            id=text_of(event.get("id")),
            time=event.get("timestamp"),
            model=text_of(event.get("model"), "model"),
            input=tokens.get("input"),
            output=tokens.get("output"),
            read=usage.get("cacheReadInputTokens"),
            written=usage.get("cacheCreationInputTokens"),
            total=tokens.get("total"),
        )


def _is_answer(message: Mapping[str, object]) -> bool:
    return message.get("role") == "assistant" and _id(message.get("messageId")) != ""


def _from_messages(messages: list[Mapping[str, object]]) -> Iterator[_Spent]:
    for message in messages:
        usage = fields_of(message.get("usage"))
        if message.get("role") == "assistant" and usage:
            yield _Spent(
                id=_id(message.get("messageId")),
                time=usage.get("timestamp") or message.get("timestamp"),
                model=first_text(usage.get("model"), message.get("model")),
                input=usage.get("inputTokens"),
                output=usage.get("outputTokens"),
                read=usage.get("cacheReadInputTokens"),
                written=usage.get("cacheCreationInputTokens"),
                total=usage.get("totalTokens"),
            )


def _event(name: str, spent: _Spent) -> UsageEvent | None:
    counts = [count_of(value) for value in (spent.input, spent.output, spent.read, spent.written)]
    output, extra = place_rest(count_of(spent.total), sum(counts), counts[1], 0)
    if not sum(counts) + output + extra:
        return None
    time_ms = instant_of(spent.time)
    if time_ms is None:
        raise Unreadable("has no time")
    if not spent.model:
        raise Unreadable("names no model")
    place = [spent.id] if spent.id else [str(time_ms), *map(str, counts)]
    return UsageEvent(
        key=digest64(b"amp", [name, *place, spent.model]),
        agent="amp",
        time_ms=time_ms,
        session=name,
        model=spent.model,
        input_tokens=counts[0],
        output_tokens=output,
        cache_read_tokens=counts[2],
        cache_write_tokens=counts[3],
        extra_tokens=extra,
    )


def _id(value: object) -> str:
    return str(value) if type(value) is int else text_of(value)


def find_roots(surroundings: Surroundings) -> list[Path]:
    """`threads` below each `AMP_DATA_DIR`, or below Amp's folder for data."""
    homes = listed(surroundings, "AMP_DATA_DIR") or [data_home(surroundings) / "amp"]
    return existing([home / "threads" for home in homes])


def is_log(path: str) -> bool:
    """Whether the file is a thread."""
    return path.endswith(".json")


READER = Reader(agent="amp", title="Amp", shape="document", find_roots=find_roots, is_log=is_log, read=read)
