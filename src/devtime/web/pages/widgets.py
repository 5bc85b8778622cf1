"""Widgets as a page embeds them: the document of their frame, and what it is started with."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Forbidden, NotFound
from devtime.marketplace.active import ActivePlugin, find_active
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.widget_tokens import DRAFT, LASTS_MS, sign_widget_token
from devtime.web.pages.frame import Page, answer_json
from devtime.web.widget_frame import draw_frame, frame_headers


class WidgetStart(msgspec.Struct, frozen=True):
    """What a widget is started with. `lasts_ms` is how long the token holds; another can be asked for before that."""

    token: str
    lasts_ms: int
    script: str = ""
    settings: dict[str, object] = {}


@get("/widget-frame")
async def show_draft_frame(identity: NamedDependency[Identity]) -> Page:
    """The frame of a script that is being written; it reaches nothing."""
    return Response(content=draw_frame(), media_type="text/html", headers=frame_headers())


@get("/widget-frame/{name:str}")
async def show_frame(name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The frame of an installed widget, which reaches the hosts its user granted."""
    plugin = await _find_widget(parts, identity, name)
    return Response(content=draw_frame(), media_type="text/html", headers=frame_headers(plugin.granted.hosts))


@post("/widget-token", status_code=200)
async def start_draft(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """A token for a script that is being written: it reads, and calls its author's own plugins."""
    return answer_json(WidgetStart(_sign(parts, identity, DRAFT), LASTS_MS))


@post("/widget-token/{name:str}", status_code=200)
async def start_widget(name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The script of an installed widget in the version its user accepted, its settings, and a token."""
    plugin = await _find_widget(parts, identity, name)
    token = _sign(parts, identity, plugin.plugin_id)
    return answer_json(WidgetStart(token, LASTS_MS, plugin.script, dict(plugin.settings)))


async def _find_widget(parts: Parts, identity: Identity, name: str) -> ActivePlugin:
    plugin = await find_active(parts.database, identity.user_id, name[:64])
    if plugin is None or plugin.plugin_type != "widget":
        raise NotFound("no such widget is installed, or it may not run any more")
    return plugin


def _sign(parts: Parts, identity: Identity, plugin_id: UUID) -> str:
    if identity.session_digest is None:
        raise Forbidden("widgets live on pages of people who are signed in")
    return sign_widget_token(identity.session_digest, identity.user_id, plugin_id, parts.clock() + LASTS_MS)
