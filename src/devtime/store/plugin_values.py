"""How values cross between plugins and PostgreSQL: parameters untyped, results as what JSON has.

A parameter is told as text and PostgreSQL decides what it is. Results: whole numbers exact to 2^53 and texts beyond,
other numbers as numbers, jsonb as it is, instants and dates in ISO 8601, everything else as text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

_EXACT = 2**53


def encode(value: object) -> str:
    """A parameter as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    return msgspec.json.encode(value).decode()


def _whole(text: str) -> int | str:
    number = int(text)
    return number if abs(number) <= _EXACT else text


def _number(text: str) -> int | float | str | None:
    if "." not in text and text.lstrip("-").isdigit():
        return _whole(text)
    number = float(text)
    if math.isnan(number):
        return None
    if math.isinf(number):
        return text
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def _instant(text: str) -> str:
    """`2026-01-02 03:04:05.6+00` as `2026-01-02T03:04:05.6Z`; infinity stays."""
    return text.replace(" ", "T", 1).replace("+00", "Z") if text[:1].isdigit() else text


def _local_time(text: str) -> str:
    return text.replace(" ", "T", 1)


def _text(text: str) -> str:
    return text


def _is_true(text: str) -> bool:
    return text in ("t", "true")


DECODERS: dict[str, Callable[[str], Any]] = {
    "bool": _is_true,
    "int2": _whole,
    "int4": _whole,
    "int8": _whole,
    "float4": _number,
    "float8": _number,
    "numeric": _number,
    "text": _text,
    "varchar": _text,
    "bpchar": _text,
    "char": _text,
    "name": _text,
    "uuid": _text,
    "date": _text,
    "time": _text,
    "timetz": _text,
    "timestamp": _local_time,
    "timestamptz": _instant,
    "interval": _text,
    "json": msgspec.json.decode,
    "jsonb": msgspec.json.decode,
    "bytea": _text,
}
"""How each type's text is read, by PostgreSQL's name of the type."""
