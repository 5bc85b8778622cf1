"""Addresses of AI pages with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from devtime.stats.ranges import TimeRange
from devtime.web import links
from devtime.web.compose.ai_asking import AiFilters


@dataclass(frozen=True, slots=True)
class AiAddress:
    """What an AI page shows now: the base of every address on it."""

    span: TimeRange
    filters: AiFilters
    mode: str = "auto"
    stack: str = "model"
    beside: str = "project"

    def at(self, path: str = "/ai", **more: str) -> str:
        """The page at `path` with everything as it is."""
        return path + links.query(self.filters.linked(), **self._days(), **self._ways(), **more)

    def named(self, name: str, path: str = "/ai", **more: str) -> str:
        """Another named range."""
        return path + links.query(self.filters.linked(), range=name, **self._ways(), **more)

    def moved(self, span: TimeRange) -> str:
        """Other days."""
        return replace(self, span=span).at()

    def in_mode(self, mode: str, path: str = "/ai", **more: str) -> str:
        """Costs told in another mode."""
        return replace(self, mode=mode).at(path, **more)

    def stacked(self, stack: str) -> str:
        """The chart stacked by something else."""
        return replace(self, stack=stack).at()

    def set_beside(self, beside: str) -> str:
        """Projects or branches beside their time."""
        return replace(self, beside=beside).at()

    def only(self, dimension: str, name: str) -> str:
        """Narrowed to one name of a dimension."""
        return self.filtered({**self.filters.linked(), dimension: (name,)})

    def filtered(self, filters: Mapping[str, Sequence[str]]) -> str:
        """With other filters, given as parameters."""
        return "/ai" + links.query(filters, **self._days(), **self._ways())

    def events(self, start_ms: int, end_ms: int, more: Mapping[str, Sequence[str]] | None = None) -> str:
        """The events of a stretch of time, narrowed further."""
        return links.ai_events_path(start_ms, end_ms, {**self.filters.linked(), **(more or {})}, self._mode())

    def events_of(self, dimension: str, name: str) -> str:
        """The events of the range that have one name."""
        return self.events(self.span.start_ms, self.span.end_ms, {dimension: (name,)})

    def kept(self) -> tuple[tuple[str, str], ...]:
        """The parameters a form of the page carries along, save the filters."""
        return (*self._days().items(), *self.kept_of_days())

    def kept_of_days(self) -> tuple[tuple[str, str], ...]:
        """The parameters a form that asks for other days carries along, save the filters."""
        return tuple((name, value) for name, value in self._ways().items() if value)

    def _days(self) -> dict[str, str]:
        span = self.span
        if span.name:
            return {"range": span.name}
        return {"range": "custom", "start": span.first_day.isoformat(), "end": span.last_day.isoformat()}

    def _mode(self) -> str:
        return "" if self.mode == "auto" else self.mode

    def _ways(self) -> dict[str, str]:
        return {
            "mode": self._mode(),
            "stack": "" if self.stack == "model" else self.stack,
            "beside": "" if self.beside == "project" else self.beside,
        }
