"""`POST /api/v1/plugins/{name}/rpc/{handler}` and `/api/v1/cteditor/run`: lifecycle plugins, called and tried."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from devtime.api.documents import USUAL, plain_errors, takes
from devtime.plugins.kinds.lifecycle import HOOKS
from devtime.server.guards import calls_plugins, requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.plugins import HandlerFailed, Tried
from devtime.wire.codetrackr_answers import EditorRun, EditorTried, HandlerError

_MOST_BYTES = 512 << 10
_ANY = {"description": "Whatever the endpoint takes; no body is `{}`."}
_PREFIXES = {"warn": "[WARN] ", "error": "[ERROR] "}


@post(
    "/plugins/{name:str}/rpc/{handler:str}",
    status_code=200,
    request_max_body_size=_MOST_BYTES,
    guards=[calls_plugins],
    responses=plain_errors(*USUAL, 404, 413, 422, 429, 504),
    operation_class=takes(_ANY),
    summary="Call an endpoint of a plugin",
)
async def call_plugin(
    name: FromPath[str],
    handler: FromPath[str],
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> Response[Any]:
    """Runs the endpoint of an installed plugin for whoever asks, and answers what it answers as JSON."""
    parts.limits.take_rpc(identity.user_id)
    try:
        answer = await parts.plugins.run_rpc(identity.user_id, name, handler, body, may_call=identity.may_call)
    except HandlerFailed as failed:
        late = failed.status == 504
        error = HandlerError(
            error=failed.detail if late else "Plugin handler failed", detail=None if late else failed.detail
        )
        return Response(content=error, status_code=failed.status, media_type="application/json")
    return Response(content=answer, media_type="application/json")


@post(
    "/cteditor/run",
    status_code=200,
    request_max_body_size=_MOST_BYTES,
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 413, 429),
    summary="Try a lifecycle plugin",
)
async def run_editor(
    data: JSONBody[EditorRun], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> EditorTried:
    """Runs the code in the sandbox on the own data; unless `is_dry` is false, nothing it writes is kept."""
    parts.limits.take_rpc(identity.user_id)
    is_known = data.trigger in HOOKS or data.trigger.startswith("rpc:")
    tried = await parts.plugins.run_studio(
        identity.user_id,
        data.code,
        data.trigger if is_known else "on_heartbeat",
        body_json=msgspec.json.encode(data.rpc_body) if data.rpc_body is not None else b"{}",
        is_dry=data.is_dry,
    )
    return _as_editor(tried, data.trigger)


def _as_editor(tried: Tried, trigger: str) -> EditorTried:
    lines = [f"{_PREFIXES.get(line.level, '')}{line.text}" for line in tried.ended.outcome.logs]
    trouble = tried.ended.trouble
    if not tried.ended.is_found:
        trouble = f"there is no {trigger} in the script"
    if trigger.startswith("rpc:") and not trouble:
        lines.append(tried.ended.value_json)
    return EditorTried(success=not trouble, stdout="\n".join(lines), stderr=trouble)
