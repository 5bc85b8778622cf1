"""Plugins and themes on the wire, in CodeTrackr's shapes. Instants are RFC 3339. Lists tell no script."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Rating = Annotated[int, msgspec.Meta(ge=1, le=5)]


class StorePlugin(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin. `script` is null in lists."""

    id: str
    author_id: str
    author_username: str
    name: str
    display_name: str
    description: str | None
    version: str
    repository: str | None
    icon: str
    plugin_type: str
    widget_type: str
    api_endpoint: str | None
    script: str | None
    settings_schema: dict[str, Any] | None
    is_published: bool
    is_banned: bool
    ban_reason: str | None
    install_count: int
    avg_rating: float
    rating_count: int
    has_external_access: bool
    created_at: str
    updated_at: str
    revision: int
    category: str
    tags: list[str]
    hosts: list[str]
    scopes: list[str]


class StorePlugins(msgspec.Struct, frozen=True):
    """A page of the store, and how many plugins there are in all."""

    plugins: list[StorePlugin]
    total: int
    limit: int
    offset: int


class InstalledPlugins(msgspec.Struct, frozen=True):
    """What a user has installed."""

    installed: list[StorePlugin]


class PluginPublished(msgspec.Struct, frozen=True, kw_only=True):
    """It is in the store."""

    status: str = "published"
    plugin: StorePlugin


class PluginInstalled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It is installed: `also` came along, `missing` is needed and not to be had."""

    status: str
    also: list[str] = []
    missing: list[str] = []


class Done(msgspec.Struct, frozen=True):
    """What was done, in a word."""

    status: str


class VersionAccepted(msgspec.Struct, frozen=True):
    """The version that runs from now on."""

    version: str
    status: str = "accepted"


class PluginScript(msgspec.Struct, frozen=True):
    """A plugin's newest script."""

    script: str | None


class AcceptedScript(msgspec.Struct, frozen=True):
    """What runs for the user."""

    accepted_version: str
    accepted_script: str


class PluginReview(msgspec.Struct, frozen=True):
    """What somebody wrote; `rating` is null if they gave no stars."""

    username: str
    body: str
    rating: int | None
    created_at: str


class PluginScreenshot(msgspec.Struct, frozen=True):
    """A picture, by its address."""

    url: str
    caption: str
    username: str
    created_at: str


class PluginRevision(msgspec.Struct, frozen=True):
    """One version of the history."""

    revision: int
    version: str
    changelog: str
    created_at: str


class PluginDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All about one plugin. `grants` are sentences; `needs` names the plugins that come along."""

    plugin: StorePlugin
    author_username: str
    reviews: list[PluginReview]
    screenshots: list[PluginScreenshot]
    versions: list[PluginRevision]
    grants: list[str]
    needs: list[str]


class PluginDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two revisions: a unified diff, and what is asked for more, in sentences."""

    from_version: str
    to_version: str
    changelog: str
    diff: str
    asks_more: list[str]


class SettingsAnswer(msgspec.Struct, frozen=True):
    """A user's settings of a plugin, and what they may be."""

    settings: dict[str, Any]
    settings_schema: dict[str, Any] | None


class GrantRequest(msgspec.Struct, kw_only=True):
    """What the user agrees to; `revision` is the one they looked at."""

    granted: dict[str, Any] | None = None
    revision: int | None = None


class RateRequest(msgspec.Struct):
    """Stars."""

    rating: Rating


class ReviewRequest(msgspec.Struct):
    """Words."""

    body: str


class ScreenshotRequest(msgspec.Struct):
    """A picture somewhere on the web."""

    url: str
    caption: str | None = None


class ReportRequest(msgspec.Struct):
    """Why admins should look at it."""

    reason: str
    description: str | None = None


class BanRequest(msgspec.Struct):
    """Why it is banned."""

    reason: str | None = None


class ReportEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A report. `plugin_slug` is the plugin's name."""

    id: str
    reason: str
    description: str
    resolved: bool
    created_at: str
    plugin_id: str
    plugin_name: str
    plugin_slug: str
    reporter_username: str


class Reports(msgspec.Struct, frozen=True):
    """Reports, those that wait first."""

    reports: list[ReportEntry]
    count: int


class PanelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An installed plugin as a panel; `accepted_script` is what runs."""

    panel: str
    title: str
    icon: str
    plugin_type: str
    widget_type: str
    api_endpoint: str | None
    plugin_id: str
    version: str
    script: str | None
    accepted_version: str
    accepted_script: str


class Panels(msgspec.Struct, frozen=True):
    """The dashboard's panels in their order."""

    panels: list[PanelEntry]


class OrderRequest(msgspec.Struct):
    """The panels' names in their new order."""

    panel_names: list[str]


class Ordered(msgspec.Struct, frozen=True):
    """The order is kept."""

    ok: bool = True


class NativePlugins(msgspec.Struct, frozen=True):
    """Plugins compiled into the server, of which there are none."""

    plugins: list[str] = []
    count: int = 0


class ThemeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A theme. `custom_css` is always null: themes set variables only."""

    id: str
    author_username: str
    name: str
    display_name: str
    description: str | None
    version: str
    icon: str
    variables: dict[str, str]
    custom_css: str | None = None
    install_count: int


class ThemeList(msgspec.Struct, frozen=True):
    """Themes."""

    themes: list[ThemeEntry]


class ApplyRequest(msgspec.Struct):
    """The theme to wear (null: none), and variables of one's own over it."""

    theme_id: str | None = None
    custom_vars: dict[str, str] | None = None


class ActiveTheme(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What the pages wear. Without a theme all but the variables is null."""

    active_theme_id: str | None
    theme_name: str | None = None
    theme_display_name: str | None = None
    theme_icon: str | None = None
    variables: dict[str, str]
    custom_css: str | None = None
    custom_vars: dict[str, str]
