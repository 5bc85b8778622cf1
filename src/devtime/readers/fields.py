"""Values of a hostile log: JSON that may be anything into counts, times, texts and costs that can be believed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from devtime.kernel.clock import DAY_MS
from devtime.kernel.errors import Invalid
from devtime.wire.text import clean
from devtime.wire.times import parse_instant
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS, NANO

LATEST_MS = 4_102_444_800_000
"""2100-01-01T00:00:00Z: a reader has no clock, so this is all it knows of the future."""

_DIGITS = re.compile(r"\d{1,20}", re.ASCII)
_NOTHING: Mapping[str, object] = {}


class Unreadable(Exception):
    """A record cannot be counted. The message is a reason in our words, never a piece of the log."""


def parse_json(data: bytes) -> object:
    """The JSON value. Raises Unreadable for what is none.

    Agents cut texts in the middle of a character now and then. What that leaves (lone surrogates, broken UTF-8) costs
    no record: the slow parser takes it.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Unreadable("is no JSON") from None


def fields_of(value: object) -> Mapping[str, object]:
    """The object's fields; none for what is no object."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else _NOTHING


def items_of(value: object) -> list[object]:
    """The array's items; none for what is no array."""
    return cast("list[object]", value) if isinstance(value, list) else []


def count_of(value: object) -> int:
    """A count of tokens; absent is 0. Raises Unreadable for what is no count."""
    if type(value) is int:
        count = value
    elif value is None:
        return 0
    elif (type(value) is float and value.is_integer()) or (type(value) is str and _DIGITS.fullmatch(value)):
        count = int(value)
    else:
        raise Unreadable("a token count is not a whole number")
    if 0 <= count <= MOST_TOKENS:
        return count
    raise Unreadable("a token count is negative" if count < 0 else "a token count is too large to be true")


def first_count(fields: Mapping[str, object], *names: str) -> int:
    """The count under the first of the names that has one above 0."""
    return next((count for count in (count_of(fields.get(name)) for name in names) if count), 0)


def instant_of(value: object) -> int | None:
    """Epoch milliseconds of a time in any notation; None for what is no time between 2000 and 2100."""
    try:
        return parse_instant(value, LATEST_MS - DAY_MS)
    except Invalid:
        return None


def text_of(value: object, limit: str = "project") -> str:
    """The text as a column can keep it, `""` for what is none. `limit` is a name in `wire.text.LIMITS`."""
    return clean(value, limit) if isinstance(value, str) else ""


def first_text(*values: object) -> str:
    """The first of the values that is a text and not empty."""
    return next((text for text in map(text_of, values) if text), "")


def cost_of(value: object) -> int | None:
    """A cost in US dollars as whole billionths; None for what cannot be one."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= MOST_COST_NUSD / NANO:
        return None
    return round(value * NANO)


def folder_name(path: str) -> str:
    """The last part of a folder's path on any system: what people call the project in it."""
    return text_of(re.split(r"[/\\]", path.rstrip("/\\"))[-1])


def place_rest(total: int, known: int, output: int, extra: int) -> tuple[int, int]:
    """Output and extra tokens once the total's rest is in them: in output where there was none, else in extra.

    `known` is everything the log counts, output and extra included.
    """
    rest = max(total - known, 0)
    return (output + rest, extra) if output == 0 else (output, extra + rest)


def recall(memory: bytes) -> Mapping[str, object]:
    """What a reader remembered; nothing where that cannot be read."""
    try:
        return fields_of(parse_json(memory)) if memory else _NOTHING
    except Unreadable:
        return _NOTHING


def json_text(value: Mapping[str, Any]) -> bytes:
    """What a reader remembers, as bytes."""
    return msgspec.json.encode(value, order="deterministic")
