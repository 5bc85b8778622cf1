"""`settings_schema`: what becomes a field, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from devtime.kernel.errors import Invalid
from devtime.plugins.settings.schema import defaults_of, read_schema, readable_fields
from devtime.plugins.settings.values import check_values

EVERY: dict[str, Any] = {
    "type": "object",
    "required": ["city"],
    "properties": {
        "city": {"type": "string", "title": "City", "minLength": 2, "maxLength": 20},
        "notes": {"type": "string", "format": "multiline"},
        "api_key": {"type": "string", "format": "secret", "default": "never shown"},
        "ratio": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "perDay": {"type": "integer", "minimum": 1},
        "notify": {"type": "boolean", "default": True},
        "unit": {"enum": ["h", "m", 3, True], "default": "h"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "days": {"type": "array", "items": {"type": "string", "enum": ["mon", "tue"]}},
    },
}


def test_every_kind_of_property_becomes_a_field_in_order() -> None:
    fields = read_schema(EVERY)
    assert [(field.name, field.kind) for field in fields] == [
        ("city", "text"), ("notes", "long_text"), ("api_key", "secret"), ("ratio", "number"), ("perDay", "integer"),
        ("notify", "switch"), ("unit", "choice"), ("tags", "lines"), ("days", "several"),
    ]  # fmt: skip
    assert [field.is_required for field in fields[:2]] == [True, False]
    assert fields[4].title == "Per day"
    assert [choice.label for choice in fields[6].choices] == ["h", "m", "3", "Yes"]
    assert defaults_of(fields) == {"ratio": 0.5, "notify": True, "unit": "h"}


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ([], "settings_schema"),
        ({"type": "array"}, "settings_schema.type"),
        ({"properties": {"a b": {}}}, "settings_schema.properties.a b"),
        ({"properties": {"a": {"type": "object"}}}, "settings_schema.properties.a.type"),
        ({"properties": {"a": {"type": ["string"]}}}, "settings_schema.properties.a.type"),
        ({"properties": {"a": {"type": "array", "items": {"type": "number"}}}}, "settings_schema.properties.a.items"),
        ({"properties": {"a": {"enum": []}}}, "settings_schema.properties.a.enum"),
        ({"properties": {"a": {"enum": [{}]}}}, "settings_schema.properties.a.enum"),
        ({"properties": {"a": {"title": "x" * 129}}}, "settings_schema.properties.a.title"),
        ({"properties": {"a": {"type": "integer", "default": 1.5}}}, "settings_schema.properties.a.default"),
        ({"properties": {"a": {"type": "number", "minimum": "0"}}}, "settings_schema.properties.a.minimum"),
        ({"properties": {f"a{number}": {} for number in range(51)}}, "settings_schema.properties"),
    ],
)
def test_a_schema_that_cannot_be_asked_for_is_refused_at_its_place(schema: Any, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_schema(schema)
    assert refused.value.field == place


def test_what_is_not_understood_is_left_out_of_a_schema_nobody_checked() -> None:
    schema = {"properties": {"good": {"type": "string"}, "odd": {"type": "object"}, "<b>": {}}}
    assert [field.name for field in readable_fields(schema)] == ["good"]
    assert readable_fields("nothing") == ()


def test_values_are_checked_one_by_one() -> None:
    given = {"city": "x", "ratio": 2, "perDay": 2.0, "notify": "yes", "unit": True, "tags": ["a", 1], "days": ["sun"]}
    kept, wrong = check_values(read_schema(EVERY), given)
    assert kept == {"perDay": 2, "unit": True}
    assert wrong == {
        "city": "has 2 characters at least", "ratio": "is 1 or less", "notify": "is true or false",
        "tags": "is a list of texts", "days": "is none of the choices",
    }  # fmt: skip
    assert check_values(read_schema(EVERY), {})[1] == {"city": "is needed"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**40, True, "1", None, [], {}])
def test_a_number_is_a_number(value: Any) -> None:
    kept, wrong = check_values(read_schema({"properties": {"n": {"type": "number"}}}), {"n": value})
    assert kept == {}
    assert wrong == ({} if value in (None, []) else {"n": "is a number"})


def test_one_is_not_true() -> None:
    fields = read_schema({"properties": {"n": {"enum": [1, "1"]}}})
    assert check_values(fields, {"n": True})[1] == {"n": "is none of the choices"}
