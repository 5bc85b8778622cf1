"""Codebuff's chats: `projects/<project>/chats/<chat>/chat-messages.json`, read whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    fields_of,
    first_count,
    first_text,
    instant_of,
    items_of,
    parse_json,
    place_rest,
    text_of,
)
from devtime.readers.places import config_home, existing, listed
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_CHANNELS = ("manicode", "manicode-dev", "manicode-staging")
_CHAT = re.compile(r"(?:.+/)?[^/]+/chats/[^/]+/chat-messages\.json")
_CHAT_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2})-(\d{2})-(\d{2}.*)", re.ASCII)
_SPEAKERS = {"ai", "agent", "assistant"}
_INPUT = ("inputTokens", "input_tokens", "promptTokens", "prompt_tokens")
_OUTPUT = ("outputTokens", "output_tokens", "completionTokens", "completion_tokens")
_CACHE_READ = ("cacheReadInputTokens", "cache_read_input_tokens")
_CACHE_WRITE = (
    "cacheCreationInputTokens",
    "cache_creation_input_tokens",
    "cacheCreationTokens",
    "cache_creation_tokens",
    "cachedTokensCreated",
    "cached_tokens_created",
)
_TOTAL = ("totalTokens", "total_tokens", "total")


class Used(NamedTuple):
    """Counts that do not overlap: input, output, cache reads and writes, extra."""

    input: int
    output: int
    reads: int
    writes: int
    extra: int


def _used(value: object) -> Used | None:
    """The counts of a usage object in any of its spellings; None when there are none. Raises Unreadable."""
    usage = fields_of(value)
    input_tokens, output = first_count(usage, *_INPUT), first_count(usage, *_OUTPUT)
    reads, writes = first_count(usage, *_CACHE_READ), first_count(usage, *_CACHE_WRITE)
    details = fields_of(usage.get("promptTokensDetails")) or fields_of(usage.get("prompt_tokens_details"))
    inside = first_count(details, "cachedTokens", "cached_tokens")
    # What stands in the details of the prompt is a part of the prompt.
    if inside and reads in {0, inside}:
        reads = min(inside, input_tokens)
        input_tokens -= reads
    known = input_tokens + output + reads + writes
    output, extra = place_rest(first_count(usage, *_TOTAL), known, output, 0)
    return Used(input_tokens, output, reads, writes, extra) if known + output else None


def _usages(metadata: Mapping[str, object]) -> Iterator[tuple[object, str]]:
    """Where a message's usage may stand, the best first, each with the model named beside it."""
    yield metadata.get("usage"), ""
    yield fields_of(metadata.get("codebuff")).get("usage"), ""
    state = fields_of(fields_of(fields_of(metadata.get("runState")).get("sessionState")).get("mainAgentState"))
    for entry in reversed(items_of(state.get("messageHistory"))):
        if fields_of(entry).get("role") == "assistant":
            options = fields_of(fields_of(entry).get("providerOptions"))
            codebuff = fields_of(options.get("codebuff"))
            yield options.get("usage"), text_of(codebuff.get("model"))
            yield codebuff.get("usage"), text_of(codebuff.get("model"))


def _event(place: tuple[str, str, int | None], message: object, ordinal: int) -> UsageEvent | None:
    fields = fields_of(message)
    if first_text(fields.get("variant"), fields.get("role")) not in _SPEAKERS:
        return None
    metadata = fields_of(fields.get("metadata"))
    found = ((_used(usage), first_text(fields_of(usage).get("model"), named)) for usage, named in _usages(metadata))
    used, named = next((pair for pair in found if pair[0]), (None, ""))
    if used is None:
        return None
    project, session, chat_ms = place
    times = (instant_of(time) for time in (fields.get("timestamp"), fields.get("createdAt"), metadata.get("timestamp")))
    time_ms = next((time for time in times if time is not None), chat_ms)
    if time_ms is None:
        raise Unreadable("a message has no time")
    model = first_text(metadata.get("model"), named)
    id_ = text_of(fields.get("id"))
    return UsageEvent(
        key=digest64(b"codebuff", [session, id_] if id_ else [session, "", str(ordinal)]),
        agent="codebuff",
        time_ms=time_ms,
        session=session,
        model=model or "codebuff-unknown",
        folder=project,
        project=project,
        input_tokens=used.input,
        output_tokens=used.output,
        cache_read_tokens=used.reads,
        cache_write_tokens=used.writes,
        extra_tokens=used.extra,
        is_model_guessed=not model,
    )


def _place(file: LogFile) -> tuple[str, str, int | None]:
    """The project, the session (`<channel>/<project>/<chat>`), and when the chat began or else was last written."""
    parts = ["unknown"] * 6 + list(file.path.parts)
    channel, project, chat = parts[-6], parts[-4], parts[-2]
    match = _CHAT_TIME.fullmatch(chat)
    began_ms = instant_of(f"{match[1]}:{match[2]}:{match[3]}") if match else None
    chat_ms = (file.modified_ms or None) if began_ms is None else began_ms
    return text_of(project), text_of(f"{channel}/{project}/{chat}", "session"), chat_ms


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    try:
        messages = items_of(parse_json(piece.data))
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
        return reading
    place = _place(piece.file)
    for ordinal, message in enumerate(messages):
        try:
            event = _event(place, message, ordinal)
            reading.events += [event] if event else []
        except Unreadable as error:
            reading.skipped.append(Skipped(0, str(error)))
    return reading


def _find_roots(surroundings: Surroundings) -> list[Path]:
    own = [config_home(surroundings) / channel for channel in _CHANNELS]
    chosen = listed(surroundings, "CODEBUFF_DATA_DIR") or own
    return existing([folder if folder.name == "projects" else folder / "projects" for folder in chosen])


READER = Reader(
    agent="codebuff",
    title="Codebuff",
    shape="document",
    find_roots=_find_roots,
    is_log=lambda path: _CHAT.fullmatch(path) is not None,
    read=_read,
)
"""Codebuff's chats."""
