"""Who is asking: the type handlers receive. How it is found out lives in `identities`, what it may do in `guards`."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.accounts.users import Role
from devtime.wire.access import KeyScope


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated user, and by which credential: `key_id` for an API key, `session_digest` for a web session."""

    user_id: UUID
    username: str
    role: Role
    timezone: str
    week_start: int
    scope: KeyScope
    key_id: UUID | None = None
    session_digest: bytes | None = None

    @property
    def credential(self) -> UUID:
        """What rate limits count by: the key, or the user for sessions."""
        return self.key_id or self.user_id

    def allows(self, *scopes: KeyScope) -> bool:
        """True when the credential has one of these scopes, or all of them."""
        return self.scope == "full" or self.scope in scopes
