"""The form of a plugin's settings: from its fields and what is stored to controls, and from what was sent to values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from devtime.kernel.errors import Invalid
from devtime.plugins.settings.schema import Field
from devtime.plugins.settings.values import check_values
from devtime.web.views.setting_fields import SettingField, SettingOption

PREFIX = "s."
"""Before the names of settings in the form, so that they meet no name of ours."""


def compose_fields(
    fields: tuple[Field, ...],
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> tuple[SettingField, ...]:
    """A control for each. `typed` is what was sent and could not be saved: it is shown again as it was typed."""
    return tuple(_control(field, values.get(field.name), (errors or {}).get(field.name, ""), typed) for field in fields)


def read_settings(
    fields: tuple[Field, ...], form: Mapping[str, str], kept: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings as the form has them, and what is wrong by name. An empty secret stays as it was, unless cleared.

    What is stored beside the fields stays.
    """
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        try:
            given[field.name] = _value(field, form, kept.get(field.name))
        except Invalid as error:
            wrong[field.name] = error.reason
    fitting, unfit = check_values(fields, {name: value for name, value in given.items() if name not in wrong})
    beside = {name: value for name, value in kept.items() if name not in {field.name for field in fields}}
    return {**beside, **fitting}, {**{name: unfit[name] for name in unfit if name not in wrong}, **wrong}


def _value(field: Field, form: Mapping[str, str], kept: Any) -> Any:
    name = PREFIX + field.name
    text = form.get(name, "")
    if field.kind == "switch":
        return text == "1"
    if field.kind == "several":
        return [str(each.value) for at, each in enumerate(field.choices) if form.get(f"{name}:{at}") == "1"]
    if field.kind == "secret":
        return None if form.get(f"{name}:clear") == "1" else text or kept
    if field.kind in ("number", "integer"):
        return _number(text.strip())
    if field.kind == "choice":
        return next((each.value for each in field.choices if json.dumps(each.value) == text), text or None)
    if field.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text.replace("\r\n", "\n") if field.kind == "long_text" else text


def _number(text: str) -> float | int | None:
    if not text:
        return None
    try:
        return int(text) if text.lstrip("+-").isdecimal() and len(text) < 20 else float(text)
    except ValueError:
        raise Invalid("", "is a number") from None


def _control(field: Field, stored: Any, error: str, typed: Mapping[str, str] | None) -> SettingField:
    name = PREFIX + field.name
    value = field.default if stored is None else stored
    fits = not check_values((field,), {field.name: value})[1] if value is not None else True
    shown = value if fits else field.default
    chosen: list[Any] = shown if field.kind == "several" and shown else [shown]
    options = tuple(
        SettingOption(
            name=f"{name}:{at}",
            value=json.dumps(each.value),
            label=each.label,
            is_chosen=_is_typed(field, name, at, each.value, typed) if typed else each.value in chosen,
        )
        for at, each in enumerate(field.choices)
    )
    return SettingField(
        name=name,
        kind=field.kind,
        title=field.title,
        hint=_hint(field),
        value=typed.get(name, "") if typed and field.kind != "secret" else _text(field, shown),
        is_on=typed.get(name) == "1" if typed else shown is True,
        is_set=field.kind == "secret" and bool(stored),
        is_required=field.is_required,
        minimum="" if field.minimum is None else f"{field.minimum:g}",
        maximum="" if field.maximum is None else f"{field.maximum:g}",
        options=options,
        error=error,
    )


def _is_typed(field: Field, name: str, at: int, value: Any, typed: Mapping[str, str]) -> bool:
    if field.kind == "several":
        return typed.get(f"{name}:{at}") == "1"
    return typed.get(name) == json.dumps(value)


def _text(field: Field, value: Any) -> str:
    if value is None or field.kind in ("secret", "switch", "choice", "several"):
        return ""
    if field.kind == "lines":
        return "\n".join(str(each) for each in value) if isinstance(value, list) else ""  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON
    return f"{value:.15g}" if field.kind == "number" else str(value)


def _hint(field: Field) -> str:
    bounds = ""
    if field.kind in ("number", "integer"):
        if field.minimum is not None and field.maximum is not None:
            bounds = f"{field.minimum:g} to {field.maximum:g}."
        elif field.minimum is not None or field.maximum is not None:
            bounds = f"{field.minimum:g} or more." if field.minimum is not None else f"{field.maximum:g} or less."
    if field.kind == "lines":
        bounds = "One a line."
    return f"{field.description} {bounds}".strip()
