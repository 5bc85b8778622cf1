"""The settings a plugin has: which schemas are understood, and whether settings fit one.

A small part of JSON Schema, each keyword checked (docs/decisions/0013-the-store.md); a schema with another keyword is
refused, so that no author believes in a rule that nobody keeps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.settings.schema import read_schema as read_fields

MOST_PROPERTIES = 50
MOST_SCHEMA_BYTES = 32_768
MOST_SETTINGS_BYTES = 65_536

_FIELD = "settings_schema"
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TOLD = {"title", "description", "default", "examples", "$comment"}
_BY_TYPE: Mapping[str, set[str]] = {
    "string": {"enum", "minLength", "maxLength", "format"},
    "integer": {"enum", "minimum", "maximum"},
    "number": {"enum", "minimum", "maximum"},
    "boolean": set(),
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
}
_FORMATS = ("color", "date", "email", "password", "secret", "textarea", "time", "uri")
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems")
_ROOT = {"type", "properties", "required", "title", "description", "$schema", "$id", "$comment", "additionalProperties"}

Schema = Mapping[str, Any]


def read_schema(told: Any) -> dict[str, Any]:
    """The schema, checked; `{}` when a plugin has no settings."""
    schema = _object(told, _FIELD)
    if not schema:
        return schema
    if len(msgspec.json.encode(schema)) > MOST_SCHEMA_BYTES:
        raise Invalid(_FIELD, f"is larger than {MOST_SCHEMA_BYTES:,} bytes")
    _only(schema, _ROOT, _FIELD)
    if schema.get("type", "object") != "object":
        raise Invalid(_FIELD, "describes an object")
    properties = _object(schema.get("properties", {}), f"{_FIELD}.properties")
    if len(properties) > MOST_PROPERTIES:
        raise Invalid(_FIELD, f"has {MOST_PROPERTIES} properties at most")
    for name, rule in properties.items():
        place = f"{_FIELD}.properties.{name[:64]}"
        if not _KEY.fullmatch(name):
            raise Invalid(place, "is named by letters, digits, dashes and underscores")
        _check_rule(_object(rule, place), place)
    required = schema.get("required", [])
    if not isinstance(required, list) or any(name not in properties for name in cast("list[Any]", required)):
        raise Invalid(f"{_FIELD}.required", "lists properties of the schema")
    # What is published can be asked for: the form's reader has the last word.
    read_fields(schema)
    return schema


def defaults_of(schema: Schema | None) -> dict[str, Any]:
    """What the settings are until somebody chose."""
    return {name: rule["default"] for name, rule in _properties(schema).items() if "default" in rule}


def check_settings(schema: Schema | None, told: Any) -> dict[str, Any]:
    """The settings, if they fit the schema; Invalid names the setting. Without a schema any object fits."""
    settings = _object(told, "settings")
    if len(msgspec.json.encode(settings)) > MOST_SETTINGS_BYTES:
        raise Invalid("settings", f"are larger than {MOST_SETTINGS_BYTES:,} bytes")
    if not schema:
        return settings
    properties = _properties(schema)
    for name, value in settings.items():
        if name not in properties:
            raise Invalid(f"settings.{name[:64]}", "is no setting of this plugin")
        _check_value(properties[name], value, f"settings.{name}")
    for name in schema.get("required", []):
        if name not in settings and "default" not in properties[name]:
            raise Invalid(f"settings.{name}", "is missing")
    return settings


def _properties(schema: Schema | None) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", (schema or {}).get("properties", {}))


def _check_rule(rule: dict[str, Any], place: str, *, is_item: bool = False) -> None:
    kind = rule.get("type")
    if not isinstance(kind, str) or kind not in _BY_TYPE or (is_item and kind == "array"):
        raise Invalid(f"{place}.type", f"is one of {', '.join(_BY_TYPE)}")
    _only(rule, {"type", *_TOLD, *_BY_TYPE[kind]}, place)
    for name in ("title", "description"):
        if name in rule and not isinstance(rule[name], str):
            raise Invalid(f"{place}.{name}", "is a text")
    for name in _LENGTHS:
        if name in rule and not _is_whole(rule[name], 0):
            raise Invalid(f"{place}.{name}", "is a whole number")
    for name in ("minimum", "maximum"):
        if name in rule and not _is_number(rule[name]):
            raise Invalid(f"{place}.{name}", "is a number")
    if rule.get("format", "uri") not in _FORMATS:
        raise Invalid(f"{place}.format", f"is one of {', '.join(_FORMATS)}")
    if kind == "array":
        _check_rule(_object(rule.get("items"), f"{place}.items"), f"{place}.items", is_item=True)
    choices = rule.get("enum", [0])
    if not isinstance(choices, list) or not 0 < len(cast("list[Any]", choices)) <= 100:
        raise Invalid(f"{place}.enum", "lists 1 to 100 values")
    plain = {name: value for name, value in rule.items() if name != "enum"}
    for choice in cast("list[Any]", rule.get("enum", [])):
        _check_value(plain, choice, f"{place}.enum")
    if "default" in rule:
        _check_value(rule, rule["default"], f"{place}.default")


def _check_value(rule: Mapping[str, Any], value: Any, place: str) -> None:
    kind: str = rule["type"]
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": _is_number(value),
        "integer": _is_whole(value),
        "array": isinstance(value, list),
    }[kind]
    if not fits:
        raise Invalid(place, f"is not of type {kind}")
    if kind in ("integer", "number"):
        _check_range(value, rule.get("minimum"), rule.get("maximum"), place, "")
    elif kind == "string":
        if "\0" in value:
            raise Invalid(place, "must not hold control characters")
        _check_range(len(value), rule.get("minLength"), rule.get("maxLength"), place, " characters")
    elif kind == "array":
        _check_range(len(value), rule.get("minItems"), rule.get("maxItems", 1_000), place, " items")
        for item in value:
            _check_value(rule["items"], item, place)
        if rule.get("uniqueItems") and len({msgspec.json.encode(item) for item in value}) != len(value):
            raise Invalid(place, "holds something twice")
    # By type too: in Python True is 1.
    if "enum" in rule and not any(type(choice) is type(value) and choice == value for choice in rule["enum"]):
        raise Invalid(place, f"is one of {', '.join(str(choice)[:40] for choice in rule['enum'][:20])}")


def _check_range(measure: float, least: float | None, most: float | None, place: str, unit: str) -> None:
    if least is not None and measure < least:
        raise Invalid(place, f"is at least {least:,}{unit}")
    if most is not None and measure > most:
        raise Invalid(place, f"is at most {most:,}{unit}")


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e308 and math.isfinite(value)
    )


def _is_whole(value: Any, least: int = -(2**53)) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= 2**53


def _only(told: Mapping[str, Any], known: set[str], place: str) -> None:
    if unknown := sorted(told.keys() - known):
        raise Invalid(f"{place}.{unknown[0][:64]}", "is a keyword that is not understood here")


def _object(told: Any, place: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise Invalid(place, "is an object")
    return cast("dict[str, Any]", told)
