"""Hermes: what each session used, in `state.db`. One event a session, which grows as it does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from devtime.kernel.digests import digest64
from devtime.readers.databases import text
from devtime.readers.fields import Unreadable, cost_of, count_of, instant_of, text_of
from devtime.readers.places import existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Surroundings
from devtime.readers.session_tables import read_sessions
from devtime.wire.usage import UsageEvent

_NEEDED = ("id", "model", "started_at")
_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")
_OTHER = (*_COUNTS, "billing_provider", "estimated_cost_usd", "actual_cost_usd")
_PROVIDERS = {
    "claude": "anthropic",
    "openai_codex": "openai",
    "google_ai": "google",
    "gemini": "google",
    "vertex": "google",
    "vertex_ai": "google",
}


def read(piece: Piece) -> Reading:
    """The sessions' events."""
    return read_sessions(piece, _NEEDED, _OTHER, _event)


def _event(row: Mapping[str, object]) -> UsageEvent | None:
    model = text_of(text(row["model"]), "model")
    session = text_of(text(row["id"]), "session")
    if not model or not session:
        return None
    read, output, cached, written, reasoning = (_count(row.get(name)) for name in _COUNTS)
    # A cost of 0 says that a subscription paid, not what the tokens are worth.
    cost_nusd = cost_of(row.get("actual_cost_usd")) or cost_of(row.get("estimated_cost_usd")) or None
    total = read + output + cached + written + reasoning
    if not total and not cost_nusd:
        return None
    time_ms = instant_of(row["started_at"])
    if time_ms is None:
        raise Unreadable("has no time")
    provider = text_of(text(row.get("billing_provider")), "provider").lower().replace("-", "_")
    return UsageEvent(
        key=digest64(b"hermes", [session]),
        rank=total,
        agent="hermes",
        time_ms=time_ms,
        session=session,
        model=model,
        provider=_PROVIDERS.get(provider, provider),
        input_tokens=read,
        output_tokens=output,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        extra_tokens=reasoning,
        reasoning_tokens=reasoning,
        cost_nusd=cost_nusd,
    )


def _count(value: object) -> int:
    """Fractions are cut: some versions divide counts."""
    return count_of(float(int(value)) if type(value) is float and abs(value) < 2**53 else value)


def find_roots(surroundings: Surroundings) -> list[Path]:
    """Each of `HERMES_HOME`, or `~/.hermes`, the profiles in it included."""
    return existing(listed(surroundings, "HERMES_HOME") or [surroundings.home / ".hermes"])


def is_log(path: str) -> bool:
    """Whether the file is the database, or that of a profile."""
    parts = path.split("/")
    return parts == ["state.db"] or (len(parts) == 3 and parts[0] == "profiles" and parts[2] == "state.db")


READER = Reader(
    agent="hermes", title="Hermes", shape="database", find_roots=find_roots, is_log=is_log, read=read, depth=2
)
