"""`/settings/keys`: make, see and revoke API keys."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.accounts.keys import NewKey, create_key, list_keys, read_scope, revoke_key, spell_uuid
from devtime.kernel.errors import Conflict, Invalid
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to
from devtime.web.views.settings import KeyRow, KeysView


@get("/settings/keys")
async def show_keys(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page."""
    return await _answer(request, parts, identity, None, {})


@post("/settings/keys")
async def add_key(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Make a key and show its secret, this once."""
    form = await read_form(request)
    try:
        scope = read_scope(form.get("scope", "full"))
        made = await create_key(parts.database, identity.user_id, form.get("name"), scope)
    except Invalid as error:
        return await _answer(request, parts, identity, None, {error.field: error.reason})
    except Conflict as error:
        return await _answer(request, parts, identity, None, {"name": str(error)})
    return await _answer(request, parts, identity, made, {})


@post("/settings/keys/{key_id:uuid}/revoke")
async def remove_key(
    key_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Revoke a key: it is refused from now on, everywhere."""
    await revoke_key(parts.database, identity.user_id, key_id)
    return go_to("/settings/keys", "The key is revoked.")


async def _answer(
    request: AnyRequest, parts: Parts, identity: Identity, made: NewKey | None, errors: Mapping[str, str]
) -> Page:
    rows = tuple(
        KeyRow(str(key.id), key.name, key.prefix, key.scope, key.created_ms, key.last_used_ms)
        for key in await list_keys(parts.database, identity.user_id)
    )
    view = KeysView(
        zone=identity.timezone,
        now_ms=parts.clock(),
        keys=rows,
        new_key=made.secret if made else "",
        new_key_name=made.key.name if made else "",
        new_key_uuid=spell_uuid(made.secret) if made else "",
        errors=errors,
    )
    return answer_html("settings/keys", view, chrome_of(request, identity), status=400 if errors else 200)
