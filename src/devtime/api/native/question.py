"""What `/api/stats` and `/api/sessions` are asked: the dependency `question`, read from the query string."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from devtime.api.spans import read_span
from devtime.kernel.clock import MINUTE_MS, to_rfc3339
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.filters import Dimension, Filters
from devtime.stats.ranges import RangeName, TimeRange
from devtime.wire.native_answers import AnsweredRange
from devtime.wire.text import clean
from devtime.wire.tools import tool_slug

Names = Annotated[list[str] | None, QueryParameter(max_items=100, description="May be given several times.")]


class Question(msgspec.Struct, frozen=True):
    """A stretch of time, narrowed; `timeout_ms` None: the user's own."""

    span: TimeRange
    filters: Filters
    timeout_ms: int | None

    def answered(self) -> AnsweredRange:
        """The stretch as it stands in the answer."""
        return AnsweredRange(
            start=to_rfc3339(self.span.start_ms),
            end=to_rfc3339(self.span.end_ms),
            timezone=self.span.zone,
            name=self.span.name or None,
        )


def provide_question(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    range: Annotated[RangeName | None, QueryParameter(description="`week` unless start is given.")] = None,
    start: Annotated[str | None, QueryParameter(description="A date, or an RFC 3339 instant.")] = None,
    end: Annotated[str | None, QueryParameter(description="A date (included) or an instant (not included).")] = None,
    timezone: Annotated[str | None, QueryParameter(description="IANA name; the account's own if absent.")] = None,
    timeout: Annotated[
        int | None, QueryParameter(ge=1, le=120, description="Minutes; the account's if absent.")
    ] = None,
    project: Names = None,
    language: Names = None,
    tool: Names = None,
    branch: Names = None,
    machine: Names = None,
    editor: Names = None,
) -> Question:
    """Read the question; Invalid names what cannot be understood."""
    span = read_span(
        range,
        start,
        end,
        zone=timezone or identity.timezone,
        week_start=identity.week_start,
        now_ms=parts.clock(),
        default="week",
    )
    filters = Filters(
        project=_cleaned(project, "project"),
        language=_cleaned(language, "language"),
        tool=tuple(tool_slug(name) for name in tool or () if name),
        branch=_cleaned(branch, "branch"),
        machine=_cleaned(machine, "machine"),
        editor=_cleaned(editor, "editor"),
    )
    return Question(span, filters, timeout * MINUTE_MS if timeout else None)


def _cleaned(names: list[str] | None, dimension: Dimension) -> tuple[str, ...]:
    """Names as they were stored, which is cleaned; an empty one says nothing."""
    return tuple(name for name in (clean(each, dimension) for each in names or ()) if name)
