"""`GET /api/v1/stats/…`: time as wall clock, parallel tools counted once; sessions as their tools' own time."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from devtime.api.codetrackr.figures import (
    days_of,
    languages_of,
    projects_of,
    session_entry,
    summary_of,
    work_types_of,
)
from devtime.api.codetrackr.span import Asked
from devtime.api.documents import USUAL, plain_errors
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.last_heartbeats import fetch_last_heartbeats
from devtime.stats.public import fetch_public_sum
from devtime.stats.sessions import fetch_sessions
from devtime.stats.streaks import Streaks, fetch_streaks
from devtime.stats.work_types import fetch_session_work, fetch_work
from devtime.wire.codetrackr_answers import (
    Daily,
    Dashboard,
    DashboardStreaks,
    DashboardSummary,
    DashboardWork,
    Languages,
    Projects,
    PublicTotals,
    Sessions,
    StreaksAnswer,
    Summary,
    WorkTypes,
    whole_seconds,
)

_GUARDS = [requires("read")]
_ERRORS = plain_errors(*USUAL)
_NEWEST_SESSIONS = 20

Span = NamedDependency[Asked]


@get("/stats/summary", guards=_GUARDS, responses=_ERRORS, summary="A range in a few numbers")
async def get_summary(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Summary:
    """`daily_average` is over all days of the range, those without activity too."""
    tally = await parts.tallies.fetch(identity.user_id, span.range)
    return summary_of(tally, await _streaks(parts, identity), span.told_end_ms)


@get("/stats/languages", guards=_GUARDS, responses=_ERRORS, summary="Time by language")
async def get_languages(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Languages:
    """Time without a language is left out, of the total too."""
    return languages_of(await parts.tallies.fetch(identity.user_id, span.range))


@get("/stats/projects", guards=_GUARDS, responses=_ERRORS, summary="Time by project")
async def get_projects(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Projects:
    """Each with its last heartbeat in the range."""
    tally = await parts.tallies.fetch(identity.user_id, span.range)
    return Projects(projects_of(tally, await fetch_last_heartbeats(parts.database, identity.user_id, span.range)))


@get("/stats/daily", guards=_GUARDS, responses=_ERRORS, summary="Time by day")
async def get_daily(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Daily:
    """Days of the account's time zone; the first and the last may be cut by the range."""
    return Daily(days_of(await parts.tallies.fetch(identity.user_id, span.range)))


@get("/stats/streaks", guards=_GUARDS, responses=_ERRORS, summary="Days in a row")
async def get_streaks(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> StreaksAnswer:
    """Of all time, in the account's time zone."""
    streaks = await _streaks(parts, identity)
    return StreaksAnswer(streaks.current, streaks.longest)


@get("/stats/work-types", guards=_GUARDS, responses=_ERRORS, summary="Time by kind of work")
async def get_work_types(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> WorkTypes:
    """Told from the activity type, the language and whether something was saved."""
    total_ms, types = work_types_of(await fetch_work(parts.database, identity.user_id, span.range))
    return WorkTypes(whole_seconds(total_ms), types)


@get("/stats/sessions", guards=_GUARDS, responses=_ERRORS, summary="The newest sessions")
async def get_sessions(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Sessions:
    """The newest 20 of those that reach into the range, whole."""
    sessions = await fetch_sessions(parts.database, identity.user_id, span.range)
    newest = await fetch_session_work(parts.database, identity.user_id, sessions, newest=_NEWEST_SESSIONS)
    return Sessions([session_entry(session, work) for session, work in newest], len(sessions))


@get("/stats/dashboard", guards=_GUARDS, responses=_ERRORS, summary="All a dashboard shows")
async def get_dashboard(parts: NamedDependency[Parts], identity: NamedDependency[Identity], span: Span) -> Dashboard:
    """Summary, streaks, days, languages, projects and kinds of work of one range."""
    tally = await parts.tallies.fetch(identity.user_id, span.range)
    streaks = await _streaks(parts, identity)
    summary = summary_of(tally, streaks, span.told_end_ms)
    total_ms, types = work_types_of(await fetch_work(parts.database, identity.user_id, span.range))
    return Dashboard(
        summary=DashboardSummary(
            total_seconds=summary.total_seconds,
            daily_average=summary.daily_average,
            top_language=summary.top_language,
            top_project=summary.top_project,
        ),
        streaks=DashboardStreaks(streaks.current, streaks.longest),
        daily=days_of(tally),
        languages=languages_of(tally).languages,
        projects=projects_of(tally, await fetch_last_heartbeats(parts.database, identity.user_id, span.range)),
        work_types=DashboardWork(whole_seconds(total_ms), types),
    )


@get("/stats/public", security=[{}], responses=plain_errors(503), summary="What anybody may know")
async def get_public(parts: NamedDependency[Parts]) -> PublicTotals:
    """Public accounts, and the time of these; as it was at most a minute ago."""
    total = await fetch_public_sum(parts.database, parts.clock())
    return PublicTotals(total.accounts, whole_seconds(total.active_ms))


async def _streaks(parts: Parts, identity: Identity) -> Streaks:
    return await fetch_streaks(parts.database, identity.user_id, identity.timezone, parts.clock())
