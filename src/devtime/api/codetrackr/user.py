"""`GET /api/v1/user/me` and `POST /api/v1/user/profile/update`: one's own account."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from devtime.accounts.profile import FLAGS, change_profile
from devtime.accounts.users import fetch_user
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.wire.codetrackr_answers import Me, ProfileChanges, Updated

_COPIED = (
    "username", "display_name", "email", "avatar_url", "plan", "bio", "website", "country", "timezone", *FLAGS,
)  # fmt: skip

_PROFILE_BODY = {
    "type": "object",
    "properties": {
        "bio": {"type": ["string", "null"], "maxLength": 2000},
        "website": {"type": ["string", "null"], "maxLength": 256},
        **{flag: {"type": ["boolean", "null"]} for flag in FLAGS},
    },
}


@get("/user/me", guards=[requires("read")], responses=plain_errors(*USUAL), summary="One's own account")
async def get_me(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Me:
    """The account the key belongs to."""
    user = await fetch_user(parts.database, identity.user_id)
    copied = {name: getattr(user, name) for name in _COPIED}
    return Me(id=str(user.id), is_admin=user.role != "member", created_at=to_rfc3339(user.created_at), **copied)


@post(
    "/user/profile/update",
    status_code=200,
    guards=[requires("full")],
    responses=plain_errors(*USUAL),
    operation_class=takes(_PROFILE_BODY),
    summary="Change the profile",
)
async def update_profile(body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Updated:
    """What is absent or null stays; an empty text removes what was there."""
    changes = msgspec.json.decode(body, type=ProfileChanges)
    flags = {name: getattr(changes, name) for name in FLAGS}
    await change_profile(parts.database, identity.user_id, bio=changes.bio, website=changes.website, flags=flags)
    return Updated()
