"""ZCode's requests: the table `model_usage` of `cli/db/db.sqlite`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.databases import Database, text
from devtime.readers.fields import Unreadable, count_of, instant_of, place_rest, text_of
from devtime.readers.places import existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Skipped, Surroundings
from devtime.wire.usage import UsageEvent

_NEEDED = {"id", "session_id", "started_at", "model_id", "input_tokens", "output_tokens"}
_OPTIONAL = ("status", "provider_id", "cache_creation_input_tokens", "cache_read_input_tokens", "computed_total_tokens")
_DONE = {"completed", ""}


def _read(piece: Piece) -> Reading:
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            columns = database.columns("model_usage")
            if not columns >= _NEEDED:
                return reading
            folders = _read_folders(database)
            names = [*sorted(_NEEDED), *(name for name in _OPTIONAL if name in columns)]
            rows = database.rows(f"SELECT {', '.join(names)} FROM model_usage")  # noqa: S608 -- names from the lists above
            for number, values in enumerate(rows, 1):
                row = dict(zip(names, values, strict=True))
                try:
                    event = _event(row, folders.get(text(row["session_id"]), ""))
                    reading.events += [event] if event else []
                except Unreadable as error:
                    reading.skipped.append(Skipped(number, str(error)))
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _event(row: Mapping[str, object], cwd: str) -> UsageEvent | None:
    if text(row.get("status")) not in _DONE:
        return None
    prompt, output = count_of(row["input_tokens"]), count_of(row["output_tokens"])
    # Cached tokens are a part of the input: the program's own total is input and output.
    reads = min(count_of(row.get("cache_read_input_tokens")), prompt)
    writes = min(count_of(row.get("cache_creation_input_tokens")), prompt - reads)
    output, extra = place_rest(count_of(row.get("computed_total_tokens")), prompt + output, output, 0)
    if not prompt + output:
        return None
    time_ms, model = instant_of(row["started_at"]), text_of(text(row["model_id"]))
    if time_ms is None:
        raise Unreadable("a request has no time")
    if not model:
        raise Unreadable("a request names no model")
    return UsageEvent(
        key=digest64(b"zcode", [text(row["id"])]),
        agent="zcode",
        time_ms=time_ms,
        session=text_of(text(row["session_id"]), "session") or "unknown",
        model=model,
        provider=text_of(text(row.get("provider_id"))),
        cwd=cwd,
        input_tokens=prompt - reads - writes,
        output_tokens=output,
        cache_read_tokens=reads,
        cache_write_tokens=writes,
        extra_tokens=extra,
    )


def _read_folders(database: Database) -> dict[str, str]:
    if not database.columns("session") >= {"id", "directory"}:
        return {}
    rows = database.rows("SELECT id, directory FROM session")
    return {text(id_): text_of(text(folder), "file") for id_, folder in rows}


def _find_roots(surroundings: Surroundings) -> list[Path]:
    return existing(listed(surroundings, "ZCODE_HOME") or [surroundings.home / ".zcode"])


READER = Reader(
    agent="zcode",
    title="ZCode",
    shape="database",
    find_roots=_find_roots,
    is_log=lambda path: path == "cli/db/db.sqlite",
    read=_read,
)
"""ZCode's database."""
