"""The form of a plugin's settings: what is stored is shown, what is sent is read, errors stand beside their field."""

from __future__ import annotations

from devtime.plugins.settings.schema import read_schema
from devtime.web.compose.setting_fields import compose_fields, read_settings

FIELDS = read_schema(
    {
        "properties": {
            "city": {"type": "string", "description": "Where you are."},
            "key": {"type": "string", "format": "secret"},
            "ratio": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.25},
            "count": {"type": "integer"},
            "notify": {"type": "boolean", "default": True},
            "unit": {"enum": ["h", 2, True], "default": "h"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "days": {"type": "array", "items": {"type": "string", "enum": ["mon", "tue"]}},
        },
        "required": ["city"],
    }
)
STORED = {"city": "Bern", "key": "s3cret", "unit": 2, "tags": ["a", "b"], "days": ["tue"], "beside": {"kept": 1}}


def test_controls_show_what_is_stored_and_defaults_but_no_secret() -> None:
    shown = {field.name: field for field in compose_fields(FIELDS, STORED)}
    assert shown["s.city"].value == "Bern"
    assert (shown["s.key"].value, shown["s.key"].is_set) == ("", True)
    assert (shown["s.ratio"].value, shown["s.ratio"].hint) == ("0.25", "0 to 1.")
    assert shown["s.notify"].is_on
    assert [option.is_chosen for option in shown["s.unit"].options] == [False, True, False]
    assert shown["s.tags"].value == "a\nb"
    assert [option.is_chosen for option in shown["s.days"].options] == [False, True]


def test_what_was_sent_becomes_values_and_what_is_beside_stays() -> None:
    form = {
        "s.city": "Köln", "s.key": "", "s.ratio": "1e-2", "s.count": "-7", "s.unit": "true",
        "s.tags": " x \r\n\r\ny", "s.days:0": "1",
    }  # fmt: skip
    values, wrong = read_settings(FIELDS, form, STORED)
    assert wrong == {}
    assert values == {
        "city": "Köln", "key": "s3cret", "ratio": 0.01, "count": -7, "notify": False, "unit": True, "tags": ["x", "y"],
        "days": ["mon"], "beside": {"kept": 1},
    }  # fmt: skip
    assert "key" not in read_settings(FIELDS, {**form, "s.key:clear": "1"}, STORED)[0]


def test_errors_name_the_field_and_what_was_typed_is_shown_again() -> None:
    form = {"s.city": "", "s.ratio": "a lot", "s.count": "1.5", "s.unit": "years", "s.notify": "1", "s.key": "typed"}
    _, wrong = read_settings(FIELDS, form, {})
    assert wrong == {
        "city": "is needed", "ratio": "is a number", "count": "is a whole number", "unit": "is none of the choices",
    }  # fmt: skip
    shown = {field.name: field for field in compose_fields(FIELDS, {}, wrong, form)}
    assert (shown["s.ratio"].value, shown["s.ratio"].error) == ("a lot", "is a number")
    assert shown["s.key"].value == ""


def test_a_stored_value_that_no_longer_fits_gives_way_to_the_default() -> None:
    shown = {field.name: field for field in compose_fields(FIELDS, {"ratio": "lots", "unit": "years", "tags": 5})}
    assert shown["s.ratio"].value == "0.25"
    assert [option.is_chosen for option in shown["s.unit"].options] == [True, False, False]
    assert shown["s.tags"].value == ""
