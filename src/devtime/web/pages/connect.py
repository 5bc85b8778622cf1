"""`/connect`: getting a first editor to send."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency

from devtime.accounts.keys import create_key, list_keys
from devtime.kernel.errors import Conflict
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.listing import fetch_latest
from devtime.web import links
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, go_to
from devtime.web.snippets import list_clients
from devtime.web.views.connect import Arrival, ConnectView


@get(["/connect", "/connect.json"])
async def show_connect(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page, live: it says when the first heartbeat arrives."""
    view = await _compose(request, parts, identity, "")
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("connect", view, chrome_of(request, identity, is_live=True))


@post("/connect/key")
async def make_key(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Make a key that may only send, and fill it into the snippets, this once."""
    try:
        made = await create_key(parts.database, identity.user_id, "Editor", "ingest")
    except Conflict as error:
        return go_to("/settings/keys", str(error), kind="failed")
    view = await _compose(request, parts, identity, made.secret)
    return answer_html("connect", view, chrome_of(request, identity))


async def _compose(request: AnyRequest, parts: Parts, identity: Identity, key: str) -> ConnectView:
    address = parts.settings.public_url or str(request.base_url).rstrip("/")
    latest = await fetch_latest(parts.database, identity.user_id)
    arrival = None
    if latest is not None:
        span = (latest.time_ms, latest.time_ms + 1)
        arrival = Arrival(latest.time_ms, latest.tool, latest.project, links.heartbeats_path(*span))
    return ConnectView(
        zone=identity.timezone,
        now_ms=parts.clock(),
        address=address,
        clients=list_clients(address, key),
        has_key=bool(key),
        keys=len(await list_keys(parts.database, identity.user_id)),
        latest=arrival,
    )
