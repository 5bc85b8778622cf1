"""From a tally to the lists WakaTime's answers are made of. Everything is wall clock."""

from __future__ import annotations

from datetime import date, timedelta

from devtime.kernel.zones import day_start_ms, find_zone
from devtime.stats.filters import Dimension
from devtime.stats.tally import Tally
from devtime.wire.wakatime_summaries import Breakdowns, DaySummary
from devtime.wire.wakatime_times import (
    DaySpan,
    NamedTime,
    category_title,
    day_span,
    grand_total,
    machine_times,
    named_times,
)


def break_down(tally: Tally) -> Breakdowns:
    """All lists of a tally."""
    return Breakdowns(
        categories=named_times(
            (category_title(name), part.active_ms) for name, part in tally.by("activity_type").items()
        ),
        projects=list_by(tally, "project"),
        languages=list_by(tally, "language"),
        editors=list_by(tally, "editor"),
        operating_systems=list_by(tally, "os"),
        machines=machine_times(list_by(tally, "machine")),
    )


def list_by(tally: Tally, dimension: Dimension) -> list[NamedTime]:
    """The wall-clock time per name."""
    return named_times((name, part.active_ms) for name, part in tally.by(dimension).items())


def summarize_day(tally: Tally, day: date, zone: str, today: date, *, is_of_project: bool = False) -> DaySummary:
    """The summary of a day, from a tally of nothing else."""
    lists = break_down(tally)
    return DaySummary(
        grand_total=grand_total(tally.total().active_ms),
        range=span_day(day, zone, today),
        branches=list_by(tally, "branch") if is_of_project else None,
        categories=lists.categories,
        projects=lists.projects,
        languages=lists.languages,
        editors=lists.editors,
        operating_systems=lists.operating_systems,
        machines=lists.machines,
    )


def span_day(day: date, zone: str, today: date) -> DaySpan:
    """The day as answers tell it."""
    place = find_zone(zone)
    return day_span(day, day_start_ms(day, place), day_start_ms(day + timedelta(days=1), place), zone, today)
