"""Addresses of the range page with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from devtime.stats.ranges import TimeRange
from devtime.web import links


class RangeAddress:
    """The address of a range page, and the same with one thing changed."""

    def __init__(self, span: TimeRange, stack: str, count: str, filters: Mapping[str, Sequence[str]]) -> None:
        """What the page shows now; `filters` as parameters of a link."""
        self._span = span
        self._stack = stack
        self._count = count
        self._filters = filters

    def _build(self, span: TimeRange, stack: str, count: str) -> str:
        more = {
            "stack": "" if stack == "project" else stack,
            "count": "" if count == "active" else count,
        }
        if span.name:
            return links.range_path(span.name, self._filters, **more)
        return links.span_path(span.first_day, span.last_day, self._filters, **more)

    def current(self) -> str:
        """As it is."""
        return self._build(self._span, self._stack, self._count)

    def named(self, name: str) -> str:
        """Another named range."""
        more = {"stack": self._stack, "count": self._count}
        return links.range_path(name, self._filters, **more)

    def stacked(self, stack: str) -> str:
        """Stacked by another dimension."""
        return self._build(self._span, stack, self._count)

    def counted(self, count: str) -> str:
        """Counting the other way."""
        return self._build(self._span, self._stack, count)

    def moved(self, span: TimeRange) -> str:
        """Other days."""
        return self._build(span, self._stack, self._count)

    def kept(self) -> tuple[tuple[str, str], ...]:
        """The parameters a form of the page carries along."""
        span = self._span
        dates = (("start", span.first_day.isoformat()), ("end", span.last_day.isoformat()))
        pairs = [("range", span.name)] if span.name else [("range", "custom"), *dates]
        return (*pairs, *self.kept_of_days())

    def kept_of_days(self) -> tuple[tuple[str, str], ...]:
        """The parameters a form that asks for other days carries along."""
        return ("stack", self._stack), ("count", self._count)
