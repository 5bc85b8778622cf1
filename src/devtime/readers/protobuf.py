"""Protocol buffers without their schema: fields by number, as far as readers need them."""

from __future__ import annotations

from devtime.readers.fields import Unreadable

Fields = dict[int, list[int | bytes]]
"""Field number to its values, in order: whole numbers, or the bytes of texts and of messages."""

_BROKEN = "is no protocol buffer"
_FIXED = {1: 8, 5: 4}


def read_fields(data: bytes) -> Fields:
    """The fields of a message. Raises Unreadable; numbers of fixed width are passed over."""
    fields: Fields = {}
    at = 0
    while at < len(data):
        tag, at = _read_number(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _read_number(data, at)
        elif kind == 2:
            length, at = _read_number(data, at)
            value, at = data[at : at + length], at + length
        elif kind in _FIXED:
            value, at = None, at + _FIXED[kind]
        else:
            raise Unreadable(_BROKEN)
        if number == 0 or at > len(data):
            raise Unreadable(_BROKEN)
        if value is not None:
            fields.setdefault(number, []).append(value)
    return fields


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 2**64:
                break
            return value, at
    raise Unreadable(_BROKEN)


def number_in(fields: Fields, number: int) -> int:
    """The last number of the field; 0 when there is none."""
    return next((value for value in reversed(fields.get(number, [])) if isinstance(value, int)), 0)


def text_in(fields: Fields, number: int) -> str:
    """The last text of the field; `""` when there is none."""
    found = next((value for value in reversed(fields.get(number, [])) if isinstance(value, bytes)), b"")
    return found.decode("utf-8", "replace").strip()


def messages_in(fields: Fields, number: int) -> list[Fields]:
    """The messages of the field. Raises Unreadable."""
    return [read_fields(value) for value in fields.get(number, []) if isinstance(value, bytes)]


def message_in(fields: Fields, number: int) -> Fields:
    """The first message of the field; an empty one when there is none. Raises Unreadable."""
    found = messages_in(fields, number)
    return found[0] if found else {}
