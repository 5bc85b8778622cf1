"""Changes one account makes to another: roles, disabling, deleting. The server never loses its last owner."""

from __future__ import annotations

from uuid import UUID

from devtime.accounts.permissions import check_may_change, check_may_grant
from devtime.accounts.users import Role, User, announce_user, fetch_user, lock_accounts
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.errors import Conflict, NotFound
from devtime.store.database import Connection, Database, Executor
from devtime.store.sqlfile import load

UNDOABLE_MS = 7 * DAY_MS
"""How long what a plugin did can be undone."""

_QUERIES = load("devtime.accounts")


async def change_role(database: Database, actor_id: UUID, user_id: UUID, role: Role) -> None:
    """Give the account another role."""
    async with database.transaction() as connection:
        actor, target = await _both(connection, actor_id, user_id)
        check_may_change(actor, target)
        check_may_grant(actor, role)
        if role != "owner":
            await _check_owner_remains(connection, target)
        await connection.execute(_QUERIES["update_role"], user_id, role, now_ms())
        await announce_user(connection, user_id)


async def disable_account(database: Database, actor_id: UUID, user_id: UUID) -> None:
    """Let the account in no more: its keys are refused and its sessions ended; nothing of it is lost."""
    async with database.transaction() as connection:
        actor, target = await _both(connection, actor_id, user_id)
        check_may_change(actor, target)
        await _check_owner_remains(connection, target)
        await connection.execute(_QUERIES["update_disabled"], user_id, True, now_ms())
        await connection.execute(_QUERIES["delete_sessions"], user_id, b"")
        await announce_user(connection, user_id)


async def enable_account(database: Database, actor_id: UUID, user_id: UUID) -> None:
    """Let the account in again."""
    async with database.transaction() as connection:
        actor, target = await _both(connection, actor_id, user_id)
        check_may_change(actor, target)
        await connection.execute(_QUERIES["update_disabled"], user_id, False, now_ms())
        await announce_user(connection, user_id)


async def delete_account(database: Database, actor_id: UUID, user_id: UUID) -> None:
    """Really delete an account, one's own or another's: heartbeats, slots, keys, sessions, everything.

    Conflict when the last owner would leave others behind.
    """
    async with database.transaction() as connection:
        actor, target = await _both(connection, actor_id, user_id)
        if actor_id != user_id:
            check_may_change(actor, target)
        if await connection.fetchval(_QUERIES["count_other_users"], user_id):
            await _check_owner_remains(connection, target)
        await _erase(connection, user_id)


async def fetch_deletion(connection: Executor, user_id: UUID) -> int | None:
    """When the account goes, in epoch milliseconds, if a plugin deleted it; None when none did."""
    asked_ms: int | None = await connection.fetchval(_QUERIES["fetch_deletion"], user_id)
    return None if asked_ms is None else asked_ms + UNDOABLE_MS


async def undo_deletion(database: Database, user_id: UUID) -> bool:
    """Keep an account that a plugin deleted; False when none did."""
    async with database.transaction() as connection:
        is_undone = await connection.fetchval(_QUERIES["undo_deletion"], user_id, now_ms())
        await announce_user(connection, user_id)
    return bool(is_undone)


async def delete_due(database: Database, now: int) -> int:
    """Really delete the accounts that plugins deleted 7 days ago; answers how many.

    The last owner of a server that others use stays: the server would be nobody's.
    """
    deleted = 0
    for row in await database.fetch(_QUERIES["list_due_deletions"], now - UNDOABLE_MS):
        async with database.transaction() as connection:
            await lock_accounts(connection)
            if not await connection.fetchval(_QUERIES["lock_due_deletion"], row["id"], now - UNDOABLE_MS):
                continue
            target = await fetch_user(connection, row["id"])
            if await connection.fetchval(_QUERIES["count_other_users"], target.id):
                try:
                    await _check_owner_remains(connection, target)
                except Conflict:
                    continue
            await _erase(connection, target.id)
            deleted += 1
    return deleted


async def _erase(connection: Connection, user_id: UUID) -> None:
    # The row that whoever records heartbeats locks first: deleting in the same order, neither waits in vain.
    await connection.execute(_QUERIES["delete_activity_settings"], user_id)
    await connection.execute(_QUERIES["delete_key_lookups"], user_id)
    await connection.execute(_QUERIES["delete_user"], user_id)
    await announce_user(connection, user_id)


async def _both(connection: Connection, actor_id: UUID, user_id: UUID) -> tuple[User, User]:
    await lock_accounts(connection)
    if await connection.fetchval(_QUERIES["is_builtin"], user_id):
        raise NotFound("this account does not exist")
    return await fetch_user(connection, actor_id), await fetch_user(connection, user_id)


async def _check_owner_remains(connection: Connection, target: User) -> None:
    if target.role == "owner" and not await connection.fetchval(_QUERIES["count_other_owners"], target.id):
        raise Conflict("this is the last owner; make somebody else owner first")
