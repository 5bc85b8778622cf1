"""Which schemas of settings are understood, and what fits them."""

from __future__ import annotations

from typing import Any

import pytest

from devtime.kernel.errors import Invalid
from devtime.marketplace.settings_schema import check_settings, defaults_of, read_schema

_SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "goal": {"type": "integer", "minimum": 1, "maximum": 24, "default": 4},
        "share": {"type": "number", "maximum": 1},
        "loud": {"type": "boolean", "default": False},
        "mode": {"type": "string", "enum": ["day", "week"], "default": "day"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2, "uniqueItems": True},
    },
}


def test_a_good_schema_is_read_and_tells_its_defaults() -> None:
    assert read_schema(_SCHEMA) == _SCHEMA
    assert defaults_of(_SCHEMA) == {"goal": 4, "loud": False, "mode": "day"}
    assert read_schema({}) == {}
    assert defaults_of(None) == {}


@pytest.mark.parametrize(
    "settings",
    [{"name": "ada"}, {"name": "a", "goal": 24, "share": 0.5, "loud": True, "mode": "week", "tags": ["a", "b"]}],
)
def test_settings_that_fit_are_kept(settings: dict[str, Any]) -> None:
    assert check_settings(_SCHEMA, settings) == settings


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("settings.name", {}), ("settings.name", {"name": ""}), ("settings.name", {"name": "x" * 6}),
        ("settings.name", {"name": None}), ("settings.goal", {"name": "a", "goal": 0}),
        ("settings.goal", {"name": "a", "goal": True}), ("settings.goal", {"name": "a", "goal": 1.5}),
        ("settings.goal", {"name": "a", "goal": 2**63}), ("settings.share", {"name": "a", "share": 2}),
        ("settings.loud", {"name": "a", "loud": "yes"}), ("settings.mode", {"name": "a", "mode": "year"}),
        ("settings.tags", {"name": "a", "tags": ["a", "a"]}), ("settings.tags", {"name": "a", "tags": ["abcd"]}),
        ("settings.tags", {"name": "a", "tags": "abc"}), ("settings.other", {"name": "a", "other": 1}),
        ("settings.__proto__", {"name": "a", "__proto__": 1}), ("settings", []), ("settings", "x"),
        ("settings.name", {"name": "a\0"}),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_refused_by_name(field: str, settings: Any) -> None:
    with pytest.raises(Invalid) as caught:
        check_settings(_SCHEMA, settings)
    assert caught.value.field == field


def test_without_a_schema_an_object_of_reasonable_size_fits() -> None:
    assert check_settings(None, {"anything": [1, {"a": None}]}) == {"anything": [1, {"a": None}]}
    with pytest.raises(Invalid):
        check_settings(None, {"a": "x" * 70_000})


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "string", "pattern": "(a+)+$"}, {"$ref": "#"}, {"type": "object"}, {"type": ["string", "null"]}, {},
        {"type": "string", "maxLength": -1}, {"type": "string", "maxLength": True}, {"type": "integer", "minimum": "1"},
        {"type": "string", "enum": []}, {"type": "string", "enum": [1]}, {"type": "integer", "default": "4"},
        {"type": "array"}, {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        {"type": "string", "format": "html"}, {"type": "string", "title": 1}, "string", None,
        {"type": "integer", "minimum": 5, "default": 4}, {"type": "number", "maximum": float("inf")},
    ],
)  # fmt: skip
def test_rules_nobody_would_keep_are_refused(rule: Any) -> None:
    with pytest.raises(Invalid):
        read_schema({"properties": {"a": rule}})


@pytest.mark.parametrize(
    "schema",
    [
        [], "x", {"type": "array"}, {"allOf": []}, {"properties": []}, {"properties": {"a b": {"type": "string"}}},
        {"properties": {}, "required": ["a"]}, {"properties": {f"p{n}": {"type": "string"} for n in range(51)}},
        {"properties": {"a": {"type": "string", "description": "x" * 40_000}}},
    ],
)  # fmt: skip
def test_schemas_that_are_none_are_refused(schema: Any) -> None:
    with pytest.raises(Invalid):
        read_schema(schema)
