"""Proving to be somebody by a password, and changing it."""

from __future__ import annotations

from uuid import UUID

from devtime.accounts.passwords import Passwords, needs_rehash
from devtime.accounts.sessions import revoke_sessions
from devtime.accounts.users import User, fetch_user, find_user, store_password
from devtime.kernel.errors import Invalid, Unauthenticated
from devtime.store.database import Database


async def check_login(database: Database, passwords: Passwords, name: str, password: str) -> User:
    """The user of that username or e-mail address and password; Unauthenticated, never saying which was wrong."""
    user = await find_user(database, name)
    stored = user.password_hash if user is not None else None
    is_right = await passwords.verify(stored, password)
    if user is None or stored is None or not is_right or user.is_disabled:
        raise Unauthenticated("the user name or the password is wrong")
    if needs_rehash(stored):
        await store_password(database, user.id, await passwords.hash(password))
    return user


async def change_password(
    database: Database, passwords: Passwords, user_id: UUID, current: str, password: str, *, keep: bytes = b""
) -> None:
    """Set a new password and end all sessions but the one whose digest is `keep`.

    Invalid("current") when the present password is wrong; an account without one needs none.
    """
    user = await fetch_user(database, user_id)
    if user.password_hash is not None and not await passwords.verify(user.password_hash, current):
        raise Invalid("current", "is not your password")
    hashed = await passwords.hash(password)
    async with database.transaction() as connection:
        await store_password(connection, user_id, hashed)
        await revoke_sessions(connection, user_id, keep=keep)
