"""The addresses of pages, built in one place. Values that were never recorded are written as `Unknown`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from devtime.kernel.clock import to_rfc3339
from devtime.wire.heartbeat import UNKNOWN

Filters = Mapping[str, str | Sequence[str]]
"""Dimension → the value or values to keep."""


def query(filters: Filters, **more: str) -> str:
    """`?a=b&…` of the filters and whatever else is set; nothing when nothing is set."""
    pairs: list[tuple[str, str]] = [(name, value) for name, value in more.items() if value]
    for name, values in filters.items():
        several = (values,) if isinstance(values, str) else values
        pairs.extend((name, value or UNKNOWN) for value in several)
    return "?" + urlencode(pairs, errors="replace") if pairs else ""


def day_path(day: date) -> str:
    """The page of one day."""
    return f"/day/{day.isoformat()}"


def range_path(name: str, filters: Filters | None = None, *, stack: str = "", count: str = "") -> str:
    """The page of a named range (`week`, `30d`, …)."""
    return "/range" + query(filters or {}, range=name, stack=stack, count=count)


def span_path(first: date, last: date, filters: Filters | None = None, *, stack: str = "", count: str = "") -> str:
    """The page of a range from one day to another, both included."""
    return "/range" + query(
        filters or {}, range="custom", start=first.isoformat(), end=last.isoformat(), stack=stack, count=count
    )


def project_path(name: str, range_name: str = "") -> str:
    """The page of one project."""
    return "/project" + query({"name": name}, range=range_name)


def heartbeats_path(start_ms: int, end_ms: int, filters: Filters | None = None) -> str:
    """The heartbeats of `[start, end)` that pass the filters: where a number's click leads."""
    return "/heartbeats" + query(filters or {}, start=to_rfc3339(start_ms), end=to_rfc3339(end_ms))


def ai_events_path(start_ms: int, end_ms: int, filters: Filters | None = None, mode: str = "") -> str:
    """The AI responses of `[start, end)` that pass the filters: where a cost's click leads."""
    return "/ai/events" + query(filters or {}, start=to_rfc3339(start_ms), end=to_rfc3339(end_ms), mode=mode)


def ai_session_path(agent: str, session: str, mode: str = "") -> str:
    """The page of one conversation with an agent."""
    return "/ai/session" + query({"agent": agent, "session": session}, mode=mode)


def limits_path(scope: str = "") -> str:
    """All AI plans; `detail` shows every line."""
    return "/limits" + query({}, scope=scope)


def limit_plan_path(number: int, days: int = 0) -> str:
    """The page of one AI plan."""
    return "/limits/plan" + query({}, id=str(number), days=str(days or ""))
