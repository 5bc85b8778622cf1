"""Random histories of Codex: sessions, forks and sub-agents of them, in all the ways a copied history was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from codex_logs import Counts, context, count, meta

MODELS = ("gpt-5", "gpt-5.1-codex", "gpt-5.2", "gpt-5.5", "codex-auto-review")
_HOUR_MS = 3_600_000

Told = tuple[int, Counts | None, Counts | None]
"""A count: when, the last request's, the counter's."""


@dataclass
class _Session:
    log_id: str
    begun_ms: int
    at_ms: int
    model: str
    counts: str
    """Whether counts tell the last request (`last`), the counter (`total`) or both."""
    total: Counts = (0, 0, 0, 0)
    lines: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def tell(self, told: Told) -> None:
        self.told.append(told)
        self.lines.append(count(*told))


def make_history(seed: int) -> dict[str, list[str]]:
    """Logs by their paths below `CODEX_HOME`."""
    random = Random(seed)
    sessions: list[_Session] = []
    logs: dict[str, list[str]] = {}
    for _ in range(random.randint(1, 5)):
        is_fork = bool(sessions) and random.random() < 0.6
        session = _fork(random, random.choice(sessions)) if is_fork else _begin(random)
        _work(random, session, is_fork)
        sessions.append(session)
        path = f"sessions/2026/02/0{random.randint(1, 3)}/rollout-{session.log_id}.jsonl"
        logs[path if random.random() < 0.85 else f"archived_sessions/{path[-42:]}"] = session.lines
    return logs


def _begin(random: Random) -> _Session:
    begun_ms = random.randint(0, 5) * _HOUR_MS + random.randint(0, 10) * 1_000
    counts = random.choice(("both", "both", "both", "total", "last"))
    session = _Session(_log_id(random), begun_ms, begun_ms, random.choice(MODELS), counts)
    session.lines.append(meta(begun_ms, session.log_id))
    return session


def _fork(random: Random, parent: _Session) -> _Session:
    begun_ms = parent.at_ms + random.randint(5_000, 60_000)
    session = _Session(_log_id(random), begun_ms, begun_ms, parent.model, parent.counts)
    spawn: dict[str, Any] = {"source": {"subagent": {"thread_spawn": {"parent_thread_id": parent.log_id}}}}
    told = {"forked_from_id": parent.log_id} if random.random() < 0.5 else spawn
    session.lines.append(meta(begun_ms, session.log_id, **told))
    if random.random() < 0.5:
        session.lines.append(meta(begun_ms, parent.log_id))
    copied = random.choice(("at once", "slowly", "as it was", "not"))
    if copied != "not":
        session.lines.append(context(begun_ms, parent.model))
        session.total = parent.total
        for number, (then_ms, last, total) in enumerate(parent.told):
            again_ms = {"at once": begun_ms + 2 + 3 * number, "slowly": begun_ms + 1_500 + 1_300 * number}
            session.tell((again_ms.get(copied, then_ms), last, total))
        session.at_ms += 2_000 + 1_300 * len(parent.told)
    session.at_ms += random.randint(4_000, 9_000)
    return session


def _work(random: Random, session: _Session, is_fork: bool) -> None:
    if random.random() < 0.9:
        session.lines.append(context(session.at_ms, session.model))
    for number in range(random.randint(1, 6)):
        session.at_ms += random.randint(1_500, 90_000)
        read = random.randint(1, 9_000)
        last = (read, random.randint(0, read), random.randint(1, 500), random.randint(0, 50))
        before = session.total
        session.total = (before[0] + last[0], before[1] + last[1], before[2] + last[2], before[3] + last[3])
        told = (None if session.counts == "total" else last, None if session.counts == "last" else session.total)
        session.tell((session.at_ms, *told))
        # Not a fork's first count: the report takes its repeat for a copied history. That has a test of its own.
        if random.random() < 0.2 and session.counts != "last" and (number or not is_fork):
            session.lines.append(count(session.at_ms + random.randint(100, 900), *told))
        if random.random() < 0.15:
            session.model = random.choice(MODELS)
            session.lines.append(context(session.at_ms, session.model))
        if random.random() < 0.1:
            session.lines.append(count(session.at_ms, None, None))


def _log_id(random: Random) -> str:
    return f"{random.getrandbits(32):08x}-81c0-7800-8aa1-{random.getrandbits(48):012x}"
