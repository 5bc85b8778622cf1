"""What the archive of an account tells of the account itself: the profile, and the names of its keys."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.accounts.keys import list_keys
from devtime.accounts.users import fetch_user
from devtime.kernel.clock import to_rfc3339
from devtime.store.database import Database

_HIDDEN = frozenset({"password_hash", "is_disabled"})
_INSTANTS = frozenset({"created_at", "updated_at"})


async def archive_account(database: Database, user_id: UUID) -> dict[str, object]:
    """The documents by file name. No secret is among them."""
    user = msgspec.structs.asdict(await fetch_user(database, user_id))
    profile = {
        name: to_rfc3339(value) if name in _INSTANTS else value for name, value in user.items() if name not in _HIDDEN
    }
    keys = [
        {
            "name": key.name,
            "prefix": key.prefix,
            "scope": key.scope,
            "created_at": to_rfc3339(key.created_ms),
            "last_used_at": None if key.last_used_ms is None else to_rfc3339(key.last_used_ms),
        }
        for key in await list_keys(database, user_id)
    ]
    return {"profile.json": profile, "keys.json": keys}
