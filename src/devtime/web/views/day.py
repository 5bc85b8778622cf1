"""The page of one day (`/` is today's), and its twin `/overview.json` or `/day/{date}.json`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from devtime.web.views.limits import LimitStrip
from devtime.web.views.parts import Breakdown, Choice, Count, SessionRow, Timeline
from devtime.web.views.widgets import WidgetsView


@dataclass(frozen=True, slots=True)
class DayAi:
    """What agents used on the day; `is_unpriced`: and some of it nobody knows the price of."""

    cost_usd: Decimal
    tokens: int
    is_unpriced: bool
    href: str
    events_href: str


@dataclass(frozen=True, slots=True)
class DayView:
    """One local day. `active_ms` is wall-clock time, `total_ms` adds tools up that ran in parallel,
    `agent_ms` is the agents' part of it; the breakdowns hold what `count` says and sum to that number.

    `usual_ms` is what such a day usually has by what `count` says (today: by this time of day), None while there is
    too little history;
    `usual_label` says what it is compared with (`a usual Wednesday by now`).
    `streak_days` counts days with activity in a row up to this one. `ai` is None where no agent used anything,
    `limits` on other days than today and where no machine tells any; `widgets` are on the dashboard only, which is
    today's page. `is_new` accounts never sent a heartbeat.
    """

    date: date
    zone: str
    is_today: bool
    now_ms: int
    active_ms: int
    total_ms: int
    agent_ms: int
    heartbeats: int
    count: Count
    counts: tuple[Choice, ...]
    timeline: Timeline
    breakdowns: tuple[Breakdown, ...]
    sessions: tuple[SessionRow, ...]
    prev_href: str
    next_href: str | None
    json_href: str
    heartbeats_href: str
    agents_href: str
    usual_ms: int | None = None
    usual_label: str = ""
    usual_href: str = ""
    streak_days: int = 0
    ai: DayAi | None = None
    limits: LimitStrip | None = None
    widgets: WidgetsView | None = None
    is_new: bool = False
