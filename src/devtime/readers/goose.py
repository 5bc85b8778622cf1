"""Goose: what each session has used since it began, in `sessions.db`. One event a session, which grows as it does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.databases import text
from devtime.readers.fields import Unreadable, count_of, fields_of, instant_of, parse_json, text_of
from devtime.readers.places import application_home, data_home, existing
from devtime.readers.reader import Piece, Reader, Reading, Surroundings
from devtime.readers.session_tables import read_sessions
from devtime.wire.usage import UsageEvent

_NEEDED = ("id", "model_config_json", "created_at")
_OTHER = (
    "provider_name",
    "working_dir",
    "total_tokens",
    "input_tokens",
    "output_tokens",
    "accumulated_total_tokens",
    "accumulated_input_tokens",
    "accumulated_output_tokens",
)


def read(piece: Piece) -> Reading:
    """The sessions' events."""
    return read_sessions(piece, _NEEDED, _OTHER, _event)


def _event(row: Mapping[str, object]) -> UsageEvent | None:
    read, output, total = (_count(row, f"{kind}_tokens") for kind in ("input", "output", "total"))
    if not read + output + total:
        return None
    # The total also holds what neither part tells; such sessions have no output to add it to.
    extra = max(total - read - output, 0)
    config = text(row["model_config_json"]).strip()
    model = text_of(fields_of(parse_json(config.encode())).get("model_name"), "model") if config else ""
    if not model:
        return None
    time_ms = _time(row["created_at"])
    session = text_of(text(row["id"]), "session")
    if time_ms is None:
        raise Unreadable("has no time")
    if not session:
        raise Unreadable("has no id")
    return UsageEvent(
        key=digest64(b"goose", [session, str(time_ms)]),
        rank=read + output + extra,
        agent="goose",
        time_ms=time_ms,
        session=session,
        model=model,
        provider=text_of(text(row.get("provider_name")), "provider").replace("-", "_"),
        cwd=text_of(text(row.get("working_dir")), "file"),
        input_tokens=read,
        output_tokens=output,
        extra_tokens=extra,
    )


def _count(row: Mapping[str, object], name: str) -> int:
    """The whole session's count if it is kept, else that of the latest request; a count below 0 means none."""
    for value in (row.get(f"accumulated_{name}"), row.get(name)):
        if type(value) is int and value > 0:
            return count_of(value)
    return 0


def _time(value: object) -> int | None:
    told = text(value).strip() or value
    if isinstance(told, str):
        return instant_of(told) or instant_of(f"{told}Z") or instant_of(f"{told}T00:00:00Z")
    return instant_of(told)


def find_roots(surroundings: Surroundings) -> list[Path]:
    """Below `GOOSE_PATH_ROOT`, or wherever one of its versions keeps sessions."""
    told = surroundings.environment.get("GOOSE_PATH_ROOT", "").strip()
    if told:
        return existing([Path(told, "data", "sessions")])
    homes = [data_home(surroundings) / "goose", application_home(surroundings) / "goose"]
    homes += [data_home(surroundings) / "Block" / "goose", application_home(surroundings) / "Block" / "goose" / "data"]
    return existing([home / "sessions" for home in homes])


def is_log(path: str) -> bool:
    """Whether the file is the database."""
    return path == "sessions.db"


READER = Reader(
    agent="goose", title="Goose", shape="database", find_roots=find_roots, is_log=is_log, read=read, depth=0
)
