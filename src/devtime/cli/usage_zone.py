"""Whose days are meant: the zone of `--timezone`, or this machine's, by its IANA name."""

from __future__ import annotations

import os
from datetime import date, datetime

from devtime.kernel.errors import Invalid
from devtime.kernel.zones import find_zone

_LINK = "/etc/localtime"
_NAME_FILE = "/etc/timezone"


def choose_zone(given: str) -> str:
    """The zone's name. `local` or nothing is this machine's; Invalid, with the nearest names, for an unknown one."""
    if given in ("", "local"):
        return system_zone()
    if _is_zone(given):
        return given
    raise Invalid("--timezone", _advice(given))


def system_zone() -> str:
    """This machine's: TZ, where /etc/localtime leads, /etc/timezone; UTC where nothing tells."""
    told = os.environ.get("TZ", "").lstrip(":")
    if told and _is_zone(told):
        return told
    for name in (_linked(), _written()):
        if name and _is_zone(name):
            return name.removeprefix("Etc/") if name in ("Etc/UTC", "Etc/GMT") else name
    return "UTC"


def today_in(zone: str, now_ms: int) -> date:
    """The date it is there."""
    return datetime.fromtimestamp(now_ms / 1000, find_zone(zone)).date()


def local_time(instant_ms: int, zone: str) -> datetime:
    """The instant on the clocks there."""
    return datetime.fromtimestamp(instant_ms / 1000, find_zone(zone))


def _linked() -> str:
    try:
        _, found, name = os.path.realpath(_LINK).partition("zoneinfo/")
    except OSError:
        return ""
    return name if found else ""


def _written() -> str:
    try:
        with open(_NAME_FILE, encoding="utf-8") as file:  # noqa: PTH123  pathlib takes longer than everything here
            return file.readline(100).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_zone(name: str) -> bool:
    try:
        find_zone(name)
    except Invalid:
        return False
    return True


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
