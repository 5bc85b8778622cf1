"""`GET /api/v1/leaderboards/…`: this week's time of those who are public and want to be listed. For anybody."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from devtime.api.documents import plain_errors
from devtime.kernel.clock import to_rfc3339
from devtime.server.parts import Parts
from devtime.stats.leaders import Leader, list_leaders, monday_of
from devtime.wire.codetrackr_answers import whole_seconds
from devtime.wire.codetrackr_leaders import Leaderboard, LeaderEntry

_MOST = 500
_LONGEST = 64
_OPTIONS: dict[str, Any] = {"security": [{}], "responses": plain_errors(400, 503)}

Limit = Annotated[int, QueryParameter(ge=1, le=_MOST)]
Offset = Annotated[int, QueryParameter(ge=0, le=100_000)]


@get("/leaderboards/global", summary="This week's leaderboard", **_OPTIONS)
async def get_leaders(
    parts: NamedDependency[Parts],
    limit: Limit = 100,
    offset: Offset = 0,
    country: Annotated[str | None, QueryParameter(max_length=_LONGEST)] = None,
    available_for_hire: Annotated[bool, QueryParameter()] = False,
) -> Leaderboard:
    """All of them, or those of a country, or those who look for work."""
    now_ms = parts.clock()
    leaders = await list_leaders(
        parts.database,
        now_ms,
        country=_clean(country or "") or None,
        only_for_hire=available_for_hire,
        limit=limit,
        offset=offset,
    )
    return _board(leaders, now_ms)


@get("/leaderboards/language/{language:str}", summary="This week's leaderboard of a language", **_OPTIONS)
async def get_leaders_of_language(
    parts: NamedDependency[Parts], language: FromPath[str], limit: Limit = 100, offset: Offset = 0
) -> Leaderboard:
    """Time in that language alone, of those who show their languages."""
    now_ms, wanted = parts.clock(), _clean(language)
    leaders = await list_leaders(parts.database, now_ms, language=wanted, limit=limit, offset=offset)
    return _board(leaders, now_ms, wanted)


@get("/leaderboards/country/{country:str}", summary="This week's leaderboard of a country", **_OPTIONS)
async def get_leaders_of_country(
    parts: NamedDependency[Parts], country: FromPath[str], limit: Limit = 100, offset: Offset = 0
) -> Leaderboard:
    """Those who told that country."""
    now_ms = parts.clock()
    leaders = await list_leaders(parts.database, now_ms, country=_clean(country), limit=limit, offset=offset)
    return _board(leaders, now_ms)


def _clean(text: str) -> str:
    return "".join(mark for mark in text if mark.isprintable())[:_LONGEST]


def _board(leaders: list[Leader], now_ms: int, language: str | None = None) -> Leaderboard:
    return Leaderboard(
        leaderboard=[_entry(leader, language) for leader in leaders],
        week=monday_of(now_ms).strftime("%Y-W%W"),
        updated_at=to_rfc3339(now_ms),
        language=language,
    )


def _entry(leader: Leader, language: str | None) -> LeaderEntry:
    return LeaderEntry(
        rank=leader.rank,
        user_id=str(leader.id),
        username=leader.username,
        display_name=leader.display_name,
        avatar_url=leader.avatar_url,
        country=leader.country,
        seconds=whole_seconds(leader.active_ms),
        language=language,
        top_language=leader.top_language,
        top_editor=leader.top_editor,
        top_os=leader.top_os,
    )
