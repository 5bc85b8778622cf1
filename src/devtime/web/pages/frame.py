"""What every page handler shares: the chrome, who reads, what the address asks, and the answer as HTML or JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, cast

import msgspec
from litestar import Response
from litestar.datastructures import Cookie

from devtime import __version__
from devtime.accounts.members import UNDOABLE_MS
from devtime.kernel.clock import from_datetime
from devtime.kernel.errors import Invalid
from devtime.kernel.zones import find_zone
from devtime.server.credentials import PLAIN_COOKIE, SECURE_COOKIE
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.filters import DIMENSIONS, Dimension, Filters
from devtime.stats.ranges import TimeRange, named_range
from devtime.web.compose.reader import Reader
from devtime.web.format import moment
from devtime.web.render import render
from devtime.web.views.chrome import Chrome, Flash, Theme
from devtime.wire.text import clean
from devtime.wire.times import parse_instant

Page = Response[bytes]

THEME_COOKIE = "theme"
FLASH_COOKIE = "flash"
SKIN = "/theme.css"
"""The style sheet of the reader's theme, which every page of theirs asks for."""
_FIRST_YEAR, _LAST_YEAR = 1999, 2200
_MOST_NAMES = 100
_LAST_PAGE = 100_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_THEMES: dict[str, Theme] = {"auto": "auto", "light": "light", "dark": "dark"}


def reader_of(parts: Parts, identity: Identity) -> Reader:
    """The user's eyes on the store, now."""
    return Reader(
        database=parts.database,
        tallies=parts.tallies,
        ask_cards=parts.prices.cards,
        user_id=identity.user_id,
        zone=identity.timezone,
        week_start=identity.week_start,
        now_ms=parts.clock(),
    )


def chrome_of(
    request: AnyRequest, identity: Identity | None, *, is_live: bool = False, skin: str = "", side: str = ""
) -> Chrome:
    """The frame of a page for whoever is signed in. `skin` and `side` are those of a theme that is only tried."""
    query = request.url.query
    return Chrome(
        path=request.url.path + (f"?{query}" if query else ""),
        version=__version__,
        user_name=identity.username if identity else None,
        role=identity.role if identity else "member",
        theme=_THEMES.get(side or request.cookies.get(THEME_COOKIE, ""), "auto"),
        flash=_read_flash(request.cookies.get(FLASH_COOKIE, "")),
        is_live=is_live,
        skin=skin or (SKIN if identity else ""),
        leaving=_leaving(identity),
        is_stranger=PLAIN_COOKIE not in request.cookies and SECURE_COOKIE not in request.cookies,
    )


def _leaving(identity: Identity | None) -> str:
    if identity is None or identity.deletion_asked_ms is None:
        return ""
    return moment(identity.deletion_asked_ms + UNDOABLE_MS, identity.timezone)


def answer_html(name: str, view: object, chrome: Chrome, status: int = 200) -> Page:
    """The page; a flash it showed is forgotten. No browser keeps it, so going back after signing out shows nothing."""
    response: Page = Response(
        content=render(name, view, chrome).encode(),
        status_code=status,
        media_type="text/html",
        headers={"Cache-Control": "no-store"},
    )
    if chrome.flash is not None:
        response.delete_cookie(FLASH_COOKIE)
    return response


def answer_json(view: object) -> Page:
    """The `.json` twin: the same view, as data."""
    return Response(content=_ENCODER.encode(view), media_type="application/json", headers={"Cache-Control": "no-store"})


def go_to(path: str, told: str = "", *, kind: Literal["done", "failed"] = "done") -> Page:
    """See another page (303), with a message to show there once."""
    value = f"{kind}:{told}".encode().hex()
    cookies = [Cookie(FLASH_COOKIE, value=value, max_age=60, httponly=True, samesite="lax")]
    return Response(content=b"", status_code=303, headers={"Location": path}, cookies=cookies if told else [])


def _read_flash(value: str) -> Flash | None:
    try:
        kind, _, told = bytes.fromhex(value).decode().partition(":")
    except (ValueError, UnicodeDecodeError):
        return None
    return Flash(told, "failed" if kind == "failed" else "done") if told else None


def read_filters(request: AnyRequest) -> Filters:
    """The filters in the query: any dimension, any number of times, and `agents=only`; empty values are ignored."""
    found = {dimension: _names(request, dimension) for dimension in DIMENSIONS}
    return Filters(**found, only_agents=bool(read_word(request, "agents")))


def _names(request: AnyRequest, dimension: Dimension) -> tuple[str, ...]:
    """Names as they are stored, which is cleaned. Each makes every link of the page longer."""
    values = cast("list[str]", request.query_params.getall(dimension, []))
    if len(values) > _MOST_NAMES:
        raise Invalid(dimension, f"is given more than {_MOST_NAMES} times")
    return tuple(name for name in (clean(value, dimension) for value in values) if name)


def read_word(request: AnyRequest, name: str, default: str = "") -> str:
    """One query parameter as text."""
    return cast("str", request.query_params.get(name, default))


def read_page(request: AnyRequest) -> int:
    """The number of a page of a long list, from 1."""
    word = read_word(request, "page", "1")
    if not (word.isascii() and word.isdigit() and len(word) < 7) or not 1 <= int(word) <= _LAST_PAGE:
        raise Invalid("page", "is not a page number")
    return int(word)


def read_day(text: str, field: str) -> date:
    """A date as `2025-01-15`; Invalid if it is none, or beyond what can be recorded."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(field, "is not a date such as 2025-01-15") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Invalid(field, f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def read_span(request: AnyRequest, now_ms: int, zone: str) -> TimeRange:
    """The stretch of time between the instants `start` and `end`; a named range, or today, when neither is told."""
    start, end = read_word(request, "start"), read_word(request, "end")
    if not start and not end:
        return named_range(read_word(request, "range", "today") or "today", now_ms, zone)
    if not start or not end:
        raise Invalid("end" if start else "start", "is missing: a stretch of time has a start and an end")
    start_ms, end_ms = read_moment(start, "start", now_ms, zone), read_moment(end, "end", now_ms, zone)
    if end_ms <= start_ms:
        raise Invalid("end", "must come after start")
    return TimeRange(start_ms=start_ms, end_ms=end_ms, zone=zone)


def read_moment(text: str, field: str, now_ms: int, zone: str) -> int:
    """An instant, or local time as a form spells it (`2025-01-15T09:30`): epoch milliseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return parse_instant(text, now_ms, field)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise Invalid(field, f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=find_zone(zone)))
