"""What machines send of their limits: a batch of snapshots, read item by item.

Reading is lenient in the house's way: a line that cannot be used costs no other, text is cleaned and cut, and nothing
is longer than a page can hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from devtime.kernel.errors import Invalid
from devtime.limits.sources import Link, Source, Told
from devtime.plugins.kinds.probe.lines import (
    Badge,
    BarChart,
    Count,
    Dollars,
    Format,
    Line,
    Percent,
    Point,
    Progress,
    Text,
)
from devtime.plugins.kinds.probe.pace import resets_at_ms
from devtime.wire.batch import decode_items, is_array
from devtime.wire.fields import as_object, read_text
from devtime.wire.text import clean
from devtime.wire.times import EARLIEST_MS, parse_instant

MOST_SNAPSHOTS = 200
"""Snapshots of one batch."""

_MOST_LINES = 60
_MOST_POINTS = 366
_MOST_LINKS = 8
_MOST_ICON = 24 * 1024
_MOST_PERIOD_MS = 10 * 366 * 86_400_000
_MOST_NUMBER = 1e15
_LATEST_MS = 4_102_444_800_000
_ICON = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", re.ASCII)
_INSTANT = re.compile(r"[\d-]{10}[Tt][\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)


class LimitsBatch(msgspec.Struct, frozen=True):
    """A body taken apart: nothing of its items is read yet."""

    machine: str
    snapshots: list[object]


def decode_limits_batch(body: bytes, machine: str = "") -> LimitsBatch:
    """The parts of the body; `machine` is who sent it if the body does not tell. Raises Invalid."""
    items = [] if is_array(body) else decode_items(body)
    if len(items) != 1:
        raise Invalid("", "must be a JSON object with machine and snapshots")
    whole = as_object(items[0])
    machine = read_text(whole, "machine", "machine") or machine
    if not machine:
        raise Invalid("machine", "is required: the name of the machine whose limits these are")
    return LimitsBatch(machine, _list_of(whole, "snapshots"))


def read_told(item: object, machine: str, received_ms: int) -> Told:
    """The snapshot of one decoded item. Raises Invalid(field, reason)."""
    item = as_object(item)
    plugin, instance = _name(item, "plugin"), _name(item, "instance")
    if not plugin:
        raise Invalid("plugin", "is required")
    at = item.get("at_ms")
    if at is None:
        raise Invalid("at_ms", "is required")
    lines = tuple(line for each in _list_of(item, "lines")[:_MOST_LINES] if (line := read_line(each)) is not None)
    error = _text(item.get("error"), 500)
    if not lines and not error:
        raise Invalid("lines", "are required where there is no error")
    fetched = None
    if error and lines and item.get("fetched_at_ms") is not None:
        fetched = parse_instant(item.get("fetched_at_ms"), received_ms, "fetched_at_ms")
    next_at = item.get("next_at_ms")
    icon = item.get("icon")
    is_icon = type(icon) is str and len(icon) <= _MOST_ICON and _ICON.fullmatch(icon)
    return Told(
        source=Source(machine, plugin, instance),
        at_ms=parse_instant(at, received_ms, "at_ms"),
        display_name=_text(item.get("display_name"), 128) or plugin,
        plan=_text(item.get("plan"), 128),
        lines=lines if fetched is not None or not error else (),
        error=error,
        fetched_at_ms=fetched,
        overview=tuple(filter(None, (_text(each, 128) for each in _list_of(item, "overview")[:_MOST_LINES]))),
        icon=cast("str", icon) if is_icon else None,
        brand_color=_colour(item.get("brand_color")),
        links=tuple(filter(None, map(_link, _list_of(item, "links")[:_MOST_LINKS]))),
        next_at_ms=None if next_at is None else _soon(next_at, received_ms),
    )


def read_line(item: object) -> Line | None:
    """One line as the host spells it; None for what is none, or cannot be shown."""
    if type(item) is not dict:
        return None
    line = cast("dict[str, Any]", item)
    label, kind = _text(line.get("label"), 128) or "", line.get("type")
    colour, subtitle = _colour(line.get("color")), _text(line.get("subtitle"), 256)
    if kind == "text":
        return Text(label, _text(line.get("value"), 512) or "", colour, subtitle)
    if kind == "badge":
        return Badge(label, _text(line.get("text"), 512) or "", colour, subtitle)
    if kind == "progress":
        return _progress(line, label, colour)
    if kind == "barChart":
        told = line.get("points")
        told_points = cast("list[object]", told)[:_MOST_POINTS] if type(told) is list else []
        points = tuple(filter(None, map(_point, told_points)))
        return BarChart(label, points, _text(line.get("note"), 512), colour) if points else None
    return None


def _progress(line: Mapping[str, Any], label: str, colour: str | None) -> Progress | None:
    used, limit, how = _number(line.get("used")), _number(line.get("limit")), _format(line.get("format"))
    if used is None or not limit or how is None:
        return None
    period = line.get("periodDurationMs")
    is_period = type(period) is int and 0 < period <= _MOST_PERIOD_MS
    resets_at = line.get("resetsAt")
    told = Progress(
        label,
        used,
        limit,
        how,
        resets_at if type(resets_at) is str and _INSTANT.fullmatch(resets_at) else None,
        cast("int", period) if is_period else None,
        colour,
    )
    reset_ms = resets_at_ms(told)
    is_reset = reset_ms is not None and EARLIEST_MS <= reset_ms <= _LATEST_MS
    return told if is_reset else msgspec.structs.replace(told, resets_at=None)


def _format(value: object) -> Format | None:
    told = cast("dict[str, Any]", value) if type(value) is dict else {}
    match told.get("kind"):
        case "percent":
            return Percent()
        case "dollars":
            return Dollars()
        case "count":
            return Count(_text(told.get("suffix"), 32) or "")
        case _:
            return None


def _point(item: object) -> Point | None:
    if type(item) is not dict:
        return None
    point = cast("dict[str, Any]", item)
    label, value = _text(point.get("label"), 64), _number(point.get("value"))
    return Point(label, value, _text(point.get("valueLabel"), 64)) if label and value is not None else None


def _link(item: object) -> Link | None:
    if type(item) is not dict:
        return None
    told = cast("dict[str, Any]", item)
    label, url = _text(told.get("label"), 64), _text(told.get("url"), 512)
    return Link(label, url) if label and url and url.startswith(("https://", "http://")) else None


def _name(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    if value is None or value == "":
        return ""
    if type(value) is not str or not _NAME.fullmatch(value):
        raise Invalid(field, "must be a short name of letters, digits, dots, dashes and underscores")
    return value


def _text(value: object, most: int) -> str | None:
    """Cleaned and cut; None where there is nothing to read."""
    return (clean(value, "folder")[:most] or None) if type(value) is str else None


def _colour(value: object) -> str | None:
    return value if type(value) is str and _COLOUR.fullmatch(value) else None


def _number(value: object) -> float | None:
    if type(value) not in (int, float):
        return None
    number = cast("float", value)
    return float(number) if 0 <= number <= _MOST_NUMBER else None


def _soon(value: object, received_ms: int) -> int | None:
    """When the machine asks again: not before now by much, not beyond a week."""
    if type(value) is not int:
        return None
    return value if received_ms - 86_400_000 <= value <= received_ms + 7 * 86_400_000 else None


def _list_of(whole: Mapping[str, Any], name: str) -> list[object]:
    value = whole.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise Invalid(name, "must be a list")
    return cast("list[object]", value)
