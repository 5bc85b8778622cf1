"""`/api/v1/store`: what a user does with plugins: install, accept, set up, rate, review, report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody

from devtime.api.codetrackr.store_shapes import read_body, store_plugin
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.marketplace.installs import accept, fetch_accepted, install, list_installed, uninstall
from devtime.marketplace.moderation import report
from devtime.marketplace.opinions import add_screenshot, rate, review
from devtime.marketplace.panels import list_panels, order_panels
from devtime.marketplace.settings import change_settings, fetch_settings
from devtime.plugins.grants import Grants, parse_grants
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.store import (
    AcceptedScript,
    Done,
    GrantRequest,
    InstalledPlugins,
    NativePlugins,
    Ordered,
    OrderRequest,
    PanelEntry,
    Panels,
    PluginInstalled,
    RateRequest,
    ReportRequest,
    ReviewRequest,
    ScreenshotRequest,
    SettingsAnswer,
    VersionAccepted,
)

_FULL = [requires("full")]
_READ = [requires("read")]
_ERRORS = plain_errors(*USUAL, 404, 409)
_FLOODS = plain_errors(*USUAL, 404, 409, 429)
_GRANTED = {
    "type": "object",
    "properties": {
        "granted": {"type": ["object", "null"], "description": "`hosts` and `scopes` the user agreed to."},
        "revision": {"type": ["integer", "null"], "description": "The revision that was looked at."},
    },
}
_TEXT = {"type": "string"}

Id = FromPath[UUID]
Own = NamedDependency[Identity]
Server = NamedDependency[Parts]


def _fields(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


@post(
    "/store/install/{plugin_id:uuid}",
    status_code=200,
    guards=_FULL,
    responses=_ERRORS,
    operation_class=takes(_GRANTED),
    summary="Install a plugin",
)
async def install_plugin(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> PluginInstalled:
    """With the plugins it needs. Without `granted` it gets nothing beyond what every plugin may."""
    asked = read_body(body, GrantRequest, may_be_empty=True)
    outcome = await install(parts.database, identity.user_id, plugin_id, _granted(asked))
    return PluginInstalled(status="installed", also=outcome.also, missing=outcome.missing)


@delete(
    "/store/uninstall/{plugin_id:uuid}", status_code=200, guards=_FULL, responses=_ERRORS, summary="Uninstall a plugin"
)
async def uninstall_plugin(plugin_id: Id, parts: Server, identity: Own) -> Done:
    """What it needed stays. Its keys go, its settings stay for the next time."""
    name = await uninstall(parts.database, identity.user_id, plugin_id)
    if name is not None:
        await parts.plugins.runtime.forget_keys(identity.user_id, name)
    return Done("uninstalled")


@get("/store/installed", guards=_READ, responses=_ERRORS, summary="The installed plugins")
async def get_installed(parts: Server, identity: Own) -> InstalledPlugins:
    """In the order they were installed."""
    installed = await list_installed(parts.database, identity.user_id)
    return InstalledPlugins([store_plugin(one.listing) for one in installed])


@get("/store/plugin/{plugin_id:uuid}/accepted", guards=_READ, responses=_ERRORS, summary="What runs of a plugin")
async def get_accepted(plugin_id: Id, parts: Server, identity: Own) -> AcceptedScript:
    """The newest version, unless it asks for more than the user was shown."""
    accepted = await fetch_accepted(parts.database, identity.user_id, plugin_id)
    return AcceptedScript(accepted.version, accepted.script)


@post(
    "/store/plugin/{plugin_id:uuid}/accept",
    status_code=200,
    guards=_FULL,
    responses=_ERRORS,
    operation_class=takes(_GRANTED),
    summary="Run the newest version",
)
async def accept_version(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> VersionAccepted:
    """Of what it asks for it gets `granted`; without that, what it had."""
    asked = read_body(body, GrantRequest, may_be_empty=True)
    return VersionAccepted(await accept(parts.database, identity.user_id, plugin_id, _granted(asked), asked.revision))


@get("/store/plugin/{plugin_id:uuid}/settings", guards=_READ, responses=_ERRORS, summary="One's settings of a plugin")
async def get_settings(plugin_id: Id, parts: Server, identity: Own) -> SettingsAnswer:
    """Defaults, and over them what was chosen."""
    found = await fetch_settings(parts.database, identity.user_id, plugin_id)
    return SettingsAnswer(found.settings, found.settings_schema)


@put(
    "/store/plugin/{plugin_id:uuid}/settings",
    guards=_FULL,
    responses=_ERRORS,
    operation_class=takes({"type": "object"}),
    summary="Set a plugin up",
)
async def put_settings(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> SettingsAnswer:
    """An object of settings, which must fit the plugin's schema."""
    told = read_body(body, dict[str, Any])
    found = await change_settings(parts.database, identity.user_id, plugin_id, told)
    return SettingsAnswer(found.settings, found.settings_schema)


@post(
    "/store/plugin/{plugin_id:uuid}/rate",
    status_code=200,
    guards=_FULL,
    responses=_FLOODS,
    operation_class=takes(_fields(["rating"], rating={"type": "integer", "minimum": 1, "maximum": 5})),
    summary="Give stars",
)
async def rate_plugin(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> Done:
    """1 to 5, instead of those given before."""
    parts.limits.take_opinion(identity)
    await rate(parts.database, identity.user_id, plugin_id, read_body(body, RateRequest).rating)
    return Done("rated")


@post(
    "/store/plugin/{plugin_id:uuid}/review",
    status_code=200,
    guards=_FULL,
    responses=_FLOODS,
    operation_class=takes(_fields(["body"], body=_TEXT)),
    summary="Write a review",
)
async def review_plugin(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> Done:
    """Instead of the one written before."""
    parts.limits.take_opinion(identity)
    await review(parts.database, identity.user_id, plugin_id, read_body(body, ReviewRequest).body)
    return Done("reviewed")


@post(
    "/store/plugin/{plugin_id:uuid}/screenshot",
    status_code=200,
    guards=_FULL,
    responses=_FLOODS,
    operation_class=takes(_fields(["url"], url=_TEXT, caption=_TEXT)),
    summary="Add a screenshot",
)
async def add_plugin_screenshot(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> Done:
    """By its address, http or https. The server does not fetch it."""
    parts.limits.take_opinion(identity)
    told = read_body(body, ScreenshotRequest)
    await add_screenshot(parts.database, identity.user_id, plugin_id, told.url, told.caption)
    return Done("added")


@post(
    "/store/report/{plugin_id:uuid}",
    status_code=200,
    guards=_FULL,
    responses=_FLOODS,
    operation_class=takes(
        _fields(
            ["reason"],
            reason={"enum": ["spam", "malware", "inappropriate", "broken", "other"]},
            description=_TEXT,
        )
    ),
    summary="Report a plugin",
)
async def report_plugin(plugin_id: Id, body: RawBody, parts: Server, identity: Own) -> Done:
    """Tells the admins of this server."""
    parts.limits.take_report(identity)
    told = read_body(body, ReportRequest)
    await report(parts.database, identity.user_id, plugin_id, told.reason, told.description)
    return Done("reported")


@get("/plugins", security=[{}], responses=plain_errors(503), summary="Plugins compiled into the server")
async def get_plugins() -> NativePlugins:
    """None: plugins are in the store."""
    return NativePlugins()


@get("/plugins/panels", guards=_READ, responses=_ERRORS, summary="The panels of the dashboard")
async def get_panels(parts: Server, identity: Own) -> Panels:
    """With their scripts, in the order that was saved."""
    panels = await list_panels(parts.database, identity.user_id)
    return Panels([
        PanelEntry(**{name: getattr(panel, name) for name in PanelEntry.__struct_fields__ if name != "plugin_id"},
                   plugin_id=str(panel.plugin_id))
        for panel in panels
    ])  # fmt: skip


@post(
    "/dashboard/order",
    status_code=200,
    guards=_FULL,
    responses=_ERRORS,
    operation_class=takes(_fields(["panel_names"], panel_names={"type": "array", "items": _TEXT, "maxItems": 100})),
    summary="Order the panels",
)
async def save_order(body: RawBody, parts: Server, identity: Own) -> Ordered:
    """Names of installed plugins; those not named come after."""
    await order_panels(parts.database, identity.user_id, read_body(body, OrderRequest).panel_names)
    return Ordered()


def _granted(asked: GrantRequest) -> Grants | None:
    return None if asked.granted is None else parse_grants(asked.granted)
