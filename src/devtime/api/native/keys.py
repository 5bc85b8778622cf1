"""`/api/keys`: one's own API keys, listed, made, renamed and revoked."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from devtime.accounts.keys import Key, NewKey, create_key, list_keys, rename_key, revoke_key, spell_uuid
from devtime.api.documents import USUAL, problems
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.access import KeyAnswer, KeyRename, KeyRequest, KeysAnswer, NewKeyAnswer


@get("/keys", guards=[requires("read")], responses=problems(*USUAL), tags=["Keys"], summary="List the keys")
async def list_own_keys(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> KeysAnswer:
    """The keys of whoever asks; never the keys themselves, only how they begin."""
    keys = await list_keys(parts.database, identity.user_id)
    return KeysAnswer(keys=[answer_key(key) for key in keys])


@post("/keys", guards=[requires("full")], responses=problems(*USUAL, 409), tags=["Keys"], summary="Make a key")
async def create_own_key(
    data: JSONBody[KeyRequest], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> NewKeyAnswer:
    """A key that may do what its scope says: `ingest` sends heartbeats, `read` reads, `full` does everything."""
    return answer_new_key(await create_key(parts.database, identity.user_id, data.name, data.scope))


@patch(
    "/keys/{key_id:uuid}",
    guards=[requires("full")],
    responses=problems(*USUAL, 404),
    tags=["Keys"],
    summary="Rename a key",
)
async def rename_own_key(
    key_id: FromPath[UUID],
    data: JSONBody[KeyRename],
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> KeysAnswer:
    """Give a key another name; answers all keys."""
    await rename_key(parts.database, identity.user_id, key_id, data.name)
    keys = await list_keys(parts.database, identity.user_id)
    return KeysAnswer(keys=[answer_key(key) for key in keys])


@delete(
    "/keys/{key_id:uuid}",
    guards=[requires("full")],
    responses=problems(*USUAL, 404),
    tags=["Keys"],
    summary="Revoke a key",
)
async def revoke_own_key(
    key_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> None:
    """From now on the key is refused."""
    await revoke_key(parts.database, identity.user_id, key_id)
    parts.identities.forget(identity.user_id)


def answer_key(key: Key) -> KeyAnswer:
    """A key as it is listed."""
    return KeyAnswer(
        id=str(key.id),
        name=key.name,
        prefix=key.prefix,
        scope=key.scope,
        created_at=to_rfc3339(key.created_ms),
        last_used_at=None if key.last_used_ms is None else to_rfc3339(key.last_used_ms),
    )


def answer_new_key(new: NewKey) -> NewKeyAnswer:
    """A key just made, with its secret."""
    listed = answer_key(new.key)
    return NewKeyAnswer(
        id=listed.id,
        name=listed.name,
        prefix=listed.prefix,
        scope=listed.scope,
        created_at=listed.created_at,
        last_used_at=None,
        key=new.secret,
        token=new.secret,
        uuid=spell_uuid(new.secret),
    )
