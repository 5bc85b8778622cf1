"""Kimi's sessions: `sessions/**/wire.jsonl` of Kimi CLI (`StatusUpdate`) and of Kimi Code (`usage.record`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

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
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_MARKS = (b'"token_usage"', b'"usage.record"')
_DEFAULT_MODEL = "kimi-for-coding"
_AGENT_FOLDERS = {"agents", "subagents"}
_LONGEST_CONFIG = 1024 * 1024


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    configured: str | None = None
    for offset, line in find_lines(piece, _MARKS):
        try:
            record = fields_of(parse_json(line))
            if record.get("type") == "usage.record":
                event = _code_event(piece.file, record)
            else:
                configured = _configured_model(piece.file) if configured is None else configured
                event = _status_event(piece.file, record, configured)
            reading.events += [event] if event else []
        except Unreadable as error:
            reading.skipped.append(Skipped(offset, str(error)))
    return reading


def _code_event(file: LogFile, record: Mapping[str, object]) -> UsageEvent | None:
    """A turn's usage. Records of wider scope are sums of these."""
    if record.get("usageScope") != "turn":
        return None
    usage = fields_of(record.get("usage"))
    counts = [count_of(usage.get(name)) for name in ("inputOther", "output", "inputCacheRead", "inputCacheCreation")]
    model = text_of(record.get("model")).removeprefix("kimi-code/")
    return _event(file, counts, 0, model, record.get("time"), [])


def _status_event(file: LogFile, record: Mapping[str, object], model: str) -> UsageEvent | None:
    """The usage of a step, or of one of a subagent's, which the line wraps."""
    message = fields_of(record.get("message"))
    payload = fields_of(message.get("payload"))
    is_wrapped = message.get("type") == "SubagentEvent"
    if is_wrapped:
        message = fields_of(payload.get("event"))
        payload = fields_of(message.get("payload"))
    usage = fields_of(payload.get("token_usage"))
    id_ = text_of(payload.get("message_id"))
    # The subagent may keep a log of its own: only an id can tell that both mean one step.
    if message.get("type") != "StatusUpdate" or not usage or (is_wrapped and not id_):
        return None
    names = ("input_other", "output", "input_cache_read", "input_cache_creation")
    counts = [count_of(usage.get(name)) for name in names]
    identity = ["id", id_] if id_ else []
    event = _event(file, counts, count_of(usage.get("total")), model, record.get("timestamp"), identity)
    return msgspec.structs.replace(event, is_sidechain=True) if event and is_wrapped else event


def _event(
    file: LogFile, counts: list[int], total: int, model: str, written: object, identity: list[str]
) -> UsageEvent | None:
    input_tokens, output, reads, writes = counts
    output, extra = place_rest(total, sum(counts), output, 0)
    if not sum(counts) + output:
        return None
    written_ms = instant_of(written)
    time_ms = (file.modified_ms or None) if written_ms is None else written_ms
    if time_ms is None:
        raise Unreadable("a message has no time")
    session, is_sidechain = _place(file)
    parts = file.relative.split("/")
    own = [session, str(written_ms or ""), model, *map(str, (input_tokens, output, reads, writes, extra))]
    return UsageEvent(
        key=digest64(b"kimi", identity or own),
        rank=input_tokens + output + reads + writes + extra,
        agent="kimi",
        time_ms=time_ms,
        session=session,
        model=model or _DEFAULT_MODEL,
        folder=text_of(parts[1]) if len(parts) > 3 else "",
        input_tokens=input_tokens,
        output_tokens=output,
        cache_read_tokens=reads,
        cache_write_tokens=writes,
        extra_tokens=extra,
        is_sidechain=is_sidechain,
        is_model_guessed=not model,
    )


def _place(file: LogFile) -> tuple[str, bool]:
    """The session, and whether an agent other than the main one wrote the log."""
    parts = ["", "", "", "", *file.path.parts]
    if parts[-3] in _AGENT_FOLDERS:
        return text_of(parts[-4], "session") or "unknown", parts[-2] != "main"
    return text_of(parts[-2], "session") or "unknown", False


def _configured_model(file: LogFile) -> str:
    """The model of `config.json`, as the lines of Kimi CLI name none; `""` where it is not told."""
    try:
        root = file.path.parents[file.relative.count("/")]
        with (root / "config.json").open("rb") as config:
            return text_of(fields_of(parse_json(config.read(_LONGEST_CONFIG))).get("model"))
    except (OSError, ValueError, IndexError, Unreadable):
        return ""


def _find_roots(surroundings: Surroundings) -> list[Path]:
    home = surroundings.home
    cli = listed(surroundings, "KIMI_SHARE_DIR") or [home / ".kimi"]
    code = listed(surroundings, "KIMI_CODE_HOME") or [home / ".kimi-code"]
    return existing(listed(surroundings, "KIMI_DATA_DIR") or [*cli, *code])


READER = Reader(
    agent="kimi",
    title="Kimi",
    shape="lines",
    find_roots=_find_roots,
    is_log=lambda path: path.startswith("sessions/") and path.endswith("/wire.jsonl"),
    read=_read,
)
"""Kimi's sessions, of both programs."""
