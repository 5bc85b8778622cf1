"""Kinds of work are a partition of time: they add up to the total of any stretch, and to each session."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings

from database import TestServer
from devtime.stats.ranges import TimeRange
from devtime.stats.sessions import fetch_sessions
from devtime.stats.work_types import fetch_session_work, fetch_work, work_type_of
from histories import History, histories, questions
from trial import Stage, how_often


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@settings(how_often(60))
@given(history=histories())
def test_kinds_of_work_add_up_to_the_wall_clock_of_any_stretch(stage: Stage, history: History) -> None:
    trial = stage.trial

    async def run() -> None:
        life = await trial.live(history)
        for question in questions(history, Random(history.seed), 5):
            span = TimeRange(start_ms=question.start_ms, end_ms=question.end_ms, zone=question.zone)
            work = await fetch_work(trial.database, life.user_id, span)
            total = (await trial.tallies.fetch(life.user_id, span)).total()
            assert sum(work.values()) == total.active_ms

    stage.run(run())


@settings(how_often(60))
@given(history=histories())
def test_kinds_of_work_of_a_session_add_up_to_its_credit(stage: Stage, history: History) -> None:
    trial = stage.trial

    async def run() -> None:
        life = await trial.live(history)
        first, last = history.heartbeats[0].time_ms, history.heartbeats[-1].time_ms
        span = TimeRange(start_ms=first, end_ms=last + 1, zone=history.zone)
        sessions = await fetch_sessions(trial.database, life.user_id, span)
        told = await fetch_session_work(trial.database, life.user_id, sessions, newest=1_000)
        assert [session for session, _ in told] == sessions[::-1]
        assert [sum(work.values()) for _, work in told] == [session.lane_ms for session, _ in told]

    stage.run(run())


@pytest.mark.parametrize(
    ("language", "activity_type", "is_write", "kind"),
    [
        ("rust", "coding", True, "writing"),
        ("rust", "coding", False, "reading"),
        ("rust", "ai coding", False, "writing"),
        ("rust", "debugging", True, "debugging"),
        ("YAML", "debugging", True, "debugging"),
        ("YAML", "coding", True, "config"),
        ("rust", "building", False, "config"),
        ("", "browsing", True, "reading"),
        ("", "coding", False, "reading"),
        ("rust", "something new", True, "writing"),
    ],
)
def test_the_kind_of_work_is_told_by_activity_then_language_then_saving(
    language: str, activity_type: str, is_write: bool, kind: str
) -> None:
    assert work_type_of(language, activity_type, is_write) == kind
