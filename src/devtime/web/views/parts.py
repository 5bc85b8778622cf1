"""The parts that several pages share: ranked lists, bars over time, the day's lanes, calendars and filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Dimension = Literal["project", "language", "tool", "editor", "machine", "branch", "file", "os", "activity_type"]
OfUsage = Literal["agent", "model", "session"]
"""What only AI usage is narrowed by."""
Count = Literal["active", "total"]
"""`active`: the wall clock, parallel tools counted once. `total`: every tool's own time, parallel tools add up."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several alternatives, each a link (ranges, stackings, sortings)."""

    key: str
    label: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One name and its time; the name is `""` when none was recorded."""

    name: str
    ms: int
    href: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Time by one dimension, longest first. `items` may be cut: `rest_count` names more hold `rest_ms` together."""

    dimension: Dimension
    title: str
    total_ms: int
    items: tuple[Ranked, ...]
    rest_count: int = 0
    rest_ms: int = 0
    more_href: str = ""


@dataclass(frozen=True, slots=True)
class BarPart:
    """A segment of a bar."""

    name: str
    ms: int
    href: str

    @property
    def amount(self) -> int:
        """How long it is drawn."""
        return self.ms


@dataclass(frozen=True, slots=True)
class Bar:
    """A day, week or month of a range (first and last day included) with its segments; any order, sums to the bar."""

    first: date
    last: date
    href: str
    parts: tuple[BarPart, ...] = ()

    @property
    def total_ms(self) -> int:
        """All segments together."""
        return sum(part.ms for part in self.parts)


@dataclass(frozen=True, slots=True)
class Bars:
    """Time over time, stacked by one dimension. Every bucket of the range is there, empty ones too."""

    dimension: Dimension
    bucket: Literal["day", "week", "month"]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A session on the day's timeline, cut at the day's edges."""

    start_ms: int
    end_ms: int
    ms: int
    project: str
    href: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The sessions of one tool on one day; they may overlap (several machines or AI sessions)."""

    tool: str
    ms: int
    href: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A local day `[start, end)`, which is 23 or 25 hours long when clocks change, and its lanes."""

    zone: str
    start_ms: int
    end_ms: int
    now_ms: int | None
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A calendar day and its time."""

    day: date
    ms: int
    href: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days for the year heatmap, ascending; days left out had no activity. `week_start`: 0 = Sunday … 6 = Saturday."""

    first: date
    last: date
    week_start: int
    days: tuple[DayTotal, ...]


@dataclass(frozen=True, slots=True)
class HourGrid:
    """Milliseconds by weekday (row 0 = Sunday … 6 = Saturday) and local hour (column 0 … 23)."""

    week_start: int
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A stretch of work with one tool on one project."""

    start_ms: int
    end_ms: int
    ms: int
    tool: str
    project: str
    heartbeats: int
    href: str
    language: str = ""
    branch: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the address without it."""

    dimension: Dimension | OfUsage | Literal["agents"]
    value: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that can be set: its name, the chosen value (`""`: any) and what there is to choose.

    Where several values are chosen, `value` is empty and `several` holds them.
    """

    dimension: Dimension | OfUsage
    label: str
    value: str
    options: tuple[str, ...]
    several: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterBar:
    """All filters of a page: a GET form to `action`; `kept` are the other parameters it carries along."""

    action: str
    chips: tuple[Chip, ...]
    filters: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...] = ()
    clear_href: str = ""
