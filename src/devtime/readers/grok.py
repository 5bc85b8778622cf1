"""Grok's sessions: `sessions/<folder>/<session>/updates.jsonl`, a line a turn, with what Grok paid for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from devtime.kernel.digests import digest64
from devtime.readers.fields import (
    Unreadable,
    cost_of,
    count_of,
    fields_of,
    instant_of,
    parse_json,
    text_of,
)
from devtime.readers.places import existing, listed
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_LOG = re.compile(r"sessions/(?:.+/)?updates\.jsonl")
_MARKS = (b'"turn_completed"',)
_TICKS = 10**10
"""Grok writes costs in these parts of a US dollar."""

_LONGEST_SUMMARY = 4 * 1024 * 1024


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    summary: Mapping[str, object] | None = None
    for offset, line in find_lines(piece, _MARKS):
        try:
            record = fields_of(parse_json(line))
            summary = _read_summary(piece.file) if summary is None else summary
            reading.events += _turn_events(piece.file, record, summary)
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
    return reading


def _turn_events(file: LogFile, record: Mapping[str, object], summary: Mapping[str, object]) -> Iterator[UsageEvent]:
    """The events of a turn, one a model."""
    params = fields_of(record.get("params"))
    update = fields_of(params.get("update"))
    whole = fields_of(update.get("usage"))
    if update.get("sessionUpdate") != "turn_completed" or not whole:
        return
    info = fields_of(summary.get("info"))
    about = fields_of(params.get("_meta"))
    times = (instant_of(about.get("agentTimestampMs")), instant_of(record.get("timestamp")))
    time_ms = next((time for time in times if time is not None), None)
    names = ["unknown", "unknown", *file.path.parts]
    session = text_of(params.get("sessionId"), "session") or text_of(info.get("id"), "session") or names[-2]
    cwd = text_of(info.get("cwd"), "file") or text_of(unquote(names[-3]), "file")
    event_id = text_of(about.get("eventId"))
    usages = fields_of(whole.get("modelUsage")) or {text_of(summary.get("current_model_id")) or "unknown": whole}
    for name, value in sorted(usages.items()):
        usage = fields_of(value)
        prompt, output = count_of(usage.get("inputTokens")), count_of(usage.get("outputTokens"))
        # Cached tokens are a part of the input, and reasoning of the output.
        reads = min(count_of(usage.get("cachedReadTokens")), prompt)
        writes = min(count_of(usage.get("cacheCreationTokens")), prompt - reads)
        if not prompt + output:
            continue
        if time_ms is None:
            raise Unreadable("a turn has no time")
        model = text_of(name) or "unknown"
        identity = [event_id] if event_id else ["", str(time_ms), *map(str, (prompt, output, reads, writes))]
        yield UsageEvent(
            key=digest64(b"grok", [session, model, *identity]),
            agent="grok",
            time_ms=time_ms,
            session=text_of(session, "session") or "unknown",
            model=model,
            provider="xai",
            cwd=cwd,
            input_tokens=prompt - reads - writes,
            output_tokens=output,
            cache_read_tokens=reads,
            cache_write_tokens=writes,
            reasoning_tokens=min(count_of(usage.get("reasoningTokens")), output),
            cost_nusd=_cost(usage.get("costUsdTicks")),
        )


def _cost(ticks: object) -> int | None:
    return cost_of(ticks / _TICKS) or None if type(ticks) is int and 0 < ticks < 2**63 else None


def _read_summary(file: LogFile) -> Mapping[str, object]:
    """What lies beside the log and names the folder and the model."""
    try:
        with file.path.with_name("summary.json").open("rb") as summary:
            return fields_of(parse_json(summary.read(_LONGEST_SUMMARY)))
    except (OSError, ValueError, Unreadable):
        return {}


def _find_roots(surroundings: Surroundings) -> list[Path]:
    return existing(listed(surroundings, "GROK_HOME") or [surroundings.home / ".grok"])


READER = Reader(
    agent="grok",
    title="Grok",
    shape="lines",
    find_roots=_find_roots,
    is_log=lambda path: _LOG.fullmatch(path) is not None,
    read=_read,
)
"""Grok's sessions."""
