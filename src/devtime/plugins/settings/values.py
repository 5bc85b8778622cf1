"""Values for the fields of a plugin: whether they fit, and why not, field by field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from devtime.plugins.settings.schema import MOST_LINES, MOST_TEXT, Field


def check_values(fields: tuple[Field, ...], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that fit, and what is wrong with the others by name. None, or nothing, is: not set.

    Names that are no field are passed over: a plugin keeps what it likes beside its settings.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        value = given.get(field.name)
        if value is None or (value in ("", []) and field.kind != "switch"):
            if field.is_required and field.kind != "switch":
                wrong[field.name] = "is needed"
            continue
        told = _complaint(field, value)
        if told:
            wrong[field.name] = told
        else:
            kept[field.name] = int(value) if field.kind == "integer" else value
    return kept, wrong


def _complaint(field: Field, value: Any) -> str:
    if field.kind in ("text", "long_text", "secret"):
        return _of_text(field, value)
    if field.kind in ("number", "integer"):
        return _of_number(field, value)
    if field.kind == "switch":
        return "" if isinstance(value, bool) else "is true or false"
    if field.kind == "choice":
        fits = any(
            value == each.value and isinstance(value, bool) == isinstance(each.value, bool) for each in field.choices
        )
        return "" if fits else "is none of the choices"
    return _of_list(field, value)


def _of_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        return "is a text"
    if "\x00" in value:
        return "holds a character that cannot be kept"
    if field.minimum is not None and len(value) < field.minimum:
        return f"has {field.minimum:g} characters at least"
    most = min(MOST_TEXT, field.maximum) if field.maximum is not None else MOST_TEXT
    return f"has {most:g} characters at most" if len(value) > most else ""


def _of_number(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e15:
        return "is a number"
    if field.kind == "integer" and value != int(value):
        return "is a whole number"
    if field.minimum is not None and value < field.minimum:
        return f"is {field.minimum:g} or more"
    return f"is {field.maximum:g} or less" if field.maximum is not None and value > field.maximum else ""


def _of_list(field: Field, value: Any) -> str:
    texts = cast("list[Any]", value) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in texts):
        return "is a list of texts"
    if any("\x00" in each or len(each) > MOST_TEXT for each in texts):
        return "holds a text that cannot be kept"
    names = {each.value for each in field.choices}
    if field.choices and not set(texts) <= names:
        return "is none of the choices"
    if field.minimum is not None and len(texts) < field.minimum:
        return f"has {field.minimum:g} entries at least"
    most = min(MOST_LINES, field.maximum) if field.maximum is not None else MOST_LINES
    return f"has {most:g} entries at most" if len(texts) > most else ""
