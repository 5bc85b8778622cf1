"""The time zone of this machine, by its IANA name. A status line asks every second: nothing heavy is imported."""

from __future__ import annotations

import os

from devtime.kernel.errors import Invalid
from devtime.kernel.zones import find_zone

_LINK = "/etc/localtime"
_NAME_FILE = "/etc/timezone"


def system_zone() -> str:
    """This machine's: TZ, where /etc/localtime leads, /etc/timezone; UTC where nothing tells."""
    told = os.environ.get("TZ", "").lstrip(":")
    if told and is_zone(told):
        return told
    for name in (_linked(), _written()):
        if name and is_zone(name):
            return name.removeprefix("Etc/") if name in ("Etc/UTC", "Etc/GMT") else name
    return "UTC"


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


def is_zone(name: str) -> bool:
    """Whether there is a zone of that name."""
    try:
        find_zone(name)
    except Invalid:
        return False
    return True
