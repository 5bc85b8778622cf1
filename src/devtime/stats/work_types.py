"""What kind of work time was spent on: writing, debugging, reading, configuring. Told apart here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args
from uuid import UUID

from devtime.stats.ranges import TimeRange
from devtime.stats.sessions import Session
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")

WorkType = Literal["writing", "debugging", "reading", "config"]
WORK_TYPES: tuple[WorkType, ...] = get_args(WorkType)

TITLES: dict[WorkType, str] = {
    "writing": "Writing code",
    "debugging": "Debugging",
    "reading": "Reading code",
    "config": "Config / tooling",
}
"""As they are shown, in the order they are shown in."""

Work = dict[WorkType, int]
"""Milliseconds by kind; all four are there."""

_DEBUGGING = frozenset({"debugging", "manual testing", "running tests", "testing"})
_CONFIGURING = frozenset({"building", "indexing", "configuring"})
_WRITING = frozenset({"ai coding", "prompting", "writing docs", "writing tests"})
_READING = frozenset(
    {
        "browsing", "code reviewing", "communicating", "designing", "learning", "meeting", "planning", "researching",
        "translating",
    }
)  # fmt: skip
_CONFIG_LANGUAGES = frozenset(
    {
        "apache config", "bazel", "cmake", "docker", "docker compose", "dockerfile", "dotenv", "editorconfig",
        "git attributes", "git config", "git ignore", "gitignore", "gradle", "hcl", "ignore", "ini", "json", "json5",
        "jsonc", "just", "make", "makefile", "meson", "nginx", "ninja", "nix", "pip requirements", "properties",
        "ssh config", "starlark", "systemd", "terraform", "toml", "yaml", "yml",
    }
)  # fmt: skip


def work_type_of(language: str, activity_type: str, is_write: bool) -> WorkType:
    """The kind of work of a heartbeat: what the client called it if that says so, else its language, else whether
    something was saved.
    """
    if activity_type in _DEBUGGING:
        return "debugging"
    if activity_type in _CONFIGURING or language.lower() in _CONFIG_LANGUAGES:
        return "config"
    if activity_type in _WRITING:
        return "writing"
    return "writing" if is_write and activity_type not in _READING else "reading"


async def fetch_work(database: Database, user_id: UUID, span: TimeRange) -> Work:
    """The wall-clock time of a range by kind of work."""
    rows = await database.fetch(_QUERIES["tally_work"], user_id, span.start_ms, span.end_ms)
    return _add_up((row[0], row[1], row[2], row[3]) for row in rows)


async def fetch_session_work(
    database: Database, user_id: UUID, sessions: Sequence[Session], *, newest: int
) -> list[tuple[Session, Work]]:
    """The newest of the sessions, newest first, each with its lane time by kind of work.

    `sessions` must be all of a range, in order: where one ends is told by the next of its tool and project.
    """
    wanted = list(zip(sessions, _ends(sessions), strict=True))[::-1][:newest]
    rows = await database.fetch(
        _QUERIES["tally_session_work"],
        user_id,
        [session.tool for session, _ in wanted],
        ["" if session.project == UNKNOWN else session.project for session, _ in wanted],
        [session.start_ms for session, _ in wanted],
        [end_ms for _, end_ms in wanted],
    )
    parts: list[list[tuple[str, str, bool, int]]] = [[] for _ in wanted]
    for row in rows:
        parts[int(row[0]) - 1].append((row[1], row[2], row[3], row[4]))
    return [(session, _add_up(part)) for (session, _), part in zip(wanted, parts, strict=True)]


def _ends(sessions: Sequence[Session]) -> list[int]:
    """The last instant a heartbeat of each session may have."""
    ends: list[int] = []
    following: dict[tuple[str, str], int] = {}
    for session in reversed(sessions):
        key = (session.tool, session.project)
        ends.append(min(session.end_ms, following.get(key, session.end_ms + 1) - 1))
        following[key] = session.start_ms
    return ends[::-1]


def _add_up(parts: Iterable[tuple[str, str, bool, int]]) -> Work:
    work: Work = dict.fromkeys(WORK_TYPES, 0)
    for language, activity_type, is_write, length_ms in parts:
        work[work_type_of(language, activity_type, is_write)] += length_ms
    return work
