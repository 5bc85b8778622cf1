"""`devtime track`: time off the keyboard, told afterwards or measured by a timer."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from devtime.cli.options import Home
from devtime.client.flusher import start_flusher
from devtime.client.timer import cancel_timer, record_span, running_timer, start_timer, stop_timer
from devtime.home.config import home_folder
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Invalid

Action = Literal["start", "stop", "status", "cancel"]

_AT = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?([01]?\d|2[0-3]):([0-5]\d)")


def track(
    action: Annotated[
        Action | None, Parameter(help="start, stop, status or cancel a timer; or none, with --minutes.")
    ] = None,
    *,
    project: Annotated[str, Parameter(help="What the time went to.")] = "",
    minutes: Annotated[float | None, Parameter(help="How long it took, in minutes.")] = None,
    at: Annotated[str, Parameter(help="When it began: 14:30, or 2026-11-29 14:30; else it ends now.")] = "",
    activity: Annotated[str, Parameter(help="Kind of work: meeting, researching, planning, …")] = "meeting",
    home: Home = None,
) -> None:
    """Record time off the keyboard."""
    folder = home_folder(os.environ, home)
    if action is None:
        _record(folder, project, minutes, at, activity)
    elif minutes is not None or at:
        raise Invalid("--minutes", f"goes without `{action}`: a timer measures by itself")
    elif action == "start":
        timer = start_timer(folder, project, activity, now_ms())
        print(f"Timing {timer.project} ({timer.activity}). `devtime track stop` ends it.")
    elif action == "stop":
        timer, took = stop_timer(folder, now_ms())
        start_flusher(folder)
        print(f"{_told(took)} of {timer.activity} for {timer.project} recorded.")
    elif action == "cancel":
        print(f"The timer for {cancel_timer(folder).project} was dropped; nothing was recorded.")
    else:
        running = running_timer(folder)
        print(
            f"{running.project} ({running.activity}): {_told((now_ms() - running.started_ms) / 60_000)} so far."
            if running
            else "No timer runs."
        )


def _record(folder: Path, project: str, minutes: float | None, at: str, activity: str) -> None:
    if minutes is None:
        raise Invalid("--minutes", "is needed, or `start`: devtime track --project X --minutes 30")
    started_ms = _instant(at) if at else now_ms() - int(minutes * 60_000)
    if started_ms > now_ms():
        raise Invalid("--at", "is in the future")
    record_span(folder, project, activity, started_ms, minutes)
    start_flusher(folder)
    print(f"{_told(minutes)} of {activity} for {project} recorded.")


def _instant(text: str) -> int:
    match = _AT.fullmatch(text.strip())
    if match is None:
        raise Invalid("--at", f"{text[:32]!r} is no time such as 14:30 or 2026-11-29 14:30")
    now = datetime.now().astimezone()
    try:
        day = datetime.fromisoformat(match[1]) if match[1] else now
        moment = day.replace(
            hour=int(match[2]), minute=int(match[3]), second=0, microsecond=0, tzinfo=None
        ).astimezone()
    except ValueError:
        raise Invalid("--at", f"{text[:32]!r} is no day of the calendar") from None
    if not match[1] and moment > now:
        moment -= timedelta(days=1)
    return int(moment.timestamp() * 1_000)


def _told(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60} h {whole % 60:02d} min" if whole >= 60 else f"{whole} min" if whole else "Under a minute"
