"""From a probe's answer to checked lines, with the messages OpenUsage has for what is wrong. Pure.

The answer is what `prelude.js` made of the plugin's object: strings, booleans and finite numbers as they are, of any
other value its kind only. A bad line becomes an error badge in its place; the others stand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, cast

import msgspec

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
    error_line,
)

GENERIC = "The plugin failed, try again or contact plugin author."

_MOST_POINTS = 366
_MOST_PERIOD_MS = 2**64 - 1
_RFC3339 = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)

Fields = Mapping[str, object]


class Told(msgspec.Struct, frozen=True):
    """What a run answered: an answer, or how it came to none."""

    plan: str | None = None
    lines: list[dict[str, object] | None] | None = None
    thrown: str | None = None
    failure: str | None = None
    broken: str | None = None

    @property
    def error(self) -> str:
        """The text of a failure; empty where there is an answer."""
        if self.failure is not None:
            return self.failure
        if self.thrown is not None:
            return self.thrown.strip() or GENERIC
        return GENERIC if self.broken is not None else ""


class Answer(NamedTuple):
    """Lines, plan, and what was left out for the author to know."""

    plan: str | None
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()


class _Wrong(Exception):
    """A line that cannot be taken; the text is the badge's."""


def read_answer(told: Told) -> Answer:
    """The lines of an answer."""
    plan = told.plan or None
    if told.lines is None:
        return Answer(plan, (error_line("missing lines"),))
    if not told.lines:
        return Answer(plan, (error_line("no lines returned"),))
    lines: list[Line] = []
    warnings: list[str] = []
    for index, fields in enumerate(told.lines):
        if fields is None:
            return Answer(plan, (error_line(f"invalid line at index {index}"),))
        try:
            lines += _line(fields, index, warnings)
        except _Wrong as wrong:
            lines.append(error_line(str(wrong)))
    return Answer(plan, tuple(lines), tuple(warnings))


def _line(fields: Fields, index: int, warnings: list[str]) -> list[Line]:
    kind = _text(fields, "type")
    match kind:
        case "text":
            subtitle = _maybe(fields, "subtitle")
            return [Text(_text(fields, "label"), _text(fields, "value"), _maybe(fields, "color"), subtitle)]
        case "badge":
            subtitle = _maybe(fields, "subtitle")
            return [Badge(_text(fields, "label"), _text(fields, "text"), _maybe(fields, "color"), subtitle)]
        case "progress":
            is_first_generation = not {"used", "limit", "format"} & fields.keys() and {"value", "max"} & fields.keys()
            return [_first_progress(fields, index) if is_first_generation else _progress(fields, index, warnings)]
        case "barChart":
            return _chart(fields, index, warnings)
        case _:
            raise _Wrong(f"unknown line type at index {index}: {kind}")


def _progress(fields: Fields, index: int, warnings: list[str]) -> Progress:
    where = f"progress line at index {index}"
    used, limit = _number(fields, "used", where), _number(fields, "limit", where)
    _check_amounts(where, used, limit, "used", "limit")
    return Progress(
        _text(fields, "label"),
        used,
        limit,
        _format(fields, limit, where),
        _instant(fields, index, warnings),
        _period(fields, index, warnings),
        _maybe(fields, "color"),
    )


def _first_progress(fields: Fields, index: int) -> Progress:
    """`{value, max, unit?}` of the first generation."""
    where = f"progress line at index {index}"
    value, most = _number(fields, "value", where), _number(fields, "max", where)
    _check_amounts(where, value, most, "value", "max")
    shown: Format = Count("")
    match fields.get("unit"):
        case "percent":
            value, most, shown = value / most * 100, 100.0, Percent()
        case "dollars":
            shown = Dollars()
        case _:
            pass
    return Progress(_text(fields, "label"), value, most, shown, color=_maybe(fields, "color"))


def _check_amounts(where: str, used: float, limit: float, used_name: str, limit_name: str) -> None:
    if not math.isfinite(used) or used < 0:
        raise _Wrong(f"{where} invalid {used_name}: {spell_number(used)}")
    if not math.isfinite(limit) or limit <= 0:
        raise _Wrong(f"{where} invalid {limit_name}: {spell_number(limit)}")


def _format(fields: Fields, limit: float, where: str) -> Format:
    told = fields.get("format")
    if not isinstance(told, dict):
        raise _Wrong(f"{where} missing format")
    told = cast("Fields", told)
    kind = told.get("kind")
    if not isinstance(kind, str):
        raise _Wrong(f"{where} invalid format.kind (expected string)")
    match kind:
        case "percent":
            if limit != 100:
                raise _Wrong(f"{where}: percent format requires limit=100 (got {spell_number(limit)})")
            return Percent()
        case "dollars":
            return Dollars()
        case "count":
            suffix = told.get("suffix")
            if not isinstance(suffix, str):
                raise _Wrong(f"{where}: count format suffix must be a string")
            if not suffix.strip():
                raise _Wrong(f"{where}: count format suffix must be non-empty")
            return Count(suffix.strip())
        case _:
            raise _Wrong(f"{where} invalid format.kind: {kind}")


def _instant(fields: Fields, index: int, warnings: list[str]) -> str | None:
    told = fields.get("resetsAt")
    if told is None:
        return None
    if not isinstance(told, str):
        warnings.append(f"invalid resetsAt at index {index} (non-string), omitting")
        return None
    text = told.strip()
    if not text or _RFC3339.fullmatch(text):
        return text or None
    _, _, time = text.partition("T")
    if time and not time.endswith("Z") and "+" not in time and "-" not in time and _RFC3339.fullmatch(f"{text}Z"):
        return f"{text}Z"
    warnings.append(f"invalid resetsAt at index {index} (value='{told[:100]}'), omitting")
    return None


def _period(fields: Fields, index: int, warnings: list[str]) -> int | None:
    told = fields.get("periodDurationMs")
    if told is None:
        return None
    number = _maybe_number(told)
    if number is None:
        warnings.append(f"invalid periodDurationMs at index {index} (non-number), omitting")
        return None
    period = 0 if math.isnan(number) or number <= 0 else int(min(number, _MOST_PERIOD_MS))
    if period <= 0:
        warnings.append(f"periodDurationMs at index {index} must be positive, omitting")
        return None
    return period


def _chart(fields: Fields, index: int, warnings: list[str]) -> list[Line]:
    where = f"barChart line at index {index}"
    told = fields.get("points")
    if not isinstance(told, list):
        raise _Wrong(f"{where} missing points")
    given = cast("Sequence[Fields | None]", told)
    if len(given) > _MOST_POINTS:
        warnings.append(f"{where} has more than {_MOST_POINTS} points; the rest is left out")
    points: list[Point] = []
    lines: list[Line] = []
    for at, fields_of_point in enumerate(given[:_MOST_POINTS]):
        try:
            points.append(_point(fields_of_point, where, at))
        except _Wrong as wrong:
            lines.append(error_line(str(wrong)))
    if not points:
        return [*lines, error_line(f"{where} has no valid points")]
    chart = BarChart(_text(fields, "label"), tuple(points), _maybe_filled(fields, "note"), _maybe(fields, "color"))
    return [*lines, chart]


def _point(fields: Fields | None, where: str, at: int) -> Point:
    if fields is None:
        raise _Wrong(f"{where} has invalid point at index {at}")
    label = _text(fields, "label").strip()
    if not label:
        raise _Wrong(f"{where} has empty point label at index {at}")
    value = _maybe_number(fields.get("value"))
    if value is None or not math.isfinite(value) or value < 0:
        raise _Wrong(f"{where} point {at} invalid value")
    return Point(label, value, _maybe_filled(fields, "valueLabel"))


def _number(fields: Fields, name: str, where: str) -> float:
    number = _maybe_number(fields.get(name))
    if number is None:
        raise _Wrong(f"{where} invalid {name} (expected number)")
    return number


def _maybe_number(value: object) -> float | None:
    """A JavaScript number, those that JSON has no word for included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict):
        word = cast("Fields", value).get("number")
        return float(word.replace("Infinity", "inf")) if word in ("NaN", "Infinity", "-Infinity") else None  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType] -- one of three strings
    return None


def spell_number(number: float) -> str:
    """As OpenUsage writes it: no exponent, no `.0`, `NaN`, `inf`."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _maybe(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _maybe_filled(fields: Fields, name: str) -> str | None:
    return (_maybe(fields, name) or "").strip() or None
