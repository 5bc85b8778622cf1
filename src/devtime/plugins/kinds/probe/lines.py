"""The lines of a probe as every reader gets them: checked, of one shape whichever generation of the API they came from.

Encoded as JSON they are the lines of OpenUsage's own output, optional keys present as null.
"""

from __future__ import annotations

import msgspec

ERROR_LABEL = "Error"
ERROR_COLOR = "#ef4444"


class Percent(msgspec.Struct, frozen=True, tag_field="kind", tag="percent"):
    """`used` of 100."""


class Dollars(msgspec.Struct, frozen=True, tag_field="kind", tag="dollars"):
    """An amount of US dollars."""


class Count(msgspec.Struct, frozen=True, tag_field="kind", tag="count"):
    """A number of something; the suffix names it and is empty where a plugin of the first generation named nothing."""

    suffix: str


Format = Percent | Dollars | Count


class Text(msgspec.Struct, frozen=True, rename="camel", tag="text"):
    """A label and a value."""

    label: str
    value: str
    color: str | None = None
    subtitle: str | None = None


class Progress(msgspec.Struct, frozen=True, rename="camel", tag="progress"):
    """How much of a limit is used. `resets_at` is RFC 3339; with `period_duration_ms` it makes a pace."""

    label: str
    used: float
    limit: float
    format: Format
    resets_at: str | None = None
    period_duration_ms: int | None = None
    color: str | None = None

    @property
    def share(self) -> float:
        """Used by limit; above 1 when it is overdrawn."""
        return self.used / self.limit


class Badge(msgspec.Struct, frozen=True, rename="camel", tag="badge"):
    """A state in a word or two."""

    label: str
    text: str
    color: str | None = None
    subtitle: str | None = None


class Point(msgspec.Struct, frozen=True, rename="camel"):
    """A bar of a chart."""

    label: str
    value: float
    value_label: str | None = None


class BarChart(msgspec.Struct, frozen=True, rename="camel", tag="barChart"):
    """A row of bars, the oldest first."""

    label: str
    points: tuple[Point, ...]
    note: str | None = None
    color: str | None = None


Line = Text | Progress | Badge | BarChart


def error_line(text: str) -> Badge:
    """The badge a failure becomes."""
    return Badge(ERROR_LABEL, text, ERROR_COLOR)


def is_error(line: Line) -> bool:
    """Whether it is such a badge."""
    return isinstance(line, Badge) and line.label == ERROR_LABEL
