"""What questions about time have in common: the dependency `question`, read from the query string."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from devtime.activity.settings import fetch_settings
from devtime.api.spans import read_day
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.slots import slot_start
from devtime.kernel.zones import day_of, find_zone
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.filters import Filters
from devtime.stats.names import fetch_first_slot
from devtime.stats.ranges import TimeRange, days_range
from devtime.stats.tally import Tally
from devtime.wire.text import clean

DATE: dict[str, Any] = {"format": "date"}
"""What the OpenAPI document adds to a date's parameter."""

Timezone = Annotated[str | None, QueryParameter(description="IANA name; the account's own if absent.")]
Project = Annotated[str | None, QueryParameter(description="Only this project.")]
Branches = Annotated[str | None, QueryParameter(description="Only these branches, with commas between.")]


class Question(msgspec.Struct, frozen=True):
    """How time is to be counted and what of it is asked for. `today` is the asker's."""

    parts: Parts
    identity: Identity
    zone: str
    today: date
    filters: Filters
    timeout_ms: int | None
    writes_only: bool

    def span(self, first: date, last: date) -> TimeRange:
        """The days from first to last."""
        return days_range(first, last, self.zone)

    async def tally(self, span: TimeRange) -> Tally:
        """The sums of a stretch of time."""
        return await self.parts.tallies.fetch(
            self.identity.user_id, span, self.filters, self.timeout_ms, writes_only=self.writes_only
        )

    async def first_day(self) -> date | None:
        """The first day with activity."""
        slot = await fetch_first_slot(self.parts.database, self.identity.user_id)
        return None if slot is None else day_of(slot_start(slot), find_zone(self.zone))

    async def timeout_minutes(self) -> int:
        """The timeout the answer is counted with."""
        settings = await fetch_settings(self.parts.database, self.identity.user_id)
        return (self.timeout_ms or settings.timeout_ms) // MINUTE_MS


def provide_narrow_question(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    timezone: Timezone = None,
    project: Project = None,
    branches: Branches = None,
) -> Question:
    """Read a question that is always counted as the account says; Invalid names what cannot be understood."""
    zone = timezone or identity.timezone
    names = (clean(name, "branch") for name in (branches or "").split(","))
    filters = Filters(
        project=(clean(project, "project"),) if project else (), branch=tuple(name for name in names if name)
    )
    today = day_of(parts.clock(), find_zone(zone))
    return Question(parts, identity, zone, today, filters, timeout_ms=None, writes_only=False)


def provide_question(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    timezone: Timezone = None,
    project: Project = None,
    branches: Branches = None,
    timeout: Annotated[int | None, QueryParameter(ge=1, le=120, description="Minutes; else the account's.")] = None,
    writes_only: Annotated[bool, QueryParameter(description="As if only saves were known.")] = False,
) -> Question:
    """Read a question that may be counted another way."""
    question = provide_narrow_question(parts, identity, timezone, project, branches)
    timeout_ms = timeout * MINUTE_MS if timeout else None
    return msgspec.structs.replace(question, timeout_ms=timeout_ms, writes_only=writes_only)


def read_asked_day(text: str, field: str) -> date:
    """A date; of an instant, the date it is written with."""
    return read_day(text.partition("T")[0], field)
