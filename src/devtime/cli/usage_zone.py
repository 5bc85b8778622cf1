"""Whose days are meant: the zone of `--timezone`, or this machine's, by its IANA name."""

from __future__ import annotations

from datetime import date, datetime

from devtime.home.zone import is_zone, system_zone
from devtime.kernel.errors import Invalid
from devtime.kernel.zones import find_zone


def choose_zone(given: str) -> str:
    """The zone's name. `local` or nothing is this machine's; Invalid, with the nearest names, for an unknown one."""
    if given in ("", "local"):
        return system_zone()
    if is_zone(given):
        return given
    raise Invalid("--timezone", _advice(given))


def today_in(zone: str, now_ms: int) -> date:
    """The date it is there."""
    return datetime.fromtimestamp(now_ms / 1000, find_zone(zone)).date()


def local_time(instant_ms: int, zone: str) -> datetime:
    """The instant on the clocks there."""
    return datetime.fromtimestamp(instant_ms / 1000, find_zone(zone))


def _advice(given: str) -> str:
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    names = sorted(available_timezones())
    word = given.strip().replace(" ", "_")
    near = [name for name in names if name.casefold() == word.casefold()]
    near = near or [name for name in names if word and name.casefold().endswith("/" + word.casefold())]
    near = near or get_close_matches(word, names, n=3)
    meant = f" Did you mean {' or '.join(near[:3])}?" if near else " Write an IANA name such as Europe/Berlin or UTC."
    return f"{given[:40]!r} is not a time zone.{meant}"
