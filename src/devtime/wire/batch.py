"""From the bytes of a request to its items. Tolerant of encodings clients get wrong; knows nothing of heartbeats.

The usual body is decoded by msgspec. Only what it refuses (lone surrogates, numbers out of range, control
characters, bytes that are not UTF-8, deep nesting) is decoded again, slower, so that a bad item costs no other.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import cast

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.fields import Unreadable

_BOM = b"\xef\xbb\xbf"
_MOST_NESTING = 10_000
_MOST_PARTS = 100_000
# A string that never ends is one token too: were it none, each quote in it would be searched for an end of its own.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
_TOO_DEEP = Unreadable("is nested too deeply")


def decode_items(body: bytes, envelope: str = "") -> list[object]:
    """The items of a body: of a JSON array, of a single object, or of the list an object holds under `envelope`.

    A body that is a JSON text inside a JSON string is decoded twice. An item that cannot be decoded is there as
    an Unreadable.
    Raises Invalid("", …) with the position when the body as a whole is no JSON.
    """
    value = _decode(body.removeprefix(_BOM), envelope)
    if type(value) is str:
        value = _decode(value.encode("utf-8", "surrogatepass"), envelope)
    if type(value) is dict:
        fields = cast("dict[str, object]", value)
        enclosed = fields.get(envelope) if envelope else None
        value = cast("list[object]", enclosed) if type(enclosed) is list else [fields]
    if type(value) is list:
        return cast("list[object]", value)
    raise Invalid("", "must be a JSON object or an array of them")


def is_array(body: bytes) -> bool:
    """Whether the body begins as an array does, also inside a JSON string; what follows is not looked at."""
    return body.removeprefix(_BOM).lstrip(b' \t\r\n"')[:1] == b"["


def _decode(body: bytes, envelope: str) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    if not body.strip():
        raise Invalid("", "the body is empty")
    text = body.decode("utf-8", "replace")
    try:
        return _decode_leniently(text)
    except json.JSONDecodeError as error:
        raise Invalid("", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        return [_decode_part(part) for part in _split_array(text, envelope)]


def _decode_leniently(text: str) -> object:
    return json.loads(text, strict=False, parse_int=_whole, parse_float=_finite, parse_constant=_nothing)


def _decode_part(text: str) -> object:
    try:
        return _decode_leniently(text)
    except json.JSONDecodeError as error:
        return Unreadable(f"not JSON: {error.msg}")
    except RecursionError:
        return _TOO_DEEP


def _split_array(text: str, envelope: str) -> list[str]:
    """The texts of an array's items, found by counting brackets; no recursion."""
    opening = re.match(rf'\s*(?:\{{\s*"{re.escape(envelope)}"\s*:\s*)?\[', text)
    if not opening:
        raise Invalid("", "is nested too deeply")
    start = opening.end()
    parts: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(text, start):
        mark = match[0]
        if mark in "[{":
            depth += 1
            if depth > _MOST_NESTING:
                raise Invalid("", "is nested too deeply")
        elif depth and mark in "]}":
            depth -= 1
        elif not depth and mark in ",]":
            parts.append(text[start : match.start()])
            start = match.end()
            if mark == "]":
                return parts
            if len(parts) >= _MOST_PARTS:
                raise Invalid("", f"is nested too deeply, and holds more than {_MOST_PARTS:,} items")
    raise Invalid("", f"not JSON: the array that begins the body never ends (read {len(text)} characters)")


def _whole(digits: str) -> int | str:
    """Numbers of hundreds of digits stay text."""
    return int(digits) if len(digits) < 300 else digits


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _nothing(_: str) -> None:
    """NaN and Infinity are no JSON; what they stand for is nothing."""
