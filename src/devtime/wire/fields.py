"""Reading single fields of a foreign item, and sealing the rest: what the three dialects share. Knows no dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.heartbeat import identify
from devtime.wire.text import LIMITS, clean, escape_surrogates, scrub

MOST_EXTRA_BYTES = 16 * 1024
MOST_EXTRA_DEPTH = 20
MOST_DURATION_S = 86_400
MOST_TOKENS = 2**53
_TOO_DEEP = f"fields DevTime does not know are nested more than {MOST_EXTRA_DEPTH} deep"

_ENCODE = msgspec.json.Encoder().encode
_WHOLE_NUMBER = re.compile(r"\d{1,16}", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,20})?", re.ASCII)
_FLAGS: dict[object, bool] = {"true": True, "false": False, "1": True, "0": False, "": False, "yes": True, "no": False}


class Unreadable(msgspec.Struct, frozen=True):
    """Stands in a batch for an item that could not be decoded, so that it is refused alone and in its place."""

    reason: str


def as_object(item: object) -> dict[str, Any]:
    """The item as a JSON object, or Invalid."""
    if type(item) is dict:
        return cast("dict[str, Any]", item)
    raise Invalid("", item.reason if isinstance(item, Unreadable) else "must be a JSON object")


def read_text(item: Mapping[str, Any], name: str, field: str) -> str:
    """The text called `name`, cleaned for `field`; "" when absent or null."""
    value = item.get(name)
    if value is None:
        return ""
    if type(value) is not str:
        raise Invalid(name, "must be text")
    return clean(value, field)


def read_kind(item: Mapping[str, Any], name: str) -> str:
    """The kind of activity, in lower case; some letters grow by that, so it is cut once more."""
    return read_text(item, name, "activity_type").lower()[: LIMITS["activity_type"]]


def read_either(item: Mapping[str, Any], first: str, second: str, field: str) -> str:
    """As `read_text` of `first`, or of `second` where `first` says nothing."""
    return read_text(item, first, field) or read_text(item, second, field)


def read_flag(item: Mapping[str, Any], name: str) -> bool:
    """A boolean, leniently: true, false, null, 0, 1 and the same as text."""
    value = item.get(name)
    if value is None or value is False:
        return False
    if value is True:
        return True
    if type(value) is str:
        flag = _FLAGS.get(value.strip().lower())
        if flag is not None:
            return flag
    elif type(value) in (int, float) and value in (0, 1):
        return bool(value)
    raise Invalid(name, "must be true or false")


def read_count(item: Mapping[str, Any], name: str) -> int | None:
    """A whole number of tokens, zero or more; None when absent."""
    value = item.get(name)
    if value is None:
        return None
    if (type(value) is str and _WHOLE_NUMBER.fullmatch(value.strip())) or (type(value) is float and value.is_integer()):
        value = int(value)
    if type(value) is not int:
        raise Invalid(name, "must be a whole number")
    if not 0 <= value <= MOST_TOKENS:
        raise Invalid(name, "must not be negative" if value < 0 else "is too large")
    return value


def read_duration(item: Mapping[str, Any], name: str = "duration") -> int | None:
    """Seconds declared, in whole milliseconds; None when absent. Zero is allowed, a day is the most."""
    value = item.get(name)
    if value is None:
        return None
    if type(value) is str and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if type(value) is not int and type(value) is not float:
        raise Invalid(name, "must be a number of seconds")
    if not 0 <= value <= MOST_DURATION_S:
        raise Invalid(name, "must not be negative" if value < 0 else f"must be at most {MOST_DURATION_S} seconds")
    return round(value * 1_000)


def keep_extra(item: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """What the client sent and no column holds, as it was sent; nulls say nothing and are left out."""
    extra = {name: value for name, value in item.items() if name not in known and value is not None}
    if not extra:
        return extra
    try:
        encoded = _ENCODE(extra)
    except (UnicodeEncodeError, RecursionError):
        if is_deeper(extra, MOST_EXTRA_DEPTH + 1):
            raise Invalid("", _TOO_DEEP) from None
        return keep_extra(scrub(extra), known)
    except ValueError:
        raise Invalid("", "holds a number of thousands of digits") from None
    if len(encoded) > MOST_EXTRA_BYTES:
        raise Invalid("", f"fields DevTime does not know take more than {MOST_EXTRA_BYTES} bytes")
    if encoded.count(b"[") + encoded.count(b"{") > MOST_EXTRA_DEPTH and is_deeper(extra, MOST_EXTRA_DEPTH + 1):
        raise Invalid("", _TOO_DEEP)
    if b"null" in encoded or b"\\u0000" in encoded:
        return {name: value for name, value in scrub(extra).items() if value is not None}
    return extra


def is_deeper(value: object, levels: int) -> bool:
    """Whether lists and objects are nested more than `levels` deep (walks level by level, never recursing)."""
    level: list[Any] = [value]
    for _ in range(levels):
        level = [part for whole in level for part in _parts(whole) if type(part) in (dict, list)]
        if not level:
            return False
    return True


def _parts(whole: Any) -> list[Any]:
    return list(cast("dict[str, Any]", whole).values()) if type(whole) is dict else whole


def seal(time_ms: int, item: Mapping[str, Any], time_names: frozenset[str]) -> int:
    """The identity of an item: of all it says save its time and its nulls, in the text it came in."""
    raw = {name: value for name, value in item.items() if value is not None and name not in time_names}
    try:
        return identify(time_ms, raw)
    except (RecursionError, ValueError):
        if is_deeper(raw, MOST_EXTRA_DEPTH + 1):
            raise Invalid("", "is nested too deeply") from None
    try:
        return identify(time_ms, escape_surrogates(raw))
    except ValueError:
        raise Invalid("", "holds a number of thousands of digits") from None
