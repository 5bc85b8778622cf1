"""`/api/plugins/check` and `/publish`: what authors do with a script before it is in the store, and to put it there."""

from __future__ import annotations

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from devtime.api.documents import USUAL, problems
from devtime.kernel.errors import Invalid
from devtime.marketplace.drafts import Draft
from devtime.marketplace.listings import fetch_listing_by_name
from devtime.marketplace.publishing import publish
from devtime.plugins.kit.checking import check_script
from devtime.plugins.kit.javascript import to_javascript
from devtime.plugins.kit.shape import PluginType, infer_type
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.plugin_checks import (
    CheckAnswer,
    CheckProblem,
    CheckRequest,
    PublishAnswer,
    PublishRequest,
)

_MOST_BYTES = 768 << 10


@post(
    "/plugins/check",
    status_code=200,
    request_max_body_size=_MOST_BYTES,
    guards=[requires("full")],
    responses=problems(*USUAL, 413, 429),
    tags=["Plugins"],
    summary="Check a script",
)
async def check_plugin(
    data: JSONBody[CheckRequest], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> CheckAnswer:
    """What is wrong with a script, found without running it."""
    parts.limits.take_rpc(identity.user_id)
    found = await check_script(
        parts.plugins.runtime.pool,
        data.script,
        _type_of(data.plugin_type, data.script),
        hosts=tuple(data.hosts),
        key=str(identity.user_id),
    )
    return CheckAnswer([CheckProblem(one.line, one.column, one.severity, one.code, one.message) for one in found])


@post(
    "/plugins/publish",
    status_code=200,
    request_max_body_size=_MOST_BYTES,
    guards=[requires("full")],
    responses=problems(*USUAL, 409, 413, 429),
    tags=["Plugins"],
    summary="Publish a plugin",
)
async def publish_own_plugin(
    data: JSONBody[PublishRequest], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> PublishAnswer:
    """Puts a plugin into the store, or its author's next version. What cannot be read is refused with its place."""
    parts.limits.take_rpc(identity.user_id)
    kind = _type_of(data.plugin_type, data.script)
    script = await to_javascript(parts.plugins.runtime.pool, data.script, kind, key=str(identity.user_id))
    draft = msgspec.structs.replace(
        msgspec.convert(msgspec.structs.asdict(data), Draft), plugin_type=kind, script=script, source=data.script
    )
    done = await publish(parts.database, identity.user_id, draft)
    listing = await fetch_listing_by_name(parts.database, data.name)
    return PublishAnswer(
        listing.name,
        listing.display_name,
        listing.version,
        done.revision,
        done.is_new,
        f"/plugin/{listing.name}",
    )


def _type_of(told: str | None, script: str) -> PluginType:
    if told is None:
        return infer_type(script)
    if told not in ("widget", "lifecycle"):
        raise Invalid("plugin_type", "is widget or lifecycle")
    return told
