"""A plugin's settings as controls of a form."""

from __future__ import annotations

from dataclasses import dataclass

from devtime.plugins.settings.schema import FieldKind


@dataclass(frozen=True, slots=True)
class SettingOption:
    """One of the values to choose from. `name` is that of its own box where several may be chosen."""

    name: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SettingField:
    """One control. `is_on` is for switches; `is_set`: a secret is stored, which is never shown."""

    name: str
    kind: FieldKind
    title: str
    hint: str
    value: str
    is_on: bool = False
    is_set: bool = False
    is_required: bool = False
    minimum: str = ""
    maximum: str = ""
    options: tuple[SettingOption, ...] = ()
    error: str = ""
