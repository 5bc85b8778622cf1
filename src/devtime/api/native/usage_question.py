"""What `GET /api/usage…` is asked: the dependency `asked`, read from the query string as `question` is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from devtime.api.native.question import Names
from devtime.api.spans import read_span
from devtime.kernel.clock import to_rfc3339
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.filters import stored_names
from devtime.stats.ranges import RangeName, TimeRange
from devtime.wire.agents import agent_of
from devtime.wire.native_answers import AnsweredRange
from devtime.wire.text import clean
from devtime.wire.usage_sums import Part, UsageQuestion


class Asked(msgspec.Struct, frozen=True):
    """A stretch of time, and whose usage of it is wanted."""

    span: TimeRange
    narrowed: UsageQuestion

    def by(self, *parts: Part) -> UsageQuestion:
        """The question that tells the parts apart."""
        return self.narrowed._replace(parts=parts)

    def answered(self) -> AnsweredRange:
        """The stretch as it stands in the answer."""
        return AnsweredRange(
            start=to_rfc3339(self.span.start_ms),
            end=to_rfc3339(self.span.end_ms),
            timezone=self.span.zone,
            name=self.span.name or None,
        )


def provide_asked(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    range: Annotated[RangeName | None, QueryParameter(description="`week` unless start is given.")] = None,
    start: Annotated[str | None, QueryParameter(description="A date, or an RFC 3339 instant.")] = None,
    end: Annotated[str | None, QueryParameter(description="A date (included) or an instant (not included).")] = None,
    timezone: Annotated[str | None, QueryParameter(description="IANA name; the account's own if absent.")] = None,
    agent: Names = None,
    model: Names = None,
    project: Names = None,
    branch: Names = None,
    machine: Names = None,
    session: Names = None,
) -> Asked:
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
    question = UsageQuestion(
        zone=span.zone,
        agents=tuple(agent_of(name.lower()) for name in _cleaned(agent, "agent")),
        models=_cleaned(model, "model"),
        projects=_cleaned(project, "project"),
        sessions=_cleaned(session, "session"),
        branches=_cleaned(branch, "branch"),
        machines=_cleaned(machine, "machine"),
    )
    return Asked(span, question)


def _cleaned(names: list[str] | None, field: str) -> tuple[str, ...]:
    """Names as they were stored, which is cleaned; an empty one says nothing, `Unknown` wants events that tell none."""
    cleaned = tuple(name for name in (clean(each, field) for each in names or ()) if name)
    return tuple(stored_names(cleaned) or ())
