"""`/api/v1/themes`: published, installed and worn."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, RawBody

from devtime.api.codetrackr.store_shapes import read_body, theme_entry
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.errors import Invalid
from devtime.marketplace.themes import (
    VARIABLES,
    ThemeDraft,
    apply_theme,
    fetch_worn,
    install_theme,
    list_installed_themes,
    list_themes,
    publish_theme,
    uninstall_theme,
)
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.store import ActiveTheme, ApplyRequest, Done, ThemeList

_ERRORS = plain_errors(*USUAL, 404, 409, 429)
_VARIABLES = {"type": "object", "properties": {name: {"type": "string"} for name in VARIABLES}}
_PUBLISH = {
    "type": "object",
    "required": ["name", "display_name", "variables"],
    "properties": {
        "name": {"type": "string"},
        "display_name": {"type": "string"},
        "description": {"type": ["string", "null"]},
        "version": {"type": ["string", "null"]},
        "icon": {"type": ["string", "null"]},
        "variables": _VARIABLES,
    },
}
_APPLY = {"type": "object", "properties": {"theme_id": {"type": ["string", "null"]}, "custom_vars": _VARIABLES}}


@get("/themes", security=[{}], responses=plain_errors(400, 503), summary="The themes there are")
async def get_themes(
    parts: NamedDependency[Parts], q: FromQuery[str] = "", limit: FromQuery[int] = 100, offset: FromQuery[int] = 0
) -> ThemeList:
    """Most installed first."""
    return ThemeList([theme_entry(theme) for theme in await list_themes(parts.database, q, limit, offset)])


@get("/themes/installed", guards=[requires("read")], responses=_ERRORS, summary="The themes one has at hand")
async def get_installed_themes(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> ThemeList:
    """In the order they were installed."""
    return ThemeList([theme_entry(theme) for theme in await list_installed_themes(parts.database, identity.user_id)])


@get("/themes/active", guards=[requires("read")], responses=_ERRORS, summary="What the pages wear")
async def get_active_theme(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> ActiveTheme:
    """The theme's variables, and one's own that go over them."""
    worn = await fetch_worn(parts.database, identity.user_id)
    theme = worn.theme
    if theme is None:
        return ActiveTheme(active_theme_id=None, variables={}, custom_vars=worn.custom_vars)
    return ActiveTheme(
        active_theme_id=str(theme.id),
        theme_name=theme.name,
        theme_display_name=theme.display_name,
        theme_icon=theme.icon,
        variables=theme.variables,
        custom_vars=worn.custom_vars,
    )


@post(
    "/themes/publish",
    status_code=200,
    guards=[requires("full")],
    responses=_ERRORS,
    operation_class=takes(_PUBLISH),
    summary="Publish a theme, or its next version",
)
async def post_theme(body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Done:
    """Variables that are not known, or set to more than a colour or length, are left out."""
    parts.limits.take_publish(identity)
    await publish_theme(parts.database, identity.user_id, read_body(body, ThemeDraft))
    return Done("published")


@post(
    "/themes/install/{theme_id:uuid}",
    status_code=200,
    guards=[requires("full")],
    responses=_ERRORS,
    summary="Have a theme at hand",
)
async def post_theme_install(
    theme_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Done:
    """Applying it is another step."""
    await install_theme(parts.database, identity.user_id, theme_id)
    return Done("installed")


@delete(
    "/themes/uninstall/{theme_id:uuid}",
    status_code=200,
    guards=[requires("full")],
    responses=_ERRORS,
    summary="Put a theme away",
)
async def delete_theme_install(
    theme_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Done:
    """Who wears it wears the pages' own again."""
    await uninstall_theme(parts.database, identity.user_id, theme_id)
    return Done("uninstalled")


@post(
    "/themes/apply",
    status_code=200,
    guards=[requires("full")],
    responses=_ERRORS,
    operation_class=takes(_APPLY),
    summary="Wear a theme",
)
async def post_theme_apply(body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Done:
    """Without `theme_id`, none; without `custom_vars`, one's own stay."""
    told = read_body(body, ApplyRequest, may_be_empty=True)
    await apply_theme(parts.database, identity.user_id, _read_id(told.theme_id), told.custom_vars)
    return Done("applied")


def _read_id(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise Invalid("theme_id", "is the id of a theme") from None
