"""Qwen Code's chats: `projects/<project>/chats/<session>.jsonl`."""

from __future__ import annotations

import re
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    count_of,
    fields_of,
    instant_of,
    parse_json,
    place_rest,
    text_of,
)
from devtime.readers.places import existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_CHAT = re.compile(r"projects/[^/]+/chats/[^/]+\.jsonl")
_MARKS = (b'"usageMetadata"',)


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    for offset, line in find_lines(piece, _MARKS):
        try:
            event = _event(piece, parse_json(line))
            reading.events += [event] if event else []
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
    return reading


def _event(piece: Piece, record: object) -> UsageEvent | None:
    fields = fields_of(record)
    usage = fields_of(fields.get("usageMetadata"))
    if fields.get("type") != "assistant" or not usage:
        return None
    prompt, output = count_of(usage.get("promptTokenCount")), count_of(usage.get("candidatesTokenCount"))
    thoughts, cached = count_of(usage.get("thoughtsTokenCount")), count_of(usage.get("cachedContentTokenCount"))
    total = count_of(usage.get("totalTokenCount"))
    # Providers differ in whether thoughts are inside the output and cached tokens inside the prompt; the total tells.
    if total in {prompt + output, prompt + output + thoughts}:
        prompt -= min(cached, prompt)
    outside = 0 if total and total < prompt + output + cached + thoughts and thoughts <= output else thoughts
    known = prompt + output + cached + outside
    output, extra = place_rest(total, known, output, outside)
    if not known + output:
        return None
    project = piece.file.path.parts[-3] if len(piece.file.path.parts) > 2 else ""
    written = text_of(fields.get("timestamp"))
    time_ms = instant_of(fields.get("timestamp"))
    time_ms = (piece.file.modified_ms or None) if time_ms is None else time_ms
    if time_ms is None:
        raise Unreadable("a message has no time")
    session = text_of(fields.get("sessionId"), "session") or text_of(f"{project}-{piece.file.path.stem}", "session")
    model = text_of(fields.get("model")) or "unknown"
    cwd = text_of(fields.get("cwd"), "file")
    counts = (prompt, output, cached, extra)
    return UsageEvent(
        key=digest64(b"qwen", [session, written, model, *map(str, counts)]),
        agent="qwen",
        time_ms=time_ms,
        session=session,
        model=model,
        folder=text_of(project),
        cwd=cwd,
        branch=text_of(fields.get("gitBranch"), "branch"),
        input_tokens=prompt,
        output_tokens=output,
        cache_read_tokens=cached,
        extra_tokens=extra,
        reasoning_tokens=thoughts,
    )


def _find_roots(surroundings: Surroundings) -> list[Path]:
    own = listed(surroundings, "QWEN_RUNTIME_DIR") or listed(surroundings, "QWEN_HOME")
    return existing(listed(surroundings, "QWEN_DATA_DIR") or own or [surroundings.home / ".qwen"])


READER = Reader(
    agent="qwen",
    title="Qwen Code",
    shape="lines",
    find_roots=_find_roots,
    is_log=lambda path: _CHAT.fullmatch(path) is not None,
    read=_read,
)
"""Qwen Code's chats."""
