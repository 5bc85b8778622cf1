"""The pages of themes: which there are, which is worn, and one that is being made."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from devtime.marketplace.themes import Theme, fetch_worn, list_themes
from devtime.plugins.kinds.theme.contrast import find_weak_pairs
from devtime.plugins.kinds.theme.tokens import COLOUR_TOKENS, THEME_TOKENS, read_variables, side_of
from devtime.store.database import Database
from devtime.web.compose.store import Viewer, compose_tabs
from devtime.web.design.theme_sheet import base_tokens
from devtime.web.design.tokens import TOKENS
from devtime.web.views.themes import ThemeCard, ThemeEditView, ThemesView, TokenField, WeakNote

BUILTIN = "devtime"
_NOTHING: Mapping[str, str] = {}


async def compose_themes(database: Database, viewer: Viewer, user_id: UUID, tried: str) -> ThemesView:
    """All of them, the worn one marked. `tried` is the name of one to look at."""
    worn = await fetch_worn(database, user_id)
    active_id = worn.theme.id if worn.theme else None
    cards = tuple(_card(theme, viewer, theme.id == active_id) for theme in await list_themes(database))
    return ThemesView(
        tabs=await compose_tabs(database, viewer, "/themes"),
        cards=cards,
        active=next((card for card in cards if card.is_active), None),
        has_custom=bool(worn.custom_vars),
        custom=worn.merged,
        tried=next((card for card in cards if card.name == tried), None),
        json_href="/themes.json",
        can_moderate=viewer.is_admin,
    )


async def compose_edit(
    database: Database,
    viewer: Viewer,
    values: Mapping[str, str],
    told: Mapping[str, str],
    *,
    errors: Mapping[str, str] = _NOTHING,
    dropped: Mapping[str, str] = _NOTHING,
) -> ThemeEditView:
    """The form. `told` are the tokens as they were typed."""
    kept, refused = read_variables({name: value for name, value in told.items() if value.strip()})
    wrong = {**refused, **errors}
    side = side_of(kept) or ("light" if values.get("side") == "light" else "dark")
    base = base_tokens(side)
    fields = tuple(
        TokenField(
            name=name,
            meaning=TOKENS[name].meaning,
            value=told.get(name, ""),
            base=base[name],
            is_colour=name in COLOUR_TOKENS,
            picked=(kept.get(name) or base[name])[:7],
            error=wrong.get(name, ""),
        )
        for name in THEME_TOKENS
    )
    weak = [WeakNote(each.front, each.ground, each.ratio, each.needed) for each in find_weak_pairs(kept, base)]
    return ThemeEditView(
        tabs=await compose_tabs(database, viewer, "/themes"),
        values=values,
        side=side,
        fields=fields,
        variables={**base, **kept},
        weak=tuple(weak),
        dropped=tuple((name[:100], reason) for name, reason in dropped.items()),
        errors=wrong,
    )


def _card(theme: Theme, viewer: Viewer, is_active: bool) -> ThemeCard:
    kept, _ = read_variables(theme.variables)
    side = side_of(kept)
    return ThemeCard(
        id=str(theme.id),
        name=theme.name,
        display_name=theme.display_name,
        description=theme.description or "",
        icon=theme.icon,
        author=theme.author_username,
        installs=theme.install_count,
        side=side or "",
        variables=kept,
        weak=len(find_weak_pairs(kept, base_tokens(side or "light"))),
        is_builtin=theme.author_username == BUILTIN,
        is_active=is_active,
        is_mine=theme.author_username == viewer.username,
    )
