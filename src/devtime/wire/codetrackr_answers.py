"""What the CodeTrackr-compatible API answers. Seconds are whole numbers, percentages floats, instants RFC 3339."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from devtime.kernel.clock import MINUTE_MS, SECOND_MS
from devtime.wire.native_answers import Rejection


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The heartbeat is stored, or was already. `recorded_at` is the instant it happened."""

    status: str = "ok"
    recorded_at: str


class BulkRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch: `inserted` counts new heartbeats only, `rejected` says which were refused and why."""

    status: str = "ok"
    inserted: int
    duplicates: int
    rejected: list[Rejection]
    excluded: int | msgspec.UnsetType = msgspec.UNSET


class Imported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an import. All but status and inserted are left out when there is nothing to tell.

    `rejected` names the first refused rows; `rejected_total` counts them all when they are more.
    """

    status: Literal["ok"]
    inserted: int
    duplicates: int = 0
    excluded: int = 0
    rejected: list[Rejection] = []
    rejected_total: int = 0


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A range in a few numbers. The streaks are those as of now."""

    total_seconds: int
    daily_average: int
    streak_current: int
    streak_longest: int
    top_language: str | None
    top_project: str | None
    range_start: str
    range_end: str


class LanguageSeconds(msgspec.Struct, frozen=True):
    """One language, and its part of all time with a language."""

    language: str
    seconds: int
    percentage: float


class Languages(msgspec.Struct, frozen=True):
    """Languages, longest first; `total_seconds` is their sum."""

    languages: list[LanguageSeconds]
    total_seconds: int


class ProjectSeconds(msgspec.Struct, frozen=True):
    """One project, and when it was last heard of in the range."""

    project: str
    seconds: int
    last_heartbeat: str | None


class Projects(msgspec.Struct, frozen=True):
    """Projects, longest first."""

    projects: list[ProjectSeconds]


class DaySeconds(msgspec.Struct, frozen=True):
    """The time of one local day."""

    date: date
    seconds: int


class Daily(msgspec.Struct, frozen=True):
    """Days in order; those without activity are left out."""

    daily: list[DaySeconds]


class StreaksAnswer(msgspec.Struct, frozen=True):
    """Days in a row with activity; today or yesterday keeps the current streak alive."""

    current_streak: int
    longest_streak: int


class WorkTypeSeconds(msgspec.Struct, frozen=True, rename={"work_type": "type"}):
    """One kind of work, and its part of all."""

    work_type: str
    seconds: int
    percentage: float


class WorkTypes(msgspec.Struct, frozen=True):
    """The four kinds of work."""

    total_seconds: int
    work_types: list[WorkTypeSeconds]


class SessionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One session: a run of heartbeats of one tool and project. `work_breakdown` is seconds by kind of work."""

    start: str
    end: str
    duration_seconds: int
    duration_minutes: int
    project: str
    top_language: str | None
    dominant_work_type: str | None
    work_breakdown: dict[str, int]


class Sessions(msgspec.Struct, frozen=True):
    """The newest sessions, newest first, of all in the range."""

    sessions: list[SessionEntry]
    total_sessions: int


class DashboardSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary without streaks and range."""

    total_seconds: int
    daily_average: int
    top_language: str | None
    top_project: str | None


class DashboardStreaks(msgspec.Struct, frozen=True):
    """The streaks, by the names the dashboard knows."""

    current: int
    longest: int


class DashboardWork(msgspec.Struct, frozen=True):
    """The kinds of work, by the name the dashboard knows."""

    total_seconds: int
    types: list[WorkTypeSeconds]


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """All a dashboard shows, in one answer."""

    summary: DashboardSummary
    streaks: DashboardStreaks
    daily: list[DaySeconds]
    languages: list[LanguageSeconds]
    projects: list[ProjectSeconds]
    work_types: DashboardWork


class PublicTotals(msgspec.Struct, frozen=True):
    """How many accounts are public, and the time of these accounts."""

    users: int
    total_seconds: int


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """One's own account."""

    id: str
    username: str
    display_name: str | None
    email: str | None
    avatar_url: str | None
    plan: str
    is_public: bool
    is_admin: bool
    bio: str | None
    website: str | None
    profile_show_languages: bool
    profile_show_projects: bool
    profile_show_activity: bool
    profile_show_plugins: bool
    profile_show_streak: bool
    available_for_hire: bool
    show_in_leaderboard: bool
    country: str | None
    timezone: str
    created_at: str


class ProfileChanges(msgspec.Struct, kw_only=True):
    """What to change of a profile; what is absent or null stays, an empty text goes."""

    bio: str | None = None
    website: str | None = None
    is_public: bool | None = None
    profile_show_languages: bool | None = None
    profile_show_projects: bool | None = None
    profile_show_activity: bool | None = None
    profile_show_plugins: bool | None = None
    profile_show_streak: bool | None = None
    available_for_hire: bool | None = None
    show_in_leaderboard: bool | None = None


class Updated(msgspec.Struct, frozen=True):
    """It is changed."""

    status: str = "updated"


class KeyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed."""

    id: str
    name: str
    key_prefix: str
    last_used_at: str | None
    created_at: str
    scope: str


class Keys(msgspec.Struct, frozen=True):
    """One's own keys, oldest first."""

    keys: list[KeyEntry]


class CreatedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key just made; it is told this once."""

    id: str
    name: str
    key: str
    created_at: str
    scope: str


class KeyCreated(msgspec.Struct, frozen=True):
    """The new key."""

    key: CreatedKey


class KeyRenamed(msgspec.Struct, frozen=True):
    """The key's name as it is kept."""

    name: str
    message: str = "Key renamed"


class KeyDeleted(msgspec.Struct, frozen=True):
    """The key is refused from now on."""

    message: str = "API key deleted"


class Services(msgspec.Struct, frozen=True):
    """What the server needs, or could use: `up` or `down`. Nothing of DevTime's needs Redis."""

    database: Literal["up", "down"]
    redis: Literal["up", "down"]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the server can do its work."""

    status: Literal["healthy", "degraded"]
    services: Services
    version: str
    timestamp: str


def spell_imported(answer: Imported) -> bytes:
    """The answer as it is documented, spaces included."""
    pairs = msgspec.to_builtins(answer).items()
    return (
        b"{ " + b", ".join(b'"%b": %b' % (name.encode(), msgspec.json.encode(value)) for name, value in pairs) + b" }"
    )


def whole_seconds(length_ms: int) -> int:
    """Whole seconds, rounded down."""
    return length_ms // SECOND_MS


def whole_minutes(length_ms: int) -> int:
    """Whole minutes, rounded down."""
    return length_ms // MINUTE_MS


def percentage(part_ms: int, whole_ms: int) -> float:
    """The part of the whole in percent; 0 of nothing."""
    return part_ms / whole_ms * 100 if whole_ms else 0.0


class HandlerError(msgspec.Struct, frozen=True, omit_defaults=True):
    """An endpoint of a plugin failed: `detail` is what it threw."""

    error: str
    detail: str | None = None


class EditorRun(msgspec.Struct, frozen=True, kw_only=True):
    """Code to be tried: `trigger` is `on_heartbeat`, `on_tick`, `on_install` or `rpc:NAME`."""

    code: str
    trigger: str = "on_heartbeat"
    rpc_body: Any = None
    is_dry: bool = True


class EditorTried(msgspec.Struct, frozen=True, kw_only=True):
    """What the code wrote, and what it threw."""

    success: bool
    stdout: str
    stderr: str
