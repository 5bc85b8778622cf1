"""Making one's own account, as the server's policy allows."""

from __future__ import annotations

from devtime.accounts.invitations import use_invitation
from devtime.accounts.policy import fetch_policy
from devtime.accounts.users import Role, User, create_user
from devtime.kernel.errors import Forbidden
from devtime.store.database import Database


async def sign_up(
    database: Database, *, username: str, password_hash: str, email: str | None = None, invite: str = ""
) -> User:
    """The account made; Forbidden when the policy says no, NotFound for an invitation that no longer holds."""
    async with database.transaction() as connection:
        policy = await fetch_policy(connection)
        if policy == "closed":
            raise Forbidden("sign-up is closed on this server")
        if policy == "invite" and not invite:
            raise Forbidden("sign-up needs an invitation")
        role: Role = await use_invitation(connection, invite) if invite else "member"
        return await create_user(connection, username, role=role, email=email, password_hash=password_hash)
