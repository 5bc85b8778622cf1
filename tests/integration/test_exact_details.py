"""Hours of the week, files, spans of work and lists of heartbeats add up to what the model says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings

import model
from database import TestServer
from devtime.kernel.zones import day_of, find_zone
from devtime.stats.durations import fetch_durations
from devtime.stats.files import fetch_files
from devtime.stats.filters import Filters
from devtime.stats.listing import fetch_listing
from devtime.stats.names import fetch_project_spans
from devtime.stats.ranges import TimeRange, days_range
from devtime.stats.usual import fetch_days_until
from devtime.stats.week_hours import fetch_week_hours
from histories import History, histories, questions
from trial import Stage, Trial, how_often


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@settings(how_often(100))
@given(history=histories())
def test_hours_of_the_week_and_days_so_far_are_exact(stage: Stage, history: History) -> None:
    stage.run(_ask_for_hours(stage.trial, history))


@settings(how_often(100))
@given(history=histories())
def test_files_spans_and_lists_of_heartbeats_are_exact(stage: Stage, history: History) -> None:
    stage.run(_ask_for_details(stage.trial, history))


async def _ask_for_hours(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    for question in questions(history, Random(history.seed), 3):
        place = find_zone(question.zone)
        span = days_range(day_of(question.start_ms, place), day_of(question.end_ms, place), question.zone)
        hours = await fetch_week_hours(trial.database, life.user_id, span, Filters(**question.wanted))
        asked = (life.heartbeats, life.timeout_ms, span.zone, span.start_ms, span.end_ms)
        expected = model.hours_of_week(*asked, question.wanted)
        told = {when: model.Sums(sums.lane_ms, sums.active_ms, sums.heartbeats) for when, sums in hours.items()}
        assert {when: sums for when, sums in told.items() if sums != model.Sums()} == expected
        days = await fetch_days_until(trial.database, life.user_id, span)
        assert sum(sums.lane_ms for sums in days.values()) == sum(
            sums.lane_ms for sums in model.days(*asked, {}).values()
        )


async def _ask_for_details(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    for question in questions(history, Random(history.seed), 3):
        span = TimeRange(start_ms=question.start_ms, end_ms=question.end_ms, zone=question.zone)
        filters = Filters(**question.wanted)
        asked = (life.heartbeats, life.timeout_ms, span.start_ms, span.end_ms, question.wanted)
        files = await fetch_files(trial.database, life.user_id, span, filters)
        expected = model.files(*asked)
        assert {
            file: model.Sums(sums.lane_ms, sums.active_ms, sums.heartbeats) for file, sums in files.items()
        } == expected
        durations = await fetch_durations(trial.database, trial.tallies.book, life.user_id, span, "language", filters)
        active_ms = sum(sums.active_ms for sums in expected.values())
        assert sum(stretch.active_ms for stretch in durations) == active_ms
        assert all(one.start_ms + one.active_ms <= other.start_ms for one, other in pairwise(durations))
        listing = await fetch_listing(trial.database, life.user_id, span, filters, limit=3, offset=2)
        parts = (listing.before, listing.page, listing.after)
        wanted = [
            beat
            for beat in life.heartbeats
            if span.start_ms <= beat.time_ms < span.end_ms and model.is_wanted(model.names_of(beat), question.wanted)
        ]
        assert [(row.time_ms, row.identity) for row in listing.rows] == [model.key_of(beat) for beat in wanted[2:5]]
        assert sum(part.count for part in parts) == len(wanted)
        assert sum(part.inside_active_ms for part in (*parts, listing.earlier)) == active_ms
    spans = await fetch_project_spans(trial.database, life.user_id)
    assert {name: (span.first_ms, span.last_ms) for name, span in spans.items()} == _spans(life.heartbeats)


def _spans(heartbeats: list[model.Heartbeat]) -> dict[str, tuple[int, int]]:
    instants: dict[str, list[int]] = {}
    for beat in heartbeats:
        instants.setdefault(beat.project or "Unknown", []).append(beat.time_ms)
    return {project: (min(times), max(times)) for project, times in instants.items()}
