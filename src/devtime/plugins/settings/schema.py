"""`settings_schema` read into fields: the part of JSON Schema that a form can ask for.

An object whose properties are strings (also `format`: `secret`, `password`, `multiline`), numbers, integers, booleans,
choices (`enum`) and lists of strings, with `title`, `description`, `default`, bounds and `required`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, cast

import msgspec

from devtime.kernel.errors import Invalid

FieldKind = Literal["text", "long_text", "secret", "number", "integer", "switch", "choice", "lines", "several"]

MOST_FIELDS = 50
MOST_CHOICES = 100
MOST_TEXT = 10_000
MOST_LINES = 200

_NAME = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
_MOST_WORDS = {"title": 128, "description": 600}
_SECRET_FORMATS = ("secret", "password")
_LONG_FORMATS = ("multiline", "textarea", "markdown")


class Choice(msgspec.Struct, frozen=True):
    """One of the values to choose from, and what it is called."""

    value: str | int | float | bool
    label: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One setting. `minimum` and `maximum` bound numbers, the length of texts, or the length of lists."""

    name: str
    title: str
    kind: FieldKind
    description: str = ""
    default: Any = None
    is_required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()


def read_schema(schema: Any) -> tuple[Field, ...]:
    """The fields, in the order they are written. Invalid names the property that cannot be asked for."""
    if schema is None or schema == {}:
        return ()
    told = _object(schema, "settings_schema")
    if told.get("type", "object") != "object":
        raise Invalid("settings_schema.type", "is object: settings have names")
    properties = _object(told.get("properties", {}), "settings_schema.properties")
    if len(properties) > MOST_FIELDS:
        raise Invalid("settings_schema.properties", f"are {MOST_FIELDS} at most")
    required: Any = told.get("required", [])
    names = set(cast("list[Any]", required)) if _is_texts(required) else set[Any]()
    return tuple(_read_field(name, each, name in names) for name, each in properties.items())


def readable_fields(schema: Any) -> tuple[Field, ...]:
    """The fields that can be asked for, of a schema nobody checked: what is not understood is left out."""
    try:
        return read_schema(schema)
    except Invalid:
        pass
    told = cast("dict[str, Any]", schema) if isinstance(schema, dict) else {}
    properties: Any = told.get("properties")
    found: list[Field] = []
    for name, each in cast("dict[str, Any]", properties).items() if isinstance(properties, dict) else ():
        try:
            found.append(_read_field(str(name), each, False))
        except Invalid:
            continue
    return tuple(found[:MOST_FIELDS])


def defaults_of(fields: tuple[Field, ...]) -> dict[str, Any]:
    """What the settings are before anybody chose."""
    return {field.name: field.default for field in fields if field.default is not None}


def _read_field(name: str, schema: Any, is_required: bool) -> Field:
    path = f"settings_schema.properties.{name[:64]}"
    if not _NAME.fullmatch(name):
        raise Invalid(path, "is named with letters, digits, _, - and ., at most 64")
    told = _object(schema, path)
    kind, choices = _read_kind(told, path)
    lower, upper = {
        "number": ("minimum", "maximum"),
        "integer": ("minimum", "maximum"),
        "lines": ("minItems", "maxItems"),
        "several": ("minItems", "maxItems"),
    }.get(kind, ("minLength", "maxLength"))
    return Field(
        name=name,
        title=_words(told, "title", path) or _as_title(name),
        description=_words(told, "description", path),
        kind=kind,
        default=_read_default(told.get("default"), kind, choices, path),
        is_required=is_required,
        minimum=_bound(told, lower, path),
        maximum=_bound(told, upper, path),
        choices=choices,
    )


def _read_kind(told: Mapping[str, Any], path: str) -> tuple[FieldKind, tuple[Choice, ...]]:
    if "enum" in told:
        return "choice", _read_choices(told, path)
    named, style = told.get("type", "string"), told.get("format")
    if named == "string":
        if style in _SECRET_FORMATS or told.get("secret") is True or told.get("writeOnly") is True:
            return "secret", ()
        return "long_text" if style in _LONG_FORMATS else "text", ()
    if named == "array":
        items = _object(told.get("items", {}), f"{path}.items")
        if items.get("type", "string") != "string":
            raise Invalid(f"{path}.items", "are strings")
        return ("several", _read_choices(items, f"{path}.items")) if "enum" in items else ("lines", ())
    plain: dict[Any, FieldKind] = {"number": "number", "integer": "integer", "boolean": "switch"}
    kind = plain.get(named) if isinstance(named, str) else None
    if kind is None:
        raise Invalid(f"{path}.type", "is string, number, integer, boolean or array")
    return kind, ()


def _read_choices(told: Mapping[str, Any], path: str) -> tuple[Choice, ...]:
    values: Any = told["enum"]
    if not isinstance(values, list) or not 1 <= len(cast("list[Any]", values)) <= MOST_CHOICES:
        raise Invalid(f"{path}.enum", f"is a list of 1 to {MOST_CHOICES} values")
    labels: Any = told.get("enumNames") or told.get("x-labels") or []
    found: list[Choice] = []
    for at, value in enumerate(cast("list[Any]", values)):
        if not isinstance(value, str | int | float | bool) or (isinstance(value, str) and len(value) > 200):
            raise Invalid(f"{path}.enum", "has texts, numbers, true and false")
        label: Any = cast("list[Any]", labels)[at] if _is_texts(labels) and at < len(labels) else _as_word(value)
        found.append(Choice(value, str(label)[:200]))
    return tuple(found)


def _read_default(value: Any, kind: FieldKind, choices: tuple[Choice, ...], path: str) -> Any:
    if value is None or kind == "secret":
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_fit = {
        "text": isinstance(value, str),
        "long_text": isinstance(value, str),
        "secret": False,
        "number": is_number,
        "integer": is_number and value == int(value),
        "switch": isinstance(value, bool),
        "choice": any(value == choice.value for choice in choices),
        "lines": _is_texts(value),
        "several": _is_texts(value),
    }[kind]
    if not is_fit:
        raise Invalid(f"{path}.default", "does not fit its type")
    return value


def _bound(told: Mapping[str, Any], name: str, path: str) -> float | None:
    value = told.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e15 < value < 1e15:
        raise Invalid(f"{path}.{name}", "is a number")
    return float(value)


def _words(told: Mapping[str, Any], name: str, path: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str) or len(value) > _MOST_WORDS[name]:
        raise Invalid(f"{path}.{name}", f"is a text of {_MOST_WORDS[name]} characters at most")
    return value.strip()


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(path, "is an object")
    return {str(name): each for name, each in cast("dict[Any, Any]", value).items()}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in cast("list[Any]", value))


def _as_title(name: str) -> str:
    words = re.sub(r"[_.-]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)).strip().lower()
    return words[:1].upper() + words[1:] if words else name


def _as_word(value: str | float | bool) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)
