"""Pi's sessions: JSONL, one folder a project. A fork repeats the lines of the session it came from."""

from __future__ import annotations

from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    cost_of,
    count_of,
    fields_of,
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

_COPIES = "subagent-artifacts"
"""Folders of what a popular extension copies out of sub-agents' sessions, which lie beside them."""

_MARKS = (b'"usage"', b'"session"')


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    cwd = text_of(recall(piece.memory).get("cwd"), "file")
    for offset, line in find_lines(piece, _MARKS):
        try:
            record = parse_json(line)
            if fields_of(record).get("type") == "session":
                cwd = text_of(fields_of(record).get("cwd"), "file")
            else:
                event = _event(piece, record, cwd)
                reading.events += [event] if event else []
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
    reading.memory = json_text({"cwd": cwd})
    return reading


def _event(piece: Piece, record: object, cwd: str) -> UsageEvent | None:
    fields = fields_of(record)
    message = fields_of(fields.get("message"))
    usage = fields_of(message.get("usage"))
    if fields.get("type", "message") != "message" or message.get("role") != "assistant" or not usage:
        return None
    input_tokens, output = count_of(usage.get("input")), count_of(usage.get("output"))
    reads, writes = count_of(usage.get("cacheRead")), count_of(usage.get("cacheWrite"))
    known = input_tokens + output + reads + writes
    output, extra = place_rest(count_of(usage.get("totalTokens")), known, output, 0)
    if not known + output:
        return None
    written = text_of(fields.get("timestamp"))
    time_ms = instant_of(fields.get("timestamp"))
    time_ms = instant_of(message.get("timestamp")) if time_ms is None else time_ms
    if time_ms is None:
        raise Unreadable("a message has no time")
    model = text_of(message.get("model")) or "unknown"
    counts = (input_tokens, output, reads, writes, extra)
    parts = piece.file.relative.split("/")
    return UsageEvent(
        key=digest64(b"pi", [written or str(time_ms), model, *map(str, counts)]),
        agent="pi",
        time_ms=time_ms,
        session=_session(piece.file.path.stem),
        model=f"[pi] {model}",
        provider=text_of(message.get("provider")),
        folder=text_of(parts[0]) if len(parts) > 1 else "",
        cwd=cwd,
        input_tokens=input_tokens,
        output_tokens=output,
        cache_read_tokens=reads,
        cache_write_tokens=writes,
        extra_tokens=extra,
        cost_nusd=cost_of(fields_of(usage.get("cost")).get("total")),
    )


def _session(stem: str) -> str:
    """The name of the file without the time before it: `2026-01-02T03-04-05-678Z_<session>`."""
    return text_of(stem.partition("_")[2] or stem, "session") or "unknown"


def _find_roots(surroundings: Surroundings) -> list[Path]:
    agent_folders = listed(surroundings, "PI_CODING_AGENT_DIR") or [surroundings.home / ".pi" / "agent"]
    return existing(
        listed(surroundings, "PI_AGENT_DIR")
        or listed(surroundings, "PI_CODING_AGENT_SESSION_DIR")
        or [folder / "sessions" for folder in agent_folders]
    )


READER = Reader(
    agent="pi",
    title="Pi",
    shape="lines",
    find_roots=_find_roots,
    is_log=lambda path: path.endswith(".jsonl") and _COPIES not in path.split("/"),
    read=_read,
)
"""Pi's sessions."""
