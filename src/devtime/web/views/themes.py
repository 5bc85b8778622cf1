"""The pages of themes: to choose one, and to make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devtime.web.views.store import Errors, StoreTab


def _none() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme. `side` is the side of the switch between light and dark it dresses, `""` for both."""

    id: str
    name: str
    display_name: str
    description: str
    icon: str
    author: str
    installs: int
    side: str
    variables: Mapping[str, str]
    weak: int
    is_builtin: bool
    is_active: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ThemesView:
    """`/themes`. Forms: POST `/themes/apply` (theme, empty for none), `/themes/ID/delete`, `/themes/ID/ban`."""

    tabs: tuple[StoreTab, ...]
    cards: tuple[ThemeCard, ...]
    active: ThemeCard | None
    has_custom: bool
    custom: Mapping[str, str]
    tried: ThemeCard | None
    json_href: str
    can_moderate: bool = False


@dataclass(frozen=True, slots=True)
class TokenField:
    """A design token to set. `value` is what the theme says, `""` when it says nothing; `base` what then holds;
    `picked` is the colour a picker starts with.
    """

    name: str
    meaning: str
    value: str
    base: str
    is_colour: bool
    picked: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class WeakNote:
    """Two tokens that lie on each other and are hard to tell apart."""

    front: str
    ground: str
    ratio: float
    needed: float


@dataclass(frozen=True, slots=True)
class ThemeEditView:
    """`/themes/new`. Forms: POST there (action = preview, keep or publish; name, display_name, description, icon,
    version, side, and a field a token), `/themes/import` (file).
    """

    tabs: tuple[StoreTab, ...]
    values: Mapping[str, str]
    side: str
    fields: tuple[TokenField, ...]
    variables: Mapping[str, str]
    weak: tuple[WeakNote, ...]
    dropped: tuple[tuple[str, str], ...]
    errors: Errors = field(default_factory=_none)
