"""Random histories of a user's heartbeats, random ways for them to arrive, and random questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

from devtime.kernel.digests import digest64
from devtime.wire.heartbeat import IDLE, Heartbeat

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

PLACES = (
    ("UTC", "2024-12-31T22:00"),
    ("Europe/Berlin", "2025-03-30T01:00"),
    ("Europe/Berlin", "2025-10-26T01:00"),
    ("America/New_York", "2025-03-09T07:00"),
    ("America/New_York", "2025-11-02T06:00"),
    ("Asia/Kathmandu", "2025-05-01T18:15"),
    ("Australia/Lord_Howe", "2025-04-05T15:00"),
    ("Australia/Lord_Howe", "2025-10-04T15:30"),
    ("Pacific/Apia", "2011-12-30T10:00"),
    ("America/Sao_Paulo", "2018-11-04T03:00"),
)
"""Zones with an instant when something happens to their clocks: half-hour shifts, a day that never was, no midnight."""

ZONES = tuple(dict.fromkeys(zone for zone, _ in PLACES))

LANES = (
    ("vscode", "laptop", ""),
    ("vscode", "desktop", ""),
    ("neovim", "laptop", ""),
    ("claude-code", "laptop", "session-1"),
    ("claude-code", "laptop", "session-2"),
    ("codex", "", "session-1"),
)
WORK = (
    ("atlas", "Python", "main", "coding"),
    ("atlas", "Python", "fix/gap", "coding"),
    ("atlas", "SQL", "main", "debugging"),
    ("boreas", "Go", "main", "ai coding"),
    ("", "", "", "coding"),
    ("boreas", "", "main", "meeting"),
)
TIMEOUTS = (MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE + 1, HOUR, 2 * HOUR)


@dataclass(frozen=True)
class History:
    """What happened, in order; `seed` decides how it arrives."""

    zone: str
    heartbeats: list[Heartbeat]
    seed: int

    def __repr__(self) -> str:
        told = self.heartbeats if len(self.heartbeats) < 9 else f"{len(self.heartbeats)} heartbeats"
        return f"History({self.zone}, {told}, seed={self.seed})"


@dataclass(frozen=True)
class Question:
    """A stretch of time in a zone, what to keep of it; perhaps with another timeout, or only of writes."""

    zone: str
    start_ms: int
    end_ms: int
    wanted: dict[str, tuple[str, ...]]
    timeout_ms: int | None
    writes_only: bool


_gaps = st.one_of(
    st.integers(0, 3),
    st.integers(0, 4 * MINUTE),
    st.sampled_from([edge + step for edge in TIMEOUTS for step in (-1, 0, 1)]),
    st.integers(0, 2 * HOUR),
    st.integers(0, 2 * DAY),
)
_declared = st.one_of(
    st.none(),
    st.none(),
    st.sampled_from([0, 1, 30 * SECOND, 15 * MINUTE, DAY]),
    st.integers(0, 3 * HOUR),
)
_beats = st.tuples(
    _gaps,
    st.integers(0, len(LANES) - 1),
    st.integers(0, len(WORK) - 1),
    _declared,
    st.sampled_from((False, False, False, False, True)),
)


def histories(*, least: int = 1, most: int = 24) -> st.SearchStrategy[History]:
    """Histories around the places' instants, with as many heartbeats."""
    return st.builds(
        _build,
        st.sampled_from(PLACES),
        st.integers(0, 30 * HOUR),
        st.lists(_beats, min_size=least, max_size=most),
        st.integers(0, 2**32 - 1),
    )


def long_histories(least: int, most: int) -> st.SearchStrategy[History]:
    """Histories too long to be drawn heartbeat by heartbeat: made from a seed."""
    return st.builds(_grow, st.sampled_from(PLACES), st.integers(least, most), st.integers(0, 2**32 - 1))


def questions(history: History, random: Random, count: int) -> list[Question]:
    """Questions that cut the history anywhere."""
    first, last = history.heartbeats[0].time_ms, history.heartbeats[-1].time_ms + 2 * HOUR
    asked: list[Question] = []
    for _ in range(count):
        start, end = sorted((random.randint(first - HOUR, last), random.randint(first, last + DAY)))
        if random.random() < 0.3:
            start, end = start - DAY * 3, end + DAY * 3
        if random.random() < 0.3:
            end = start + random.choice((1, 777, 10 * MINUTE, 15 * MINUTE))
        if random.random() < 0.3:
            start, end = start - start % (15 * MINUTE), end - end % (15 * MINUTE)
        if random.random() < 0.3:
            start = random.choice(history.heartbeats).time_ms
        if random.random() < 0.3:
            end = random.choice(history.heartbeats).time_ms
        zone = random.choice((history.zone, history.zone, *ZONES))
        timeout = random.choice((None, None, *TIMEOUTS))
        writes_only = random.random() < 0.2
        asked.append(Question(zone, start, max(start + 1, end), _wanted(random), timeout, writes_only))
    return asked


def _wanted(random: Random) -> dict[str, tuple[str, ...]]:
    choices = {
        "project": ("atlas", "boreas", "Unknown", "nowhere"),
        "language": ("Python", "SQL", "Go", "Unknown"),
        "tool": ("vscode", "neovim", "claude-code", "codex"),
        "branch": ("main", "fix/gap", "Unknown"),
        "machine": ("laptop", "desktop", "Unknown"),
        "activity_type": ("coding", "idle", "ai coding"),
    }
    picked = random.sample(sorted(choices), random.choice((0, 0, 1, 1, 2)))
    return {field: tuple(random.sample(choices[field], random.randint(1, 2))) for field in picked}


_Drawn = tuple[int, int, int, int | None, bool]


def _build(place: tuple[str, str], before_ms: int, drawn: Sequence[_Drawn], seed: int) -> History:
    zone, instant = place
    at_ms = int(datetime.fromisoformat(instant).replace(tzinfo=UTC).timestamp() * 1_000) - before_ms
    heartbeats: list[Heartbeat] = []
    for number, (gap_ms, lane, work, declared_ms, is_idle) in enumerate(drawn):
        at_ms += gap_ms if number else 0
        heartbeats.append(_make(at_ms, seed, number, lane, work, declared_ms, is_idle))
    return History(zone, sorted(heartbeats, key=lambda beat: (beat.time_ms, beat.identity)), seed)


def _make(
    at_ms: int, seed: int, number: int, lane: int, work: int, declared_ms: int | None, is_idle: bool
) -> Heartbeat:
    tool, machine, session = LANES[lane]
    project, language, branch, activity_type = WORK[work]
    return Heartbeat(
        time_ms=at_ms,
        identity=digest64(b"test", (str(seed), str(number))),
        tool=tool,
        machine=machine,
        session=session,
        project=project,
        language=language,
        branch=branch,
        file=f"/src/{work}.txt" if work % 2 else "",
        activity_type=IDLE if is_idle else activity_type,
        editor=tool.title(),
        user_agent=f"{tool}/1.0" if number % 3 else "",
        duration_ms=declared_ms,
        is_write=number % 3 != 1,
        extra={"number": number} if number % 4 == 0 else {},
    )


def _grow(place: tuple[str, str], count: int, seed: int) -> History:
    random = Random(seed)
    near = random.choice((20 * SECOND, 2 * MINUTE, 10 * MINUTE))
    drawn: list[_Drawn] = []
    lane = work = 0
    for _ in range(count):
        lane = random.randrange(len(LANES)) if random.random() < 0.3 else lane
        work = random.randrange(len(WORK)) if random.random() < 0.2 else work
        far = random.choice((0, MINUTE, *TIMEOUTS, 9 * HOUR, DAY))
        gap_ms = random.randrange(near) if random.random() < 0.9 else far
        declared_ms = random.choice((0, 1, random.randrange(HOUR), DAY)) if random.random() < 0.15 else None
        drawn.append((gap_ms, lane, work, declared_ms, random.random() < 0.05))
    return _build(place, random.randrange(DAY), drawn, seed)
