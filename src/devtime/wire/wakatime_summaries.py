"""How WakaTime-compatible answers about sums of time look: status bar, summaries, stats, all time. Only shapes."""

from __future__ import annotations

from datetime import date

import msgspec

from devtime.wire.wakatime_averages import BestDay, CumulativeTotal, DailyAverage
from devtime.wire.wakatime_times import DaySpan, GrandTotal, MachineTime, NamedTime


class Breakdowns(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a stretch of time, each list the longest first."""

    categories: list[NamedTime]
    projects: list[NamedTime]
    languages: list[NamedTime]
    editors: list[NamedTime]
    operating_systems: list[NamedTime]
    machines: list[MachineTime]
    dependencies: list[NamedTime] = []


class DaySummary(Breakdowns, frozen=True, kw_only=True):
    """One local day. `branches` and `entities` are told of a single project."""

    grand_total: GrandTotal
    range: DaySpan
    branches: list[NamedTime] | None = None
    entities: list[NamedTime] | None = None


class StatusBarDay(DaySummary, frozen=True, kw_only=True):
    """Today, as editors show it."""

    has_team_features: bool = False


class StatusBar(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `statusbar/today`; clients look for the team flag at either place."""

    data: StatusBarDay
    cached_at: str
    has_team_features: bool = False


class Summaries(msgspec.Struct, frozen=True, kw_only=True):
    """A summary per day, in order."""

    data: list[DaySummary]
    cumulative_total: CumulativeTotal
    daily_average: DailyAverage
    start: str
    end: str


class Stats(Breakdowns, frozen=True, kw_only=True):
    """Sums over a whole range."""

    id: str
    user_id: str
    username: str
    range: str
    human_readable_range: str
    start: str
    end: str
    timezone: str
    timeout: int
    writes_only: bool
    total_seconds: float
    total_seconds_including_other_language: float
    human_readable_total: str
    human_readable_total_including_other_language: str
    daily_average: int
    daily_average_including_other_language: int
    human_readable_daily_average: str
    human_readable_daily_average_including_other_language: str
    holidays: int
    days_including_holidays: int
    days_minus_holidays: int
    best_day: BestDay | None
    status: str = "ok"
    percent_calculated: int = 100
    is_already_updating: bool = False
    is_stuck: bool = False
    is_up_to_date: bool = True
    is_including_today: bool = True
    is_coding_activity_visible: bool = True
    is_language_usage_visible: bool = True
    is_editor_usage_visible: bool = True
    is_category_usage_visible: bool = True
    is_os_usage_visible: bool = True
    is_other_usage_visible: bool = True


class StatsAnswer(msgspec.Struct, frozen=True):
    """The answer of `stats`."""

    data: Stats


class AllTimeRange(msgspec.Struct, frozen=True, kw_only=True):
    """From the first day with activity to today."""

    start: str
    start_date: date
    start_text: str
    end: str
    end_date: date
    end_text: str
    timezone: str


class AllTime(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is."""

    text: str
    digital: str
    decimal: str
    total_seconds: float
    daily_average: int
    range: AllTimeRange
    timeout: int
    is_up_to_date: bool = True
    percent_calculated: int = 100


class AllTimeAnswer(msgspec.Struct, frozen=True):
    """The answer of `all_time_since_today`."""

    data: AllTime
