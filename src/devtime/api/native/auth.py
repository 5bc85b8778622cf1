"""`POST /api/auth/token`: an API key for whoever knows a password, or is signed in already."""

from __future__ import annotations

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from devtime.accounts.keys import create_key
from devtime.accounts.login import check_login
from devtime.api.documents import USUAL, problems
from devtime.api.native.keys import answer_new_key
from devtime.kernel.errors import Forbidden, Invalid
from devtime.server.guards import require_identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, peer_address
from devtime.wire.access import NewKeyAnswer, TokenRequest

_MOST_BYTES = 16 * 1024
"""Anybody may send this."""


@post(
    "/auth/token",
    request_max_body_size=_MOST_BYTES,
    responses=problems(*USUAL, 409, 413, 429),
    tags=["Keys"],
    summary="Get a key",
)
async def create_token(
    request: AnyRequest, parts: NamedDependency[Parts], data: JSONBody[TokenRequest | None] = None
) -> NewKeyAnswer:
    """With `username` (or `email`) and `password`, or with a session or a key of scope `full`."""
    asked = data or TokenRequest()
    user_id = await _of_password(request, parts, asked) if asked.password is not None else await _of_request(request)
    return answer_new_key(await create_key(parts.database, user_id, asked.name, asked.scope))


async def _of_password(request: AnyRequest, parts: Parts, asked: TokenRequest) -> UUID:
    name = asked.username or asked.email
    if not name:
        raise Invalid("username", "is missing")
    peer = peer_address(request.scope, parts.settings)
    parts.limits.take_login(peer, name)
    user = await check_login(parts.database, parts.passwords, name, asked.password or "")
    parts.limits.forgive_login(peer, name)
    return user.id


async def _of_request(request: AnyRequest) -> UUID:
    identity = await require_identity(request)
    if not identity.allows():
        raise Forbidden(f"this key's scope is {identity.scope}; full is needed")
    return identity.user_id
