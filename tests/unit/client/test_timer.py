"""Time off the keyboard: told afterwards or measured, never twice, never lost by a slip."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devtime.client.outbox import open_outbox
from devtime.client.timer import cancel_timer, record_span, running_timer, start_timer, stop_timer
from devtime.kernel.errors import Conflict, Invalid, NotFound

NOW_MS = 1_793_606_400_000


def queued(home: Path) -> list[dict[str, Any]]:
    with open_outbox(str(home)) as outbox:
        return [json.loads(body) for _, body in outbox.peek(10).entries]


def test_a_span_is_one_heartbeat_with_its_duration(tmp_path: Path) -> None:
    record_span(tmp_path, " lamp ", "meeting", NOW_MS, 30)
    (one,) = queued(tmp_path)
    assert (one["project"], one["activity_type"], one["timestamp"], one["duration"]) == (
        "lamp",
        "meeting",
        NOW_MS,
        1_800,
    )


def test_a_timer_survives_and_is_told_when_it_stops(tmp_path: Path) -> None:
    start_timer(tmp_path, "lamp", "planning", NOW_MS)
    with pytest.raises(Conflict, match="lamp"):
        start_timer(tmp_path, "else", "planning", NOW_MS)
    timer, minutes = stop_timer(tmp_path, NOW_MS + 90_000)
    assert (timer.project, minutes) == ("lamp", 1.5)
    assert queued(tmp_path)[0]["duration"] == 90
    with pytest.raises(NotFound):
        stop_timer(tmp_path, NOW_MS)


@pytest.mark.parametrize("later_ms", [-3_600_000, 0, 25 * 3_600_000])
def test_a_timer_nobody_can_believe_stays_and_is_not_told(tmp_path: Path, later_ms: int) -> None:
    start_timer(tmp_path, "lamp", "planning", NOW_MS)
    with pytest.raises(Invalid, match="cancel"):
        stop_timer(tmp_path, NOW_MS + later_ms)
    assert running_timer(tmp_path) is not None
    assert queued(tmp_path) == []
    cancel_timer(tmp_path)
    assert running_timer(tmp_path) is None


@pytest.mark.parametrize(
    ("project", "minutes"), [("", 5.0), ("x", 0.0), ("x", -3.0), ("x", 1_441.0), ("x", float("nan"))]
)
def test_spans_that_are_none_are_refused(tmp_path: Path, project: str, minutes: float) -> None:
    with pytest.raises(Invalid):
        record_span(tmp_path, project, "meeting", NOW_MS, minutes)


def test_an_excluded_project_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[privacy]\nexclude_projects = ["secret"]\n')
    with pytest.raises(Invalid, match="excluded"):
        record_span(tmp_path, "secret", "meeting", NOW_MS, 5)


def test_a_damaged_timer_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "timer.json").write_text("{")
    with pytest.raises(Invalid, match="damaged"):
        running_timer(tmp_path)
