"""Every page worth looking at: (name of the picture, template, view, chrome)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from devtime.web.compose.design import compose_design
from devtime.web.views.chrome import Chrome, Flash
from samples import activity, ai, ai_pages, limits, lists, rooms, store, studio
from samples.names import BAD, HOSTILE, MANY, NONE, RICH

OWNER = Chrome(path="/", version="0.1.0", user_name="ada", role="owner", is_live=True)
NOBODY = Chrome(path="/login", version="0.1.0")
STRANGE = Chrome(path=f"/range?project={HOSTILE[1]}", version="0.1.0", user_name=HOSTILE[0], role="member")


@dataclass(frozen=True)
class Page:
    """One picture."""

    name: str
    template: str
    view: object
    chrome: Chrome


def _at(path: str) -> Chrome:
    return replace(OWNER, path=path)


def make_pages() -> tuple[Page, ...]:
    """All pages with all kinds of data."""
    return (*_days(), *_ranges(), *_lists(), *_ai(), *_limits(), *_settings(), *_store(), *_doors())


def _limits() -> tuple[Page, ...]:
    chrome = _at("/limits")
    day = replace(activity.make_day(RICH), limits=limits.make_strip())
    return (
        Page("limits", "limits", limits.make_limits_view(), chrome),
        Page("limits-detail", "limits", limits.make_limits_view(is_detail=True), chrome),
        Page("limits-hostile", "limits", limits.make_limits_view(is_hostile=True, is_detail=True), STRANGE),
        Page("limits-new", "limits", limits.make_limits_view(is_new=True), chrome),
        Page("limits-plan", "limits/plan", limits.make_plan_view(), chrome),
        Page("limits-plan-day", "limits/plan", limits.make_plan_view(1), chrome),
        Page("limits-plan-90d", "limits/plan", limits.make_plan_view(90), chrome),
        Page("limits-strip", "day", day, OWNER),
    )


def _days() -> tuple[Page, ...]:
    winter, summer = date(2024, 10, 27), date(2025, 3, 30)
    return (
        Page("day", "day", activity.make_day(RICH), OWNER),
        Page("day-leaving", "day", activity.make_day(RICH), replace(OWNER, leaving="6 Dec 2026, 08:40")),
        Page("day-many", "day", activity.make_day(MANY), OWNER),
        Page("day-hostile", "day", activity.make_day(BAD), STRANGE),
        Page("day-25h", "day", activity.make_day(RICH, day=winter, is_today=False), _at("/day/2024-10-27")),
        Page("day-23h", "day", activity.make_day(RICH, day=summer, is_today=False), _at("/day/2025-03-30")),
        Page("day-new", "day", activity.make_empty_day(is_new=True), OWNER),
        Page("day-quiet", "day", activity.make_empty_day(is_new=False), OWNER),
    )


def _ranges() -> tuple[Page, ...]:
    chrome = _at("/range?range=week")
    return (
        Page("range-week", "range", activity.make_range(RICH), chrome),
        Page("range-month", "range", activity.make_range(RICH, "month", days=31, chosen=False), chrome),
        Page("range-90d", "range", activity.make_range(RICH, "90d", days=90, chosen=False), chrome),
        Page("range-year", "range", activity.make_range(MANY, "year", days=53, bucket_days=7, chosen=False), chrome),
        Page("range-hostile", "range", activity.make_range(BAD), STRANGE),
        Page("range-empty", "range", activity.make_empty_range(is_new=False), chrome),
        Page("range-filtered-empty", "range", activity.make_empty_range(is_new=False, chosen=True), chrome),
        Page("range-new", "range", activity.make_empty_range(is_new=True), chrome),
    )


def _lists() -> tuple[Page, ...]:
    projects, project, beats = _at("/projects"), _at("/project?name=orbit-api"), _at("/heartbeats?start=x")
    return (
        Page("projects", "projects", lists.make_projects(RICH), projects),
        Page("projects-many", "projects", lists.make_projects(MANY), projects),
        Page("projects-hostile", "projects", lists.make_projects(BAD), STRANGE),
        Page("projects-none", "projects", lists.make_projects(NONE, search=HOSTILE[0]), projects),
        Page("project", "project", lists.make_project(RICH), project),
        Page("project-hostile", "project", lists.make_project(BAD), STRANGE),
        Page("heartbeats", "heartbeats", lists.make_heartbeats(RICH), beats),
        Page("heartbeats-hostile", "heartbeats", lists.make_heartbeats(BAD), STRANGE),
        Page("heartbeats-none", "heartbeats", lists.make_empty_heartbeats(is_new=False), beats),
        Page("heartbeats-new", "heartbeats", lists.make_empty_heartbeats(is_new=True), beats),
    )


def _ai() -> tuple[Page, ...]:
    chrome, events = _at("/ai?range=30d"), _at("/ai/events?start=x")
    return (
        Page("ai", "ai", ai.make_ai(RICH), chrome),
        Page("ai-many", "ai", ai.make_ai(MANY, days=60, is_branch=True), chrome),
        Page("ai-hostile", "ai", ai.make_ai(BAD, chosen=True), STRANGE),
        Page("ai-new", "ai", ai.make_empty_ai(is_new=True), chrome),
        Page("ai-empty", "ai", ai.make_empty_ai(is_new=False), chrome),
        Page("ai-filtered-empty", "ai", ai.make_empty_ai(is_new=False, chosen=True), chrome),
        Page("ai-events", "ai/events", ai_pages.make_ai_events(RICH), events),
        Page("ai-events-hostile", "ai/events", ai_pages.make_ai_events(BAD), STRANGE),
        Page("ai-sessions", "ai/sessions", ai_pages.make_ai_sessions(RICH), _at("/ai/sessions")),
        Page("ai-sessions-hostile", "ai/sessions", ai_pages.make_ai_sessions(BAD), STRANGE),
        Page("ai-blocks", "ai/blocks", ai_pages.make_ai_blocks(RICH), _at("/ai/blocks")),
        Page("ai-session", "ai/session", ai_pages.make_ai_session(RICH), _at("/ai/session?agent=claude&session=s")),
        Page("ai-session-hostile", "ai/session", ai_pages.make_ai_session(BAD), STRANGE),
    )


def _settings() -> tuple[Page, ...]:
    keys, data = _at("/settings/keys"), _at("/settings/data")
    return (
        Page("account", "settings/account", rooms.make_account(), replace(_at("/settings"), flash=Flash("Saved."))),
        Page("account-wrong", "settings/account", rooms.make_account(HOSTILE[0], wrong=True), _at("/settings")),
        Page("keys", "settings/keys", rooms.make_keys(), keys),
        Page("keys-new", "settings/keys", rooms.make_keys(is_new=True), keys),
        Page("keys-none", "settings/keys", rooms.make_keys(()), keys),
        Page("keys-hostile", "settings/keys", rooms.make_keys(HOSTILE, is_new=True), keys),
        Page("privacy", "settings/privacy", rooms.make_privacy(), _at("/settings/privacy")),
        Page("privacy-hostile", "settings/privacy", rooms.make_privacy(HOSTILE), _at("/settings/privacy")),
        Page("data", "settings/data", rooms.make_data(), data),
        Page("data-hostile", "settings/data", rooms.make_data(HOSTILE[3]), data),
        Page("people", "settings/people", rooms.make_people(), _at("/settings/people")),
        Page("people-hostile", "settings/people", rooms.make_people(HOSTILE), _at("/settings/people")),
    )


def _store() -> tuple[Page, ...]:
    evil = HOSTILE[0]
    listed, one, own = _at("/plugin-store"), _at("/plugin/plugin-1"), _at("/plugins")
    mine, judged, themes = _at("/plugins/mine"), _at("/plugins/reports"), _at("/themes")
    return (
        Page("store", "store/list", store.make_store(), listed),
        Page("store-new", "store/list", store.make_store(is_stranger=True), replace(NOBODY, path="/plugin-store")),
        Page("store-empty", "store/list", store.make_store((), is_empty=True), listed),
        Page("store-none", "store/list", store.make_store((), search=evil), listed),
        Page("store-hostile", "store/list", store.make_store(HOSTILE), STRANGE),
        Page("plugin", "store/plugin", store.make_plugin(), one),
        Page("plugin-update", "store/plugin", store.make_plugin(state="update"), one),
        Page("plugin-banned", "store/plugin", store.make_plugin(state="installed", is_banned=True, wrong=True), one),
        Page("plugin-stranger", "store/plugin", store.make_plugin(is_stranger=True), replace(NOBODY, path="/plugin/x")),
        Page("plugin-hostile", "store/plugin", store.make_plugin(HOSTILE[1], "update", wrong=True), STRANGE),
        Page("plugin-source", "store/source", store.make_source(), one),
        Page("plugin-source-hostile", "store/source", store.make_source(HOSTILE[2]), STRANGE),
        Page("plugin-changes", "store/changes", store.make_changes(), one),
        Page("plugin-changes-hostile", "store/changes", store.make_changes(evil), STRANGE),
        Page("plugins", "store/installed", store.make_installed(removed=True), own),
        Page("plugins-none", "store/installed", store.make_installed(()), own),
        Page("plugins-hostile", "store/installed", store.make_installed(HOSTILE), STRANGE),
        Page("plugin-settings", "store/settings", store.make_settings(), own),
        Page("plugin-settings-wrong", "store/settings", store.make_settings(wrong=True), own),
        Page("plugin-settings-bare", "store/settings", store.make_settings(is_bare=True), own),
        Page("plugin-settings-hostile", "store/settings", store.make_settings(HOSTILE[1], wrong=True), STRANGE),
        Page("plugins-mine", "store/mine", store.make_mine(), mine),
        Page("plugins-mine-none", "store/mine", store.make_mine(()), mine),
        Page("plugins-mine-hostile", "store/mine", store.make_mine(HOSTILE), STRANGE),
        Page("publish", "store/publish", store.make_publish(), _at("/plugins/publish")),
        Page("publish-hostile", "store/publish", store.make_publish(HOSTILE[2], is_update=True), STRANGE),
        Page("moderation", "store/reports", store.make_moderation(), judged),
        Page("moderation-none", "store/reports", store.make_moderation(()), judged),
        Page("moderation-hostile", "store/reports", store.make_moderation(HOSTILE), STRANGE),
        Page("themes", "store/themes", store.make_themes(), themes),
        Page("themes-tried", "store/themes", store.make_themes(tried=True), themes),
        Page("themes-hostile", "store/themes", store.make_themes(HOSTILE[3]), STRANGE),
        Page("theme-edit", "store/theme_edit", store.make_theme_edit(), _at("/themes/new")),
        Page("theme-edit-hostile", "store/theme_edit", store.make_theme_edit(HOSTILE[1]), STRANGE),
        Page("studio", "studio", studio.make_studio(), _at("/studio")),
        Page("studio-plain", "studio", studio.make_studio((), has_editor=False), _at("/studio")),
        Page("studio-hostile", "studio", studio.make_studio(HOSTILE), STRANGE),
    )


def _doors() -> tuple[Page, ...]:
    connect, failed = _at("/connect"), Flash("That did not work: <b>try again</b>", "failed")
    return (
        Page("connect", "connect", rooms.make_connect(), connect),
        Page("connect-arrived", "connect", rooms.make_connect(arrived=True, with_key=True), connect),
        Page("connect-hostile", "connect", rooms.make_connect(arrived=True, project=HOSTILE[0]), connect),
        Page("reference", "docs", rooms.make_reference(), _at("/api/docs")),
        Page("design", "design", compose_design(), _at("/design")),
        Page("login", "login", rooms.LOGIN, NOBODY),
        Page("login-wrong", "login", rooms.LOGIN_WRONG, replace(NOBODY, flash=failed)),
        Page("welcome", "welcome", rooms.WELCOME, NOBODY),
        Page("welcome-used", "welcome", rooms.WELCOME_USED, NOBODY),
        Page("signup", "signup", rooms.SIGNUP, NOBODY),
        Page("signup-wrong", "signup", rooms.SIGNUP_WRONG, NOBODY),
        Page("signup-closed", "signup", rooms.SIGNUP_CLOSED, NOBODY),
        Page("missing", "error", rooms.MISSING, OWNER),
        Page("broken", "error", rooms.BROKEN, OWNER),
    )
