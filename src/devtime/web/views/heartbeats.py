"""The page of raw heartbeats (`/heartbeats`): where every number ends up when it is clicked."""

from __future__ import annotations

from dataclasses import dataclass

from devtime.web.views.parts import FilterBar


@dataclass(frozen=True, slots=True)
class HeartbeatRow:
    """One heartbeat. `lane_ms` is its credit in its own tool's time, `active_ms` in the wall clock's."""

    time_ms: int
    tool: str
    project: str
    file: str
    language: str
    branch: str
    machine: str
    editor: str
    activity_type: str
    is_write: bool
    lane_ms: int
    active_ms: int
    declared_ms: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    session: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """A number of heartbeats and what they add up to."""

    count: int
    lane_ms: int
    active_ms: int


@dataclass(frozen=True, slots=True)
class HeartbeatsView:
    """Heartbeats of `[start_ms, end_ms)` that pass the filters, one page of them, oldest first.

    `before` (earlier pages), `page` and `after` (later pages) sum to `total`, and the page shows that they do.
    A number counts what lies inside `[start_ms, end_ms)`; a heartbeat's credit may cross an edge. `carried_in_ms` is
    credit of earlier heartbeats that reaches in, `carried_out_ms` credit of these that reaches past the end, each as
    (lane, active): total + in - out is the number that was clicked.
    """

    zone: str
    now_ms: int
    start_ms: int
    end_ms: int
    filters: FilterBar
    rows: tuple[HeartbeatRow, ...]
    before: Sums
    page: Sums
    after: Sums
    total: Sums
    page_number: int
    page_count: int
    json_href: str
    csv_href: str
    first_href: str | None = None
    prev_href: str | None = None
    next_href: str | None = None
    last_href: str | None = None
    carried_in_ms: tuple[int, int] = (0, 0)
    carried_out_ms: tuple[int, int] = (0, 0)
    is_new: bool = False
