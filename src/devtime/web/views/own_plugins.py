"""The pages of what somebody installed, published or must judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devtime.web.views.setting_fields import SettingField
from devtime.web.views.store import Asked, Errors, PluginCard, StoreTab


def _none() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class InstalledRow:
    """A plugin the reader installed. `paused` tells why it does not run, `stopped` why nobody's does."""

    card: PluginCard
    accepted_version: str
    installed_ms: int
    settings_href: str
    paused: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class InstalledView:
    """`/plugins`. `removed` is a plugin just removed, which can be taken back: its name, what it is called, and the
    fields of the form that tell what it was allowed.
    """

    zone: str
    now_ms: int
    tabs: tuple[StoreTab, ...]
    rows: tuple[InstalledRow, ...]
    json_href: str
    removed: tuple[str, str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line a plugin logged for its user. `trigger`: what was called then. `level`: log, warn or error."""

    time_ms: int
    trigger: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class PluginSettingsView:
    """`/plugin/NAME/settings`. Forms: POST there (the settings), `/plugin/NAME/grants` (grant…), `/pause`, `/resume`,
    `/clear` (what it keeps), `/uninstall`.
    """

    zone: str
    now_ms: int
    tabs: tuple[StoreTab, ...]
    card: PluginCard
    accepted_version: str
    fields: tuple[SettingField, ...]
    asked: tuple[Asked, ...]
    basics: tuple[str, ...]
    paused: str
    can_pause: bool
    stopped: str
    lines: tuple[LogLine, ...]
    kept_keys: int
    has_errors: bool
    json_href: str


@dataclass(frozen=True, slots=True)
class MineRow:
    """A plugin the reader published."""

    card: PluginCard
    versions: int
    is_banned: bool
    ban_reason: str


@dataclass(frozen=True, slots=True)
class MineView:
    """`/plugins/mine`. Form: POST `/plugin/NAME/delete`."""

    tabs: tuple[StoreTab, ...]
    rows: tuple[MineRow, ...]
    json_href: str


@dataclass(frozen=True, slots=True)
class PublishView:
    """`/plugins/publish`: a new plugin, or with `name` a new version of one's own. Forms: POST there, and
    `/plugins/import` (file), which fills this form and publishes nothing.
    """

    tabs: tuple[StoreTab, ...]
    values: Mapping[str, str]
    is_update: bool
    current_version: str
    widget_types: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    scopes: tuple[tuple[str, str, bool], ...]
    errors: Errors = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What somebody reported."""

    id: str
    plugin: str
    display_name: str
    icon: str
    href: str
    reason: str
    description: str
    reporter: str
    created_ms: int
    is_resolved: bool
    is_banned: bool


@dataclass(frozen=True, slots=True)
class ModerationView:
    """`/plugins/reports`, for admins. Forms: POST `/plugins/reports/ID/resolve`, `/plugin/NAME/ban`, `/unban`."""

    zone: str
    now_ms: int
    tabs: tuple[StoreTab, ...]
    reports: tuple[ReportRow, ...]
    banned: tuple[PluginCard, ...]
    reasons: Mapping[str, str]
    json_href: str
