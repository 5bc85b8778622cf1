"""Time off the keyboard: a span that is told afterwards, or a timer that runs until it is stopped.

The timer is a file, so it survives a restart. A span becomes one heartbeat with a declared duration.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from devtime.client.queueing import Beat, queue_beats
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.errors import Conflict, Invalid, NotFound

TOOL = "manual"
_FILE = "timer.json"
_LONGEST_MIN = 24 * 60


class Timer(msgspec.Struct, frozen=True):
    """A timer that runs."""

    project: str
    activity: str
    started_ms: int


def record_span(home: Path, project: str, activity: str, started_ms: int, minutes: float) -> None:
    """Queue a span of a project. Invalid when it is none, Unavailable when it cannot be queued."""
    if not 0 < minutes <= _LONGEST_MIN:
        raise Invalid("--minutes", "must be above 0 and at most a day (1440)")
    if not project.strip():
        raise Invalid("--project", "is needed")
    beat = Beat(TOOL, activity, started_ms, project=project.strip(), duration_s=max(1, round(minutes * 60)))
    if not queue_beats(str(home), [beat], os.environ).kept:
        raise Invalid("--project", f"{project} is excluded by [privacy] in config.toml; nothing was recorded")


def running_timer(home: Path) -> Timer | None:
    """The timer that runs, if any."""
    try:
        return msgspec.json.decode((home / _FILE).read_bytes(), type=Timer)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise Invalid(str(home / _FILE), "is damaged; delete it to begin anew") from None


def start_timer(home: Path, project: str, activity: str, now_ms: int) -> Timer:
    """Begin. Conflict while another runs."""
    if not project.strip():
        raise Invalid("--project", "is needed")
    timer = Timer(project.strip(), activity, now_ms)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f"{_FILE}.{os.getpid()}.new"
    draft.write_bytes(msgspec.json.encode(timer))
    try:
        # A link fails where a timer runs already, whoever was first.
        os.link(draft, home / _FILE)
    except FileExistsError:
        running = running_timer(home)
        name = running.project if running else "another project"
        raise Conflict(f"a timer for {name} runs already: `devtime track stop` ends it") from None
    finally:
        draft.unlink()
    return timer


def stop_timer(home: Path, now_ms: int) -> tuple[Timer, float]:
    """End it and queue its span; answers the timer and its minutes. NotFound when none runs."""
    timer = running_timer(home)
    if timer is None:
        raise NotFound("no timer runs: `devtime track start --project NAME` begins one")
    minutes = (now_ms - timer.started_ms) / MINUTE_MS
    if not 0 < minutes <= _LONGEST_MIN:
        told = "longer than a day" if minutes > 0 else "begun in the future"
        raise Invalid(
            "timer", f"it is {told}: `devtime track cancel` drops it, `devtime track --minutes` tells the truth"
        )
    record_span(home, timer.project, timer.activity, timer.started_ms, minutes)
    (home / _FILE).unlink(missing_ok=True)
    return timer, minutes


def cancel_timer(home: Path) -> Timer:
    """Drop it. NotFound when none runs."""
    timer = running_timer(home)
    if timer is None:
        raise NotFound("no timer runs")
    (home / _FILE).unlink(missing_ok=True)
    return timer
