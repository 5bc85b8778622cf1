"""The pages of the plugin store: the list, one plugin, its versions and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devtime.web.compose.differing import Diff
from devtime.web.views.parts import Choice

InstallState = Literal["", "installed", "update"]
Errors = Mapping[str, str]


def _none() -> Errors:
    return {}


@dataclass(frozen=True, slots=True)
class StoreTab:
    """A page of the store's family. `count` is shown beside its name when there is something to count."""

    label: str
    href: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class PluginCard:
    """A plugin as it is listed. `rating` is the mean of `ratings` ratings; `kind` its type."""

    name: str
    display_name: str
    description: str
    icon: str
    author: str
    kind: str
    category: str
    version: str
    installs: int
    rating: float
    ratings: int
    href: str
    is_builtin: bool = False
    is_mine: bool = False
    state: InstallState = ""


@dataclass(frozen=True, slots=True)
class StoreView:
    """`/plugin-store`. `total` plugins pass search and category; `is_empty`: nobody ever published one."""

    tabs: tuple[StoreTab, ...]
    cards: tuple[PluginCard, ...]
    total: int
    search: str
    category: str
    categories: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    page: int
    pages: int
    prev_href: str
    next_href: str
    json_href: str
    is_empty: bool
    has_installed: bool
    is_stranger: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a plugin asks for. `field` is the name of its box in the form; `is_new`: the last time it did not."""

    field: str
    sentence: str
    is_granted: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a plugin. `diff_href` shows what changed since the one before, `""` for the first."""

    revision: int
    version: str
    changelog: str
    created_ms: int
    diff_href: str
    source_href: str
    is_current: bool
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What somebody thinks of a plugin; `rating` 0 when they gave none."""

    author: str
    body: str
    rating: int
    created_ms: int
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class ScreenshotRow:
    """A picture somewhere else: only its address is kept here, and it is not loaded unasked."""

    id: str
    url: str
    host: str
    caption: str
    author: str
    can_remove: bool = False


@dataclass(frozen=True, slots=True)
class UpdateOffer:
    """What is new in the version that waits for the user."""

    from_version: str
    to_version: str
    changelog: str
    asked: tuple[Asked, ...]
    diff: Diff
    diff_href: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class PluginView:
    """`/plugin/NAME`. Forms: POST `/plugin/NAME/install` (grant…), `/accept` (grant…), `/uninstall`, `/review` (rating,
    body), `/review/delete`, `/report` (reason, description), `/screenshots` (url, caption), `/screenshots/ID/delete`;
    for admins `/ban` (reason), `/unban`, `/delete`.
    """

    zone: str
    now_ms: int
    tabs: tuple[StoreTab, ...]
    card: PluginCard
    repository: str
    basics: tuple[str, ...]
    asked: tuple[Asked, ...]
    versions: tuple[VersionRow, ...]
    more_versions: int
    needs: tuple[tuple[str, str], ...]
    screenshots: tuple[ScreenshotRow, ...]
    reviews: tuple[ReviewRow, ...]
    spread: tuple[tuple[int, int], ...]
    own_rating: int
    own_review: str
    reasons: tuple[tuple[str, str], ...]
    has_reported: bool
    update: UpdateOffer | None
    settings_href: str
    source_href: str
    json_href: str
    is_signed_in: bool
    is_published: bool = True
    is_banned: bool = False
    ban_reason: str = ""
    can_moderate: bool = False
    errors: Errors = field(default_factory=_none)
    typed: Mapping[str, str] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class SourceView:
    """`/plugin/NAME/source`: the script of a version, to read. `lines` are cut off where it gets very long."""

    tabs: tuple[StoreTab, ...]
    card: PluginCard
    version: str
    lines: tuple[str, ...]
    is_cut: bool
    is_original: bool
    bytes: int
    versions: tuple[Choice, ...]
    raw_href: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """`/plugin/NAME/changes`: what is different between two versions."""

    tabs: tuple[StoreTab, ...]
    card: PluginCard
    from_version: str
    to_version: str
    changelog: str
    asked_new: tuple[str, ...]
    asked_gone: tuple[str, ...]
    diff: Diff
