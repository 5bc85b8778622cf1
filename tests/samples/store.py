"""Made-up views of the store of plugins and themes."""

from __future__ import annotations

from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS
from devtime.plugins.builtin.themes import list_themes
from devtime.plugins.kinds.theme.contrast import find_weak_pairs
from devtime.plugins.kinds.theme.tokens import THEME_TOKENS, side_of
from devtime.plugins.settings.schema import read_schema
from devtime.web.compose.differing import compare
from devtime.web.compose.setting_fields import compose_fields
from devtime.web.design.theme_sheet import base_tokens
from devtime.web.design.tokens import TOKENS
from devtime.web.views.own_plugins import (
    InstalledRow,
    InstalledView,
    LogLine,
    MineRow,
    MineView,
    ModerationView,
    PluginSettingsView,
    PublishView,
    ReportRow,
)
from devtime.web.views.parts import Choice
from devtime.web.views.setting_fields import SettingField
from devtime.web.views.store import (
    Asked,
    ChangesView,
    InstallState,
    PluginCard,
    PluginView,
    ReviewRow,
    ScreenshotRow,
    SourceView,
    StoreTab,
    StoreView,
    UpdateOffer,
    VersionRow,
)
from devtime.web.views.themes import ThemeCard, ThemeEditView, ThemesView, TokenField, WeakNote
from samples.activity import NOW_MS, ZONE
from samples.names import HOSTILE

NAMES = (
    "Streak Counter", "Language Bars", "Daily Activity", "Project Velocity", "Focus Hours", "Cost Today", "Badge Maker",
)  # fmt: skip
ICONS = ("🔥", "📊", "📈", "🚀", "🎯", "💸", "🏷️")
STATES: tuple[InstallState, ...] = ("installed", "", "update", "")
OLD = """const limit = 3600;

container.textContent = 'Loading…';
fetch('/api/v1/stats/streaks')
  .then(r => r.json())
  .then(data => {
    container.textContent = data.current_streak + ' day streak';
  });
"""
NEW = """const limit = 7200;

container.textContent = 'Loading…';
fetch('/api/v1/stats/streaks')
  .then(r => r.json())
  .then(data => {
    const days = data.current_streak || 0;
    container.textContent = days + ' day streak 🔥';
    fetch('https://api.example.org/streaks', { method: 'POST', body: String(days) });
  });
"""
SCHEMA = {
    "properties": {
        "city": {"type": "string", "title": "City", "description": "Whose weather is drawn.", "default": "Bern"},
        "key": {"type": "string", "format": "secret", "title": "Key of the weather service"},
        "goal": {"type": "integer", "title": "Hours a day", "minimum": 1, "maximum": 16, "default": 6},
        "notify": {"type": "boolean", "title": "Tell me when the streak is at risk", "default": True},
        "unit": {"enum": ["hours", "minutes"], "title": "Show", "default": "hours"},
        "days": {"type": "array", "title": "On", "items": {"enum": ["Monday", "Tuesday", "Wednesday"]}},
        "skip": {"type": "array", "title": "Projects to leave out", "items": {"type": "string"}},
    },
    "required": ["city"],
}


def make_tabs(current: str, *, is_admin: bool = True) -> tuple[StoreTab, ...]:
    """The pages of the family."""
    tabs = [
        ("Store", "/plugin-store", 0), ("Installed", "/plugins", 4), ("Mine", "/plugins/mine", 2),
        ("Themes", "/themes", 0),
        *([("Moderation", "/plugins/reports", 3)] if is_admin else []),
    ]  # fmt: skip
    return tuple(StoreTab(label, href, href == current, count) for label, href, count in tabs)


def make_card(at: int = 0, name: str = "", state: InstallState | None = None) -> PluginCard:
    """A plugin as it is listed."""
    title = name or NAMES[at % len(NAMES)]
    return PluginCard(
        name=f"plugin-{at}",
        display_name=title,
        description=name or "Shows your current coding streak, and how long the longest one was so far.",
        icon=name or ICONS[at % len(ICONS)],
        author=name or ("devtime" if at % 3 == 0 else "grace"),
        kind="lifecycle" if at % 3 == 1 else "widget",
        category="activity",
        version="1.2.0",
        installs=1_204 - at * 160 if at < 7 else 1,
        rating=4.6 - at * 0.4 if at != 3 else 0.0,
        ratings=0 if at == 3 else 12 + at,
        href=f"/plugin/plugin-{at}",
        is_builtin=not name and at % 3 == 0,
        is_mine=at == 4,
        state=STATES[at % 4] if state is None else state,
    )


def _choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name.lower(), name, f"?x={name}", at == 0) for at, name in enumerate(names))


def make_store(
    names: tuple[str, ...] = NAMES, *, search: str = "", is_empty: bool = False, is_stranger: bool = False
) -> StoreView:
    """The list."""
    return StoreView(
        tabs=make_tabs("/plugin-store"),
        cards=tuple(make_card(at, "" if names is NAMES else name) for at, name in enumerate(names)),
        total=len(names),
        search=search,
        category="",
        categories=_choices("All", "Activity", "AI", "Goals", "Import", "Fun", "Other"),
        sorts=_choices("Popular", "Rated", "New", "Name"),
        kinds=_choices("Any", "Widgets", "Background"),
        kept=(("sort", "new"),),
        page=2,
        pages=3,
        prev_href="?page=1",
        next_href="?page=3",
        json_href="/plugin-store.json",
        is_empty=is_empty,
        has_installed=not is_stranger and not is_empty,
        is_stranger=is_stranger,
    )


BASICS = (
    "It may read the time recorded for you: projects, languages, files, and when.",
    "It may draw its panel on your dashboard, and nothing outside of it.",
    "It never sees passwords, keys or other people’s data.",
)
ASKED = (
    Asked("host:api.example.org", "It may exchange data with api.example.org, and tell it anything it can read here."),
    Asked("scope:ingest", "It may record time for you, as an editor does.", is_granted=True, is_new=True),
)


def make_plugin(
    text: str = "", state: InstallState = "", *, is_banned: bool = False, wrong: bool = False, is_stranger: bool = False
) -> PluginView:
    """One plugin in full; with `text` every word of strangers is that."""
    said = text or "Exactly what I wanted.\nIt would be perfect if it knew holidays."
    diff = compare(OLD, text + NEW)
    update = UpdateOffer("1.1.0", "1.2.0", text or "Tells a friend’s server.\nCounts to two hours.", ASKED, diff, "#")
    return PluginView(
        zone=ZONE,
        now_ms=NOW_MS,
        tabs=make_tabs("/plugin-store"),
        card=make_card(1, text, state),
        repository="https://example.org/streak",
        basics=BASICS,
        asked=ASKED,
        versions=tuple(
            VersionRow(
                at,
                f"1.{at}.0",
                text or "Mends the count at midnight.\nFaster.",
                NOW_MS - (4 - at) * DAY_MS * 9,
                "#" if at else "",
                "#",
                at == 2,
                at == 1 and bool(state),
            )
            for at in (2, 1, 0)
        ),
        more_versions=0,
        needs=(("streak-notifier", "/plugin/streak-notifier"), ("gone-plugin", "")),
        screenshots=(
            ScreenshotRow(
                "1", "https://pictures.example.org/one.png", "pictures.example.org", text or "On the dashboard", "grace"
            ),
        ),
        reviews=(
            ReviewRow(text or "linus", said, 5, NOW_MS - DAY_MS),
            ReviewRow("ada", "Fine.", 4, NOW_MS - 40 * DAY_MS, is_mine=True),
            ReviewRow("barbara", "No stars, only words.", 0, NOW_MS - 80 * DAY_MS),
        ),
        spread=((5, 8), (4, 3), (3, 1), (2, 0), (1, 1)),
        own_rating=4,
        own_review="Fine.",
        reasons=(("spam", "Spam"), ("malware", "Malware"), ("broken", "It is broken"), ("other", "Something else")),
        has_reported=wrong,
        update=update if state == "update" else None,
        settings_href="/plugin/plugin-1/settings",
        source_href="/plugin/plugin-1/source",
        json_href="/plugin/plugin-1.json",
        is_signed_in=not is_stranger,
        is_banned=is_banned,
        ban_reason=text or "It tried to reach another site." if is_banned else "",
        can_moderate=not is_stranger,
        errors={"rating": "is 1 to 5", "body": "is too long", "reason": "is not known"} if wrong else {},
    )


def make_source(text: str = "") -> SourceView:
    """A script to read."""
    script = text + NEW * 3
    return SourceView(
        tabs=make_tabs("/plugin-store"), card=make_card(1, text), version="1.2.0", lines=tuple(script.splitlines()),
        is_cut=bool(text), is_original=True, bytes=len(script), versions=_choices("1.2.0", "1.1.0", "1.0.0"),
        raw_href="#",
    )  # fmt: skip


def make_changes(text: str = "") -> ChangesView:
    """A difference to read."""
    asked = (ASKED[0].sentence,)
    return ChangesView(
        make_tabs("/plugin-store"), make_card(1, text), "1.1.0", "1.2.0", text or "Counts to two hours.", asked, asked,
        compare(OLD * 5, text + NEW + OLD * 4),
    )  # fmt: skip


def make_installed(names: tuple[str, ...] = NAMES[:4], *, removed: bool = False) -> InstalledView:
    """What is installed: running, paused, banned, waiting."""
    paused = ("", "It failed 10 times in a row: TypeError: rows[0] is undefined", "", "")
    rows = tuple(
        InstalledRow(
            card=make_card(at, "" if names is NAMES[:4] or names == NAMES[:4] else name),
            accepted_version="1.1.0",
            installed_ms=NOW_MS - at * 9 * DAY_MS,
            settings_href=f"/plugin/plugin-{at}/settings",
            paused=paused[at % 4],
            stopped="An admin has banned it: it runs for nobody." if at == 3 else "",
        )
        for at, name in enumerate(names)
    )
    return InstalledView(
        ZONE,
        NOW_MS,
        make_tabs("/plugins"),
        rows,
        "/plugins.json",
        ("x", "Streak", ("host:api.example.org",)) if removed else None,
    )


def make_fields(text: str = "", *, wrong: bool = False) -> tuple[SettingField, ...]:
    """A form with every kind of setting."""
    errors = {"city": "is needed", "goal": "is 16 or less", "days": "has 1 entries at least"} if wrong else {}
    return compose_fields(read_schema(SCHEMA), {"key": "kept", "city": text or "Bern", "skip": ["dotfiles"]}, errors)


def make_settings(text: str = "", *, wrong: bool = False, is_bare: bool = False) -> PluginSettingsView:
    """A plugin's settings, log and what it keeps."""
    told = (
        "Day 12 of streak — keep it up!",
        text or "No activity today — streak at risk!",
        "TypeError: rows is undefined",
    )
    levels = ("log", "warn", "error")
    return PluginSettingsView(
        zone=ZONE,
        now_ms=NOW_MS,
        tabs=make_tabs("/plugins"),
        card=make_card(1, text, "installed"),
        accepted_version="1.1.0",
        fields=() if is_bare else make_fields(text, wrong=wrong),
        asked=() if is_bare else ASKED,
        basics=BASICS,
        paused="It failed 10 times in a row: TypeError: rows is undefined" if wrong else "",
        can_pause=not wrong,
        stopped="",
        lines=()
        if is_bare
        else tuple(LogLine(NOW_MS - at * MINUTE_MS, "on_tick", levels[at % 3], told[at % 3]) for at in range(14)),
        kept_keys=0 if is_bare else 31,
        has_errors=wrong,
        json_href="/plugin/plugin-1/settings.json",
    )


def make_mine(names: tuple[str, ...] = NAMES[:3]) -> MineView:
    """What somebody published."""
    rows = tuple(
        MineRow(
            make_card(at, "" if name in NAMES else name), at + 1, at == 2, "It reads too much." if at == 2 else ""
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    return MineView(make_tabs("/plugins/mine"), rows, "/plugins/mine.json")


def make_publish(text: str = "", *, is_update: bool = False) -> PublishView:
    """The form to publish."""
    values = {
        "name": "streak-counter", "display_name": text or "Streak Counter", "version": "1.1.0", "icon": "🔥",
        "script": text + NEW,
        "description": text or "Shows your streak.", "hosts": "api.example.org", "changelog": text,
    }  # fmt: skip
    return PublishView(
        tabs=make_tabs("/plugins/mine"),
        values=values,
        is_update=is_update,
        current_version="1.0.0",
        widget_types=(("counter", "Counter"), ("chart", "Chart")),
        categories=(("activity", "Activity"), ("other", "Other")),
        scopes=(
            ("ingest", "It may record time for you, as an editor does.", True),
            ("write", "It may change what you have here.", False),
        ),
        errors={"version": "is published already", "settings_schema": "is no JSON"} if text else {},
    )


def make_moderation(names: tuple[str, ...] = NAMES[:3]) -> ModerationView:
    """Reports in all states."""
    reasons = ("malware", "broken", "spam")
    reports = tuple(
        ReportRow(
            f"r{at}", f"plugin-{at}", name, ICONS[at % 7], f"/plugin/plugin-{at}", reasons[at % 3],
            name if name not in NAMES else "It sends my projects to a site I never allowed.", "linus",
            NOW_MS - at * 5 * HOUR_MS, at == 2, at == 1,
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    banned = tuple(make_card(at, "" if name in NAMES else name) for at, name in enumerate(names[:1]))
    words = {"malware": "malware", "broken": "broken", "spam": "spam"}
    return ModerationView(ZONE, NOW_MS, make_tabs("/plugins/reports"), reports, banned, words, "/plugins/reports.json")


def make_themes(text: str = "", *, tried: bool = False) -> ThemesView:
    """The themes that come along, and one that cannot be read."""
    cards = [
        ThemeCard(
            theme.name, theme.name, text or theme.display_name, text or theme.description, theme.icon,
            text or "devtime", 12,
            side_of(theme.variables) or "", theme.variables,
            len(find_weak_pairs(theme.variables, base_tokens("dark"))) if text else 0,
            not text, theme.name == "tide", bool(text),
        )
        for theme in list_themes()
    ]  # fmt: skip
    return ThemesView(
        make_tabs("/themes"), tuple(cards), cards[0], False, {}, cards[1] if tried else None, "/themes.json", True
    )


def make_theme_edit(text: str = "") -> ThemeEditView:
    """A theme being made."""
    variables = dict(list_themes()[0].variables) | {"--text-dark": "#555555"}
    base = base_tokens("dark")
    fields = tuple(
        TokenField(name, TOKENS[name].meaning, text or variables.get(name, ""), base[name],
                   base[name].startswith("#"), "#123456",
                   "is no colour such as #4fd1bf" if text else "")
        for name in THEME_TOKENS
    )  # fmt: skip
    weak = tuple(
        WeakNote(each.front, each.ground, each.ratio, each.needed) for each in find_weak_pairs(variables, base)
    )
    dropped = ((HOSTILE[0], "is not a token a theme may set"),) if text else ()
    errors = {"name": "is taken"} if text else {}
    values = {"name": text or "night-harbour", "version": "1.0.0", "icon": "🎨"}
    return ThemeEditView(make_tabs("/themes"), values, "dark", fields, variables, weak, dropped, errors)
