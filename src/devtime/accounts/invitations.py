"""Invitations: a link that lets one person make an account, with a role. Only a digest of the token is kept."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

from devtime.accounts.digests import digest_secret
from devtime.accounts.names import read_label
from devtime.accounts.permissions import check_may_grant, check_may_see_people
from devtime.accounts.policy import fetch_policy
from devtime.accounts.users import fetch_user
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.errors import Conflict, NotFound
from devtime.kernel.ids import new_secret
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load

LASTS_MS = 7 * DAY_MS

_QUERIES = load("devtime.accounts")

InvitedRole = Literal["admin", "member"]


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that can still be used. `id` names it in lists and lets nobody in."""

    id: str
    role: InvitedRole
    note: str
    created_by: UUID
    created_by_name: str
    created_ms: int
    expires_ms: int


async def create_invitation(database: Database, actor_id: UUID, role: InvitedRole, note: str = "") -> str:
    """The token for `/signup?invite=…`: good once, within seven days. Conflict while sign-up is closed."""
    check_may_grant(await fetch_user(database, actor_id), role)
    if await fetch_policy(database) == "closed":
        raise Conflict("sign-up is closed; allow invitations first")
    token, now, label = new_secret(), now_ms(), read_label(note, "note")
    digest = digest_secret(token)
    await database.execute(_QUERIES["insert_invitation"], digest, actor_id, role, label, now, now + LASTS_MS)
    return token


async def list_invitations(connection: Executor) -> list[Invitation]:
    """Invitations that can still be used, oldest first."""
    return [_from_row(row) for row in await connection.fetch(_QUERIES["list_invitations"], now_ms())]


async def find_invitation(connection: Executor, token: str) -> Invitation | None:
    """The invitation of the token; None when it was used, withdrawn or is too old."""
    row = await connection.fetchrow(_QUERIES["fetch_invitation"], digest_secret(token), now_ms())
    return None if row is None else _from_row(row)


async def revoke_invitation(database: Database, actor_id: UUID, invitation_id: str) -> None:
    """Withdraw an invitation nobody has used."""
    check_may_see_people(await fetch_user(database, actor_id))
    try:
        digest = bytes.fromhex(invitation_id)
    except ValueError:
        digest = b""
    if await database.fetchval(_QUERIES["delete_invitation"], digest) is None:
        raise NotFound("there is no such invitation")


async def use_invitation(connection: Connection, token: str) -> InvitedRole:
    """Use it up, inside the transaction that makes the account; answers the role it gives.

    Whoever invited must still be allowed to: who lost a role gives it to nobody.
    """
    invitation = await find_invitation(connection, token)
    used = await connection.fetchval(_QUERIES["use_invitation"], digest_secret(token), now_ms())
    if invitation is None or used is None:
        raise NotFound("this invitation was used already, withdrawn, or is too old")
    check_may_grant(await fetch_user(connection, invitation.created_by), invitation.role)
    return invitation.role


def _from_row(row: Row) -> Invitation:
    return Invitation(
        id=row["token_digest"].hex(),
        role=row["role"],
        note=row["note"],
        created_by=row["created_by"],
        created_by_name=row["created_by_name"],
        created_ms=row["created_at"],
        expires_ms=row["expires_at"],
    )
