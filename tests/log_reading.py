"""Reading a home folder's logs with one reader as the ledger does it: every file, in pieces, one event a key."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from devtime.readers.reader import LogFile, Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

Cell = tuple[int, int, int, int, int]
"""Input, output, cache reads, cache writes, and what is beyond them."""


def find_logs(reader: Reader, home: Path, environment: Mapping[str, str] | None = None) -> list[LogFile]:
    """The reader's logs below the home folder, root by root, in path order."""
    logs: list[LogFile] = []
    for root in reader.find_roots(Surroundings(home=home, environment=environment or {})):
        below = [Path(folder, name) for folder, _, names in os.walk(root) for name in names]
        for path in sorted(below):
            relative = path.relative_to(root).as_posix()
            if reader.is_log(relative):
                logs.append(LogFile(path, relative, int(path.stat().st_mtime * 1000)))
    return logs


def read_pieces(reader: Reader, file: LogFile, pieces: Iterable[bytes]) -> Reading:
    """The whole of a log that came in these pieces."""
    whole = Reading(events=[], skipped=[])
    offset = 0
    for data in pieces:
        reading = reader.read(Piece(file=file, data=data, offset=offset, memory=whole.memory))
        whole.events += reading.events
        whole.skipped += reading.skipped
        whole.memory = reading.memory
        offset += len(data)
    return whole


def read_file(reader: Reader, file: LogFile) -> Reading:
    """The whole of a log, in one piece."""
    return read_pieces(reader, file, [b"" if reader.shape == "database" else file.path.read_bytes()])


def read_home(reader: Reader | Sequence[Reader], home: Path, environment: Mapping[str, str] | None = None) -> Reading:
    """Everything below the home folder, each key once: the larger rank, then the log that comes first."""
    kept: dict[int, UsageEvent] = {}
    skipped: list[Skipped] = []
    for one in [reader] if isinstance(reader, Reader) else reader:
        for file in find_logs(one, home, environment):
            reading = read_file(one, file)
            skipped += reading.skipped
            for event in reading.events:
                if event.key not in kept or event.rank > kept[event.key].rank:
                    kept[event.key] = event
    return Reading(events=list(kept.values()), skipped=skipped)


def read_days(
    reader: Reader | Sequence[Reader], home: Path, environment: Mapping[str, str] | None = None
) -> dict[tuple[str, str], Cell]:
    """Day and model to token sums of everything below the home folder."""
    return sum_days(read_home(reader, home, environment).events)


def day_of(time_ms: int) -> str:
    """The UTC date."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).date().isoformat()


def sum_days(events: Iterable[UsageEvent]) -> dict[tuple[str, str], Cell]:
    """Day and model to token sums, as usage reports show them."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for event in events:
        cell = sums.setdefault((day_of(event.time_ms), event.model), Counter())
        cell["input"] += event.input_tokens
        cell["output"] += event.output_tokens
        cell["read"] += event.cache_read_tokens
        cell["written"] += event.cache_write_tokens + event.cache_write_1h_tokens
        cell["extra"] += event.extra_tokens
    names = ("input", "output", "read", "written", "extra")
    return {
        at: (cell[names[0]], cell[names[1]], cell[names[2]], cell[names[3]], cell[names[4]])
        for at, cell in sums.items()
    }
