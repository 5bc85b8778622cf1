"""`/badge/{username}/{metric}`: pictures of one's time that anybody may embed, if their owner is public."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.accounts.users import User, find_user
from devtime.kernel.clock import DAY_MS
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.ranges import TimeRange, named_range
from devtime.stats.streaks import fetch_streaks
from devtime.stats.tally import Tally
from devtime.web.charts.badge import BadgeStyle, draw_badge
from devtime.web.format import duration
from devtime.web.pages.frame import Page, read_word

METRICS = {
    "coding-time": "this week",
    "today": "today",
    "streak": "streak",
    "top-language": "mostly",
    "all-time": "all time",
}
"""What can be asked for, and the label beside it."""

_ANY_ORIGIN = {
    "Cache-Control": "public, max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
_DAYS_BACK = 7


@get("/badge/{username:str}/{metric:str}")
async def show_badge(
    request: AnyRequest, parts: NamedDependency[Parts], username: FromPath[str], metric: FromPath[str]
) -> Page:
    """The picture. Nobody can tell an account that is private from one that does not exist."""
    style: BadgeStyle = "flat-square" if read_word(request, "style") == "flat-square" else "flat"
    name = metric.removesuffix(".svg")
    if name not in METRICS:
        told = " · ".join(METRICS)
        return _answer(draw_badge("there is", told, style=style, is_told=False), 404)
    owner = await find_user(parts.database, username) if "@" not in username else None
    if owner is None or not owner.is_public or owner.is_disabled:
        return _answer(draw_badge("devtime", "profile private", style=style, is_told=False))
    message = await _tell(parts, owner, name)
    return _answer(draw_badge(METRICS[name], message or "not shown", style=style, is_told=bool(message)))


async def _tell(parts: Parts, owner: User, metric: str) -> str:
    """The message; empty where its owner does not show that."""
    zone, now_ms = owner.timezone, parts.clock()
    if metric == "streak":
        if not owner.profile_show_streak:
            return ""
        days = (await fetch_streaks(parts.database, owner.id, zone, now_ms)).current
        return f"{days} day" if days == 1 else f"{days} days"
    is_shown = owner.profile_show_languages if metric == "top-language" else owner.profile_show_activity
    if not is_shown:
        return ""
    tally = await _tally(parts, owner, metric, now_ms)
    if metric != "top-language":
        return duration(tally.total().active_ms)
    languages = {name: each.active_ms for name, each in tally.by("language").items() if name and each.active_ms}
    return max(languages, key=lambda name: languages[name]) if languages else "nothing yet"


async def _tally(parts: Parts, owner: User, metric: str, now_ms: int) -> Tally:
    today = named_range("today", now_ms, owner.timezone)
    if metric == "today":
        span = today
    elif metric == "all-time":
        span = named_range("all", now_ms, owner.timezone)
    else:
        span = TimeRange(start_ms=now_ms - _DAYS_BACK * DAY_MS, end_ms=today.end_ms, zone=owner.timezone)
    return await parts.tallies.fetch(owner.id, span)


def _answer(picture: str, status: int = 200) -> Page:
    return Response(content=picture.encode(), status_code=status, media_type="image/svg+xml", headers=dict(_ANY_ORIGIN))
