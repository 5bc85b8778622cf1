"""The pages of AI limits: `/limits` with every machine's plans, and `/limits/plan`, one plan with its past.

Sentences are made here once, so that the page, the strip of the dashboard and the JSON twins say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from devtime.plugins.kinds.probe.lines import BarChart, Line, Progress
from devtime.web.views.parts import Choice

Standing = Literal["ahead", "on-track", "behind", "reached", "unpaced"]
"""How a limit stands: its pace, that it is used up, or that it has no pace to tell."""


@dataclass(frozen=True, slots=True)
class LimitGauge:
    """A progress line. `value` is what is used, `of` the limit where that is no percentage, `room` what is left.

    `sentence` and `foretold` tell the pace (`Will run out`, `Runs out in 1h 40m`), `elapsed_share` is how much of the
    period is over (None without one). `warned` says which alert stands.
    """

    line: Progress
    value: str
    of: str
    room: str
    standing: Standing
    sentence: str
    foretold: str
    deficit: str
    resets: str
    resets_at_ms: int | None
    elapsed_share: float | None
    warned: str
    kind: Literal["gauge"] = "gauge"


@dataclass(frozen=True, slots=True)
class LimitText:
    """A text, a badge or bars, as the plugin tells them."""

    line: Line
    kind: Literal["text", "badge", "bars"]


LimitLine = LimitGauge | LimitText


@dataclass(frozen=True, slots=True)
class LimitCard:
    """A plan as a machine sees it. `hidden` lines are shown with all details. `error` is what to do about the latest
    attempt, which failed; the lines are older then.
    """

    id: str
    name: str
    plan: str | None
    account: str
    machine: str
    icon: str | None
    lines: tuple[LimitLine, ...]
    hidden: int
    fetched_at_ms: int | None
    checked_at_ms: int
    next_at_ms: int | None
    is_stale: bool
    error: str | None
    href: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LimitAlertRow:
    """Something that was told: `what` happened to which line; `is_over` once the limit began anew."""

    at_ms: int
    name: str
    machine: str
    label: str
    what: str
    is_grave: bool
    is_over: bool
    href: str


@dataclass(frozen=True, slots=True)
class LimitsView:
    """All plans of all machines. `is_new`: none was ever told."""

    zone: str
    now_ms: int
    is_new: bool
    cards: tuple[LimitCard, ...]
    alerts: tuple[LimitAlertRow, ...]
    scope: Literal["overview", "detail"]
    scopes: tuple[Choice, ...]
    providers: tuple[str, ...]
    json_href: str


@dataclass(frozen=True, slots=True)
class PastStretch:
    """What a line said between two instants."""

    since_ms: int
    until_ms: int
    used: float
    most: float
    resets_at_ms: int | None


@dataclass(frozen=True, slots=True)
class LimitPast:
    """The past of one progress line in `[start_ms, end_ms]`; `line` says how amounts are spelled."""

    line: Progress
    start_ms: int
    end_ms: int
    zone: str
    stretches: tuple[PastStretch, ...]


@dataclass(frozen=True, slots=True)
class LimitPlanView:
    """One plan of one machine, with the past of its progress lines."""

    zone: str
    now_ms: int
    card: LimitCard
    pasts: tuple[LimitPast, ...]
    charts: tuple[BarChart, ...]
    alerts: tuple[LimitAlertRow, ...]
    spans: tuple[Choice, ...]
    days: int
    back_href: str
    json_href: str


@dataclass(frozen=True, slots=True)
class StripItem:
    """The limit of a plan that matters most now."""

    name: str
    note: str
    icon: str | None
    gauge: LimitGauge
    is_stale: bool
    href: str


@dataclass(frozen=True, slots=True)
class LimitStrip:
    """The limits on the page of today: those nearest to their end first; `more` are on the page of limits."""

    items: tuple[StripItem, ...]
    more: int
    href: str
