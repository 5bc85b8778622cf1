"""What is answered about a history equals the model's answer, for any range, zone, filter and timeout."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings

import model
from database import TestServer
from devtime.stats.filters import Filters
from devtime.stats.ranges import TimeRange
from devtime.stats.sessions import Session, fetch_sessions
from devtime.stats.streaks import fetch_streaks
from devtime.stats.tally import Sum, Tally
from histories import DAY, ZONES, History, Question, histories, long_histories, questions
from trial import Stage, Trial, how_often

_QUESTIONS = 4


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@settings(how_often(300))
@given(history=histories())
def test_any_range_zone_filter_and_timeout_is_answered_exactly(stage: Stage, history: History) -> None:
    stage.run(_ask_for_tallies(stage.trial, history))


@settings(how_often(20))
@given(history=long_histories(100, 500))
def test_long_histories_are_answered_exactly(stage: Stage, history: History) -> None:
    stage.run(_ask_for_tallies(stage.trial, history))


@settings(how_often(20))
@given(history=long_histories(200, 500))
def test_sessions_of_more_than_a_day_are_told_whole(stage: Stage, history: History) -> None:
    stage.run(_ask_for_sessions(stage.trial, history))


@settings(how_often(200))
@given(history=histories())
def test_sessions_are_runs_of_one_tool_and_project(stage: Stage, history: History) -> None:
    stage.run(_ask_for_sessions(stage.trial, history))


@settings(how_often(100))
@given(history=histories())
def test_streaks_are_days_in_a_row_with_credit(stage: Stage, history: History) -> None:
    stage.run(_ask_for_streaks(stage.trial, history))


async def _ask_for_tallies(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    for question in questions(history, Random(history.seed), _QUESTIONS):
        tally = await trial.tallies.fetch(
            life.user_id,
            _span(question),
            Filters(**question.wanted),
            question.timeout_ms,
            writes_only=question.writes_only,
        )
        expected = model.days(
            [beat for beat in life.heartbeats if beat.is_write or not question.writes_only],
            question.timeout_ms or life.timeout_ms,
            question.zone,
            question.start_ms,
            question.end_ms,
            question.wanted,
        )
        assert _cells(tally) == expected, question


async def _ask_for_sessions(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    for question in questions(history, Random(history.seed), _QUESTIONS):
        wanted = {field: names for field, names in question.wanted.items() if field in ("project", "tool")}
        sessions = await fetch_sessions(
            trial.database, life.user_id, _span(question), Filters(**wanted), question.timeout_ms
        )
        runs = model.sessions(
            life.heartbeats, question.timeout_ms or life.timeout_ms, question.start_ms, question.end_ms, wanted
        )
        order = sorted(runs, key=lambda run: (run.start_ms, run.tool, run.project.replace("Unknown", "")))
        assert len(sessions) == len(order)
        for session, run in zip(sessions, order, strict=True):
            _assert_same(session, run)


def _assert_same(session: Session, run: model.Run) -> None:
    told = (session.tool, session.project, session.start_ms, session.end_ms)
    assert told == (run.tool, run.project, run.start_ms, run.end_ms)
    assert (session.lane_ms, session.active_ms, session.heartbeats) == (run.lane_ms, run.active_ms, run.heartbeats)
    assert session.language in run.languages
    assert session.branch in run.branches


async def _ask_for_streaks(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    random = Random(history.seed)
    for zone in (history.zone, random.choice(ZONES)):
        now_ms = random.choice(history.heartbeats).time_ms + random.randrange(-DAY, 3 * DAY)
        streaks = await fetch_streaks(trial.database, life.user_id, zone, now_ms)
        expected = model.streaks(life.heartbeats, life.timeout_ms, zone, now_ms)
        assert (streaks.current, streaks.longest) == expected


def _span(question: Question) -> TimeRange:
    return TimeRange(start_ms=question.start_ms, end_ms=question.end_ms, zone=question.zone)


def _cells(tally: Tally) -> dict[tuple[date, model.Names], model.Sums]:
    return {
        (day, names): model.Sums(sums.lane_ms, sums.active_ms, sums.heartbeats)
        for (day, names), sums in _by_day_and_names(tally).items()
        if sums != Sum()
    }


def _by_day_and_names(tally: Tally) -> dict[tuple[date, model.Names], Sum]:
    cells: dict[tuple[date, model.Names], Sum] = {}
    for number in {cell.context_id for cell in tally.cells}:
        context = tally.contexts[number]
        names = model.Names(*(getattr(context, field) for field in model.Names._fields))
        for day, sums in tally.select(lambda other, context=context: other == context).by_day().items():
            cells[day, names] = sums
    return cells
