"""Stored credits and sums equal the model's, however a history arrives and whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

import model
from database import TestServer
from histories import History, histories, long_histories
from trial import Stage, Trial, how_often


@pytest.fixture(scope="module")
def stage(test_server: TestServer) -> Iterator[Stage]:
    """A store for the histories of this file."""
    stage = Stage(test_server)
    yield stage
    stage.close()


@settings(how_often(600))
@given(history=histories())
def test_any_history_in_any_order_is_credited_as_the_rules_say(stage: Stage, history: History) -> None:
    stage.run(_live_and_compare(stage.trial, history))


@settings(how_often(40))
@given(history=long_histories(100, 800))
def test_long_histories_are_credited_as_the_rules_say(stage: Stage, history: History) -> None:
    stage.run(_live_and_compare(stage.trial, history))


async def _live_and_compare(trial: Trial, history: History) -> None:
    life = await trial.live(history)
    assert await trial.credits(life) == model.credit(life.heartbeats, life.timeout_ms)
    assert await trial.quarters(life) == model.quarters(life.heartbeats, life.timeout_ms)
    assert (await trial.verify(life)).problems == []
