"""The themes that come with DevTime, as data: the same names for pages and for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import msgspec


class BuiltinTheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme as it is published. `variables`: design token → value."""

    name: str
    display_name: str
    description: str
    version: str
    icon: str
    variables: Mapping[str, str]


@lru_cache(maxsize=1)
def list_themes() -> tuple[BuiltinTheme, ...]:
    """All of them, by name."""
    folder = files(__name__)
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda each: each.name)
    return tuple(msgspec.json.decode(each.read_bytes(), type=BuiltinTheme) for each in found)
