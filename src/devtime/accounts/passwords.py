"""Passwords: argon2id, computed in a thread, and the same work for a name nobody has."""

from __future__ import annotations

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from devtime.kernel.errors import Invalid

SHORTEST = 10
LONGEST = 1024

# 32 MiB and three passes, some 85 ms (decision 0004). Two at a time, so that a burst of logins cannot eat memory.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE = 2


def check_password(password: str, field: str = "password") -> str:
    """The password as it is hashed (one Unicode spelling); Invalid when it is too short or too long."""
    try:
        password.encode()
    except UnicodeEncodeError:
        raise Invalid(field, "holds characters that are not text") from None
    if len(password) < SHORTEST:
        raise Invalid(field, f"takes {SHORTEST} characters at least")
    if len(password) > LONGEST:
        raise Invalid(field, f"takes {LONGEST} characters at most")
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashing and checking, off the event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str, field: str = "password") -> str:
        """The argon2 hash to store; Invalid when the password is refused."""
        accepted = check_password(password, field)
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, accepted)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. `stored` None (no such user, or no password yet) costs as much time."""
        async with self._turns:
            return await asyncio.to_thread(_verify, stored, password)


def needs_rehash(stored: str) -> bool:
    """True when the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        accepted = check_password(password)
    except Invalid:
        stored, accepted = None, "a password that was never accepted"
    try:
        return _HASHER.verify(stored or _nobodys(), accepted) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """A hash no password has, to spend the usual time on."""
    return _HASHER.hash("nobody's password")
