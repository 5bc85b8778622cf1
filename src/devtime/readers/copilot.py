"""GitHub Copilot CLI: what each run of a session used, told when it ends (`session-state/<id>/events.jsonl`).

The counts of a session go on where its last run left off, so a run's own are the difference. Where the export of
telemetry was on too, it tells each request, and better; what it tells is taken off here: each token counts once. The
export is the one thing a reading here looks at besides its own log.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from devtime.kernel.digests import digest64
from devtime.readers import copilot_otel
from devtime.readers.copilot_otel import copilot_home, model_of
from devtime.readers.fields import (
    Unreadable,
    count_of,
    fields_of,
    instant_of,
    items_of,
    json_text,
    parse_json,
    recall,
    text_of,
)
from devtime.readers.places import existing
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.readers.records import find_lines
from devtime.wire.usage import UsageEvent

_MARKS = (b'"session.shutdown"', b'"session.start"', b'"session.resume"')
_COUNTS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens")
_LARGEST_EXPORT = 1 << 30


class _Counts(NamedTuple):
    """Input holds both caches; output holds reasoning."""

    input: int = 0
    output: int = 0
    read: int = 0
    written: int = 0
    reasoning: int = 0

    def minus(self, other: _Counts) -> _Counts:
        return _Counts(*(max(ours - theirs, 0) for ours, theirs in zip(self, other, strict=True)))

    def since(self, before: _Counts) -> _Counts:
        """A run whose counts are smaller than those before has begun counting anew."""
        return self if self.input + self.output < before.input + before.output else self.minus(before)


def read(piece: Piece) -> Reading:
    """The runs that ended in the piece."""
    run = _Session(piece)
    skipped: list[Skipped] = []
    for offset, line in find_lines(piece, _MARKS):
        try:
            run.read(fields_of(parse_json(line)))
        except Unreadable as error:
            skipped.append(Skipped(offset, str(error)))
    return Reading(run.events, skipped, run.remember())


class _Session:
    def __init__(self, piece: Piece) -> None:
        told = recall(piece.memory)
        self.file = piece.file
        self.events: list[UsageEvent] = []
        self.name = text_of(piece.file.relative.split("/")[0], "session") or "unknown"
        self.cwd = text_of(told.get("cwd"), "file")
        self.branch = text_of(told.get("branch"), "branch")
        self.before = {model: _recalled(value) for model, value in fields_of(told.get("models")).items()}

    def remember(self) -> bytes:
        models = {model: [*counts, time_ms] for model, (counts, time_ms) in self.before.items()}
        return json_text({"cwd": self.cwd, "branch": self.branch, "models": models})

    def read(self, record: Mapping[str, object]) -> None:
        kind, data = record.get("type"), fields_of(record.get("data"))
        if kind in ("session.start", "session.resume"):
            context = fields_of(data.get("context"))
            self.cwd = text_of(context.get("cwd"), "file") or self.cwd
            self.branch = text_of(context.get("branch"), "branch") or self.branch
        elif kind == "session.shutdown":
            self._end(record, fields_of(data.get("modelMetrics")))

    def _end(self, record: Mapping[str, object], metrics: Mapping[str, object]) -> None:
        time_ms = instant_of(record.get("timestamp"))
        if time_ms is None:
            raise Unreadable("has no time")
        counted: dict[str, _Counts] = {}
        for name, value in metrics.items():
            fields = fields_of(value)
            model = model_of(name)
            if model:
                usage = fields_of(fields.get("usage")) or fields
                counted[model] = _Counts(*(count_of(usage.get(field)) for field in _COUNTS))
        for model, counts in counted.items():
            before, before_ms = self.before.get(model, (_Counts(), 0))
            self.before[model] = counts, time_ms
            spent = counts.since(before).minus(self._exported(model, before_ms, time_ms))
            if any(spent[:4]):  # reasoning is a part of the output
                self.events.append(self._event(text_of(record.get("id")), model, time_ms, spent))

    def _exported(self, model: str, after_ms: int, until_ms: int) -> _Counts:
        sums = _Counts()
        for path in _exports(self.file):
            for time_ms, counts in _read_export(path).get((self.name, model), ()):
                if after_ms < time_ms <= until_ms:
                    sums = _Counts(*map(sum, zip(sums, counts, strict=True)))
        return sums

    def _event(self, event_id: str, model: str, time_ms: int, spent: _Counts) -> UsageEvent:
        place = event_id or f"{time_ms}"
        return UsageEvent(
            key=digest64(b"copilot", [self.name, place, model]),
            agent="copilot",
            time_ms=time_ms,
            session=self.name,
            model=model,
            cwd=self.cwd,
            branch=self.branch,
            input_tokens=max(spent.input - spent.read - spent.written, 0),
            output_tokens=spent.output,
            cache_read_tokens=spent.read,
            cache_write_tokens=spent.written,
            reasoning_tokens=min(spent.reasoning, spent.output),
        )


_Exported = Mapping[tuple[str, str], list[tuple[int, _Counts]]]
"""Session and model to when how much was used."""


def _exports(file: LogFile) -> list[Path]:
    parents = file.path.parents
    told = os.environ.get("COPILOT_OTEL_FILE_EXPORTER_PATH", "").strip()
    try:
        folder = parents[2] / "otel"
        found = sorted(path for path in folder.rglob("*.jsonl") if path.is_file()) if folder.is_dir() else []
        return list(dict.fromkeys([*found, *([Path(told)] if told and Path(told).is_file() else [])]))
    except (OSError, ValueError, IndexError):
        return []


def _read_export(path: Path) -> _Exported:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return {}
    return _parse_export(path, status.st_mtime_ns, status.st_size) if status.st_size <= _LARGEST_EXPORT else {}


@lru_cache(maxsize=8)
def _parse_export(path: Path, modified_ns: int, _: int) -> _Exported:
    try:
        data = path.read_bytes()
    except (OSError, ValueError, MemoryError):
        return {}
    exported: dict[tuple[str, str], list[tuple[int, _Counts]]] = {}
    events = copilot_otel.read(Piece(LogFile(path, path.name, modified_ns // 1_000_000), data)).events
    for event in {event.key: event for event in events}.values():
        spent = _Counts(
            event.prompt_tokens,
            event.output_tokens,
            event.cache_read_tokens,
            event.cache_write_tokens,
            event.reasoning_tokens,
        )
        exported.setdefault((event.session, event.model), []).append((event.time_ms, spent))
    return exported


def _recalled(value: object) -> tuple[_Counts, int]:
    numbers = [count for count in items_of(value) if type(count) is int and count >= 0]
    return (_Counts(*numbers[:5]), numbers[5]) if len(numbers) == 6 else (_Counts(), 0)


def find_roots(surroundings: Surroundings) -> list[Path]:
    """`session-state` below Copilot's folder."""
    return existing([copilot_home(surroundings) / "session-state"])


def is_log(path: str) -> bool:
    """Whether the file is a session's log of events."""
    return path.endswith("/events.jsonl") and path.count("/") == 1


READER = Reader(agent="copilot", title="GitHub Copilot", shape="lines", find_roots=find_roots, is_log=is_log, read=read)
