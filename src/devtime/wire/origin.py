"""What a request tells beside its items: who sent it, from which machine, and when it came. No parsing of bodies."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import msgspec

from devtime.wire.text import clean

_QUERY_ESCAPED = re.compile(r"(?:[A-Za-z0-9_.~+-]|%[0-9A-Fa-f]{2})+")
_PYTHON_RUNTIME = re.compile(r"\bPython\d")


class Origin(msgspec.Struct, frozen=True, gc=False):
    """The circumstances of a request. They fill gaps of its items and never enter an item's identity."""

    user_agent: str
    machine: str
    received_ms: int


def read_origin(user_agent: str, machine: str, received_ms: int) -> Origin:
    """An Origin from the `User-Agent` and `X-Machine-Name` headers as they came ("" when absent)."""
    user_agent = clean(_mend_bytes(user_agent), "user_agent")
    return Origin(user_agent, clean(_unescape(_mend_bytes(machine), user_agent), "machine"), received_ms)


def _mend_bytes(header: str) -> str:
    """HTTP servers hand headers over as Latin-1; clients that put UTF-8 there are read as they meant it."""
    if header.isascii():
        return header
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _unescape(machine: str, user_agent: str) -> str:
    """Clients in Go escape the name as in a query, those in Python send it raw."""
    if _PYTHON_RUNTIME.search(user_agent) or not _QUERY_ESCAPED.fullmatch(machine):
        return machine
    return unquote_plus(machine)
