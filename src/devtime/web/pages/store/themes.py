"""Themes: to choose, to try, to make and to publish; and the style sheet of the one that is worn."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.marketplace.themes import (
    Theme,
    ThemeDraft,
    apply_theme,
    delete_theme,
    fetch_worn,
    list_themes,
    publish_theme,
)
from devtime.plugins.kinds.theme.tokens import THEME_TOKENS, read_variables, side_of
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.themes import compose_edit, compose_themes
from devtime.web.design.theme_sheet import draw_theme_sheet
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import SKIN, THEME_COOKIE, Page, answer_html, answer_json, chrome_of, go_to, read_word
from devtime.web.pages.store.looking import viewer_of
from devtime.web.pages.store.publishing import read_file

_MOST_FILE_BYTES = 256 * 1024
_YEAR_S = 31_536_000
_NEW = {"version": "1.0.0", "icon": "🎨"}
_LABELS = ("name", "display_name", "description", "version", "icon")
_NOTHING: Mapping[str, str] = {}


@get(SKIN)
async def show_sheet(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Response[bytes]:
    """What the reader's pages wear, or with `try` a theme to look at. Asked for by every page, answered 304 mostly."""
    variables: Mapping[str, str] = {}
    tried = read_word(request, "try")
    if tried:
        found = await _find_theme(parts, tried)
        variables = found.variables if found else {}
    elif visitor is not None:
        variables = (await fetch_worn(parts.database, visitor.user_id)).merged
    body = draw_theme_sheet(variables).encode()
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Cookie"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known:
        return Response(content=b"", status_code=304, headers=headers)
    return Response(content=body, media_type="text/css", headers=headers)


@get(["/themes", "/themes.json"])
async def show_themes(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The choice; with `try` the page wears that theme."""
    view = await compose_themes(parts.database, viewer_of(identity), identity.user_id, read_word(request, "try"))
    if request.url.path.endswith(".json"):
        return answer_json(view)
    skin = f"{SKIN}?try={view.tried.name}" if view.tried else ""
    side = view.tried.side if view.tried else ""
    return answer_html("store/themes", view, chrome_of(request, identity, skin=skin, side=side))


@post("/themes/apply")
async def choose_theme(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Wear a theme, or none. The pages turn to the side it dresses, so that it is seen."""
    told = (await read_form(request)).get("theme", "")
    if not told:
        await apply_theme(parts.database, identity.user_id, None, {})
        return go_to("/themes", "The pages look as they came.")
    theme_id = _read_id(told)
    await apply_theme(parts.database, identity.user_id, theme_id, {})
    worn = await fetch_worn(parts.database, identity.user_id)
    return _wear(worn.merged, f"“{worn.theme.display_name}” is in use." if worn.theme else "")


@get("/themes/new")
async def show_edit(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The form: with `from` the tokens of that theme, otherwise those one has made for oneself."""
    name = read_word(request, "from")
    found = await _find_theme(parts, name) if name else None
    told = found.variables if found else (await fetch_worn(parts.database, identity.user_id)).custom_vars
    return await _answer(request, parts, identity, _NEW, told)


@post("/themes/new")
async def save_edit(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Show it, wear it, or publish it."""
    form = await read_form(request)
    told = {name: form.get(name, "") for name in THEME_TOKENS}
    kept, refused = read_variables({name: value for name, value in told.items() if value.strip()})
    action = form.get("action", "preview")
    if refused or action == "preview":
        return await _answer(request, parts, identity, form, told)
    if action == "keep":
        await apply_theme(parts.database, identity.user_id, None, kept)
        return _wear(kept, "Your own colours are in use.")
    try:
        parts.limits.take_publish(identity)
        theme_id = await publish_theme(
            parts.database,
            identity.user_id,
            ThemeDraft(variables=kept, **{name: form.get(name, "").strip() for name in _LABELS}),
        )
    except Invalid as error:
        errors = (
            {"": f"Nothing to publish: it {error.reason}."}
            if error.field == "variables"
            else {error.field: error.reason}
        )
        return await _answer(request, parts, identity, form, told, errors)
    except (Conflict, Forbidden) as error:
        return await _answer(request, parts, identity, form, told, {"name": str(error)})
    await apply_theme(parts.database, identity.user_id, theme_id, {})
    return _wear(kept, f"“{form.get('display_name', '').strip()}” is published, and in use.")


@post("/themes/import", request_max_body_size=_MOST_FILE_BYTES)
async def import_theme(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Fill the form from a JSON file; what cannot be used is told, and nothing is published."""
    try:
        body = _read_theme(await read_file(request))
    except Invalid as error:
        return await _answer(request, parts, identity, _NEW, {}, {"file": error.reason})
    kept, dropped = read_variables(cast("dict[str, object]", body["variables"]))
    labels = {name: value for name in _LABELS if isinstance(value := body.get(name), str)}
    view = await compose_edit(parts.database, viewer_of(identity), {**_NEW, **labels}, kept, dropped=dropped)
    return answer_html("store/theme_edit", view, chrome_of(request, identity))


@post("/themes/{theme_id:uuid}/delete")
async def remove_theme(
    theme_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Take a theme out, as its author or as an admin."""
    as_author = None if viewer_of(identity).is_admin else identity.user_id
    await delete_theme(parts.database, as_author, theme_id)
    return go_to("/themes", "The theme is gone.")


def _wear(variables: Mapping[str, str], told: str) -> Page:
    page = go_to("/themes", told)
    if side := side_of(variables):
        page.cookies.append(Cookie(THEME_COOKIE, value=side, max_age=_YEAR_S, samesite="lax"))
    return page


def _read_theme(content: bytes) -> dict[str, Any]:
    """The theme in a file: `{"name": …, "variables": {…}}`, or the variables alone."""
    try:
        body = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("file", "is no theme: it is not a JSON object") from None
    if "variables" not in body and any(name.startswith("--") for name in body):
        return {"variables": body}
    if not isinstance(body.get("variables"), dict):
        raise Invalid("file", "is no theme: it has no variables")
    return body


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("there is no such theme") from None


async def _find_theme(parts: Parts, name: str) -> Theme | None:
    return next((theme for theme in await list_themes(parts.database, name) if theme.name == name), None)


async def _answer(
    request: AnyRequest,
    parts: Parts,
    identity: Identity,
    values: Mapping[str, str],
    told: Mapping[str, str],
    errors: Mapping[str, str] = _NOTHING,
) -> Page:
    view = await compose_edit(parts.database, viewer_of(identity), values, told, errors=errors)
    status = 400 if view.errors else 200
    return answer_html("store/theme_edit", view, chrome_of(request, identity), status=status)
