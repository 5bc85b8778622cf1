"""The store's list and what its pages share: cards, tabs, and what plugins may do in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args
from uuid import UUID

import msgspec

from devtime.marketplace.drafts import CATEGORIES
from devtime.marketplace.installs import Installed, list_installed
from devtime.marketplace.listings import Listing, Search, Sort, count_by_category, search_listings
from devtime.marketplace.looking import count_own
from devtime.plugins.grants import Grants
from devtime.store.database import Database
from devtime.web.links import query
from devtime.web.views.parts import Choice
from devtime.web.views.store import Asked, InstallState, PluginCard, StoreTab, StoreView

PAGE = 24
PATH = "/plugin-store"
_SORTS: Mapping[Sort, str] = {
    "installs": "Popular",
    "rating": "Best rated",
    "newest": "New",
    "updated": "Updated",
    "name": "A–Z",
}
_KINDS = {"": "All kinds", "widget": "Widgets", "lifecycle": "Background"}
CATEGORY_NAMES = {"ai": "AI"}

_NEVER = "It never sees passwords, keys or other people’s data."
BASICS: Mapping[str, tuple[str, ...]] = {
    "widget": (
        "It draws a panel on your dashboard, and nothing outside of it.",
        "It may read what is recorded for you: projects, languages, files, and when.",
        _NEVER,
    ),
    "lifecycle": (
        "It runs on the server: when heartbeats arrive, about once a minute, or when its panel asks.",
        "It may read what is recorded for you: projects, languages, files, and when.",
        "It may change your profile, reviews and plugin settings, and delete your account; 7 days to undo that.",
        _NEVER,
    ),
}


class Viewer(msgspec.Struct, frozen=True):
    """Who looks at the store; `user_id` None is a stranger."""

    user_id: UUID | None
    username: str = ""
    is_admin: bool = False


class Question(msgspec.Struct, frozen=True):
    """What the address asks for."""

    words: str = ""
    category: str = ""
    kind: str = ""
    sort: Sort = "installs"
    page: int = 1

    def href(self, path: str = PATH, **changes: str | int) -> str:
        """The same with something changed; another page than the first only if told."""
        fields = {"q": self.words, "category": self.category, "kind": self.kind, "sort": self.sort, **changes}
        plain = {name: str(value) for name, value in fields.items() if value and (name, value) not in _PLAIN}
        return path + query({}, **plain)


_PLAIN = {("sort", "installs"), ("page", 1)}


def read_sort(word: str) -> Sort:
    """The order of that name, or the usual one."""
    return next((sort for sort in get_args(Sort) if sort == word), "installs")


async def compose_store(database: Database, viewer: Viewer, asked: Question) -> StoreView:
    """The list, as the viewer sees it."""
    search = Search(
        words=asked.words,
        category=asked.category or None,
        plugin_type=asked.kind or None,
        sort=asked.sort,
        limit=PAGE,
        offset=(asked.page - 1) * PAGE,
    )
    found = await search_listings(database, search)
    counts = await count_by_category(database)
    installed = await _installed(database, viewer)
    pages = max(1, -(-found.total // PAGE))
    page = min(asked.page, pages)
    categories = [name for name in CATEGORIES if name in counts or name == asked.category]
    return StoreView(
        tabs=await compose_tabs(database, viewer, PATH),
        cards=tuple(card_of(listing, viewer, installed.get(listing.id)) for listing in found.listings),
        total=found.total,
        search=asked.words,
        category=asked.category,
        categories=(
            Choice("", "All", asked.href(category=""), not asked.category),
            *[
                Choice(name, category_name(name), asked.href(category=name), name == asked.category)
                for name in categories
            ],
        ),
        sorts=tuple(Choice(key, name, asked.href(sort=key), key == asked.sort) for key, name in _SORTS.items()),
        kinds=tuple(Choice(key, name, asked.href(kind=key), key == asked.kind) for key, name in _KINDS.items()),
        kept=tuple(
            (name, value)
            for name, value in (("category", asked.category), ("kind", asked.kind), ("sort", asked.sort))
            if value and (name, value) not in _PLAIN
        ),
        page=page,
        pages=pages,
        prev_href=asked.href(page=page - 1) if page > 1 else "",
        next_href=asked.href(page=page + 1) if page < pages else "",
        json_href=asked.href(f"{PATH}.json", page=page),
        is_empty=not counts,
        has_installed=bool(installed),
        is_stranger=viewer.user_id is None,
    )


async def compose_tabs(database: Database, viewer: Viewer, current: str) -> tuple[StoreTab, ...]:
    """The pages of the family, with what is behind them; a stranger has only the store."""
    if viewer.user_id is None:
        return (StoreTab("Store", PATH, is_current=True),)
    counts = await count_own(database, viewer.user_id)
    tabs = [
        ("Store", PATH, 0),
        ("Installed", "/plugins", counts.installed),
        ("Mine", "/plugins/mine", counts.mine),
        ("Themes", "/themes", 0),
    ]
    if viewer.is_admin:
        tabs.append(("Moderation", "/plugins/reports", counts.reports))
    return tuple(StoreTab(label, href, href == current, count) for label, href, count in tabs)


def card_of(listing: Listing, viewer: Viewer, installed: Installed | None = None) -> PluginCard:
    """The plugin as it is listed."""
    state: InstallState = "" if installed is None else "update" if installed.is_waiting else "installed"
    return PluginCard(
        name=listing.name,
        display_name=listing.display_name,
        description=listing.description or "",
        icon=listing.icon,
        author=listing.author_username,
        kind=listing.plugin_type,
        category=category_name(listing.category),
        version=listing.version,
        installs=listing.install_count,
        rating=listing.avg_rating,
        ratings=listing.rating_count,
        href=plugin_path(listing.name),
        is_builtin=listing.is_builtin,
        is_mine=listing.author_id == viewer.user_id,
        state=state,
    )


def plugin_path(name: str, page: str = "") -> str:
    """The page of a plugin, or one of its pages."""
    return f"/plugin/{name}/{page}" if page else f"/plugin/{name}"


def category_name(category: str) -> str:
    """How a category is written."""
    return CATEGORY_NAMES.get(category, category.capitalize())


def asked_of(asked: Grants, granted: Grants, new: Grants | None = None) -> tuple[Asked, ...]:
    """What is asked for, one by one. `new` is what was not asked before."""
    fresh = new or Grants()
    hosts = [
        Asked(f"host:{host}", Grants(hosts=(host,)).describe()[0], host in granted.hosts, host in fresh.hosts)
        for host in asked.hosts
    ]
    scopes = [
        Asked(f"scope:{scope}", sentence, scope in granted.scopes, scope in fresh.scopes)
        for scope in asked.scopes
        for sentence in Grants(scopes=(scope,)).describe()
    ]
    return (*hosts, *scopes)


def read_granted(form: Mapping[str, str], asked: Sequence[Grants]) -> Grants:
    """What of the asked the boxes of a form allow."""
    hosts = {host for each in asked for host in each.hosts if form.get(f"host:{host}") == "1"}
    scopes = {scope for each in asked for scope in each.scopes if form.get(f"scope:{scope}") == "1"}
    return Grants(tuple(sorted(hosts)), tuple(sorted(scopes)))


async def _installed(database: Database, viewer: Viewer) -> dict[UUID, Installed]:
    if viewer.user_id is None:
        return {}
    return {each.listing.id: each for each in await list_installed(database, viewer.user_id)}
