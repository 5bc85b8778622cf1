"""`/api/v1/keys`: one's own API keys, in CodeTrackr's shape."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody

from devtime.accounts.keys import create_key, list_keys, rename_key, revoke_key
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.access import KeyRename, KeyRequest
from devtime.wire.codetrackr_answers import CreatedKey, KeyCreated, KeyDeleted, KeyEntry, KeyRenamed, Keys

_NAME = {"type": "string", "minLength": 1, "maxLength": 128}
_NEW_KEY = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"], "maxLength": 128},
        "scope": {"enum": ["ingest", "read", "full"], "default": "full"},
    },
}


@get("/keys", guards=[requires("read")], responses=plain_errors(*USUAL), summary="List the keys")
async def get_keys(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Keys:
    """Only how each begins; the keys themselves are stored nowhere."""
    return Keys(
        [
            KeyEntry(
                id=str(key.id),
                name=key.name,
                key_prefix=key.prefix,
                last_used_at=None if key.last_used_ms is None else to_rfc3339(key.last_used_ms),
                created_at=to_rfc3339(key.created_ms),
                scope=key.scope,
            )
            for key in await list_keys(parts.database, identity.user_id)
        ]
    )


@post(
    "/keys",
    status_code=200,
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 409),
    operation_class=takes(_NEW_KEY),
    summary="Make a key",
)
async def post_key(body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> KeyCreated:
    """The key is told this once. A request without a body makes one that may do everything."""
    asked = msgspec.json.decode(body or b"{}", type=KeyRequest)
    new = await create_key(parts.database, identity.user_id, asked.name, asked.scope)
    key = new.key
    return KeyCreated(
        CreatedKey(
            id=str(key.id),
            name=key.name,
            key=new.secret,
            created_at=to_rfc3339(key.created_ms),
            scope=key.scope,
        )
    )


@patch(
    "/keys/{key_id:uuid}",
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 404),
    operation_class=takes({"type": "object", "required": ["name"], "properties": {"name": _NAME}}),
    summary="Rename a key",
)
async def patch_key(
    key_id: FromPath[UUID], body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> KeyRenamed:
    """Give the key another name."""
    asked = msgspec.json.decode(body, type=KeyRename)
    return KeyRenamed(await rename_key(parts.database, identity.user_id, key_id, asked.name))


@delete(
    "/keys/{key_id:uuid}",
    status_code=200,
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 404),
    summary="Revoke a key",
)
async def delete_key(
    key_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> KeyDeleted:
    """From now on the key is refused."""
    await revoke_key(parts.database, identity.user_id, key_id)
    parts.identities.forget(identity.user_id)
    return KeyDeleted()
