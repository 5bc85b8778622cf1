"""The key-value store of plugins: exact strings and counters, private to a plugin and a user, in a table or in Redis.

Which of the two is the instance's choice; plugins cannot tell. What is written survives a crash of DevTime, and but for
the last half second also one of the database.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

import msgspec

from devtime.kernel.errors import Invalid


class Quota(msgspec.Struct, frozen=True):
    """What one plugin may keep for one user."""

    keys: int = 1_000
    key_chars: int = 256
    value_bytes: int = 65_536
    bytes: int = 1 << 20


class PluginKv(Protocol):
    """Values of one plugin and user at a time. Every call raises Invalid in words for the plugin's author."""

    async def get(self, user_id: UUID, plugin: str, key: str) -> str | None:
        """The string that was set; None when there is none, or it expired."""
        ...

    async def set(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int | None = None) -> None:
        """Keep a string, for so many seconds if told."""
        ...

    async def delete(self, user_id: UUID, plugin: str, key: str) -> bool:
        """Forget a key; answers whether it was there."""
        ...

    async def increment(self, user_id: UUID, plugin: str, key: str, by: int = 1) -> int:
        """Add to a whole number; one that is not there counts as 0. Answers the sum."""
        ...

    async def expire(self, user_id: UUID, plugin: str, key: str, ttl_s: int) -> bool:
        """Let a key live so many seconds more; answers whether it is there."""
        ...

    async def ttl(self, user_id: UUID, plugin: str, key: str) -> int | None:
        """The seconds a key has left; None when it stays, or is not there."""
        ...

    async def clear(self, user_id: UUID, plugin: str) -> None:
        """Forget all of a plugin and user: it was removed."""
        ...

    async def close(self) -> None:
        """Let go of connections of its own."""
        ...


NOT_A_NUMBER = "the value is not a whole number, so nothing can be added to it"
_LARGEST = 2**63


def check_key(key: str, quota: Quota) -> None:
    """Refuse a key that is empty, too long or no text."""
    if not 0 < len(key) <= quota.key_chars:
        raise Invalid("", f"a key has 1 to {quota.key_chars} characters")
    _check_text(key)


def check_value(value: str, quota: Quota) -> int:
    """Refuse a value that is too large or no text; answers its size in bytes."""
    size = len(_check_text(value))
    if size > quota.value_bytes:
        raise Invalid("", f"a value has at most {quota.value_bytes} bytes; this one has {size}")
    return size


def check_ttl(ttl_s: int | None) -> None:
    """Refuse a lifetime that is none."""
    if ttl_s is not None and not 0 < ttl_s <= 10 * 366 * 86_400:
        raise Invalid("", "a lifetime is a number of seconds, up to ten years")


def check_step(by: int) -> None:
    """Refuse to add what no counter holds."""
    if not -_LARGEST < by < _LARGEST:
        raise Invalid("", "the number is too large")


def too_many_keys(quota: Quota) -> Invalid:
    """The error of one key too many."""
    return Invalid("", f"the plugin keeps {quota.keys} keys for this user already; delete some")


def too_much(quota: Quota) -> Invalid:
    """The error of one byte too many."""
    return Invalid("", f"the plugin would keep more than {quota.bytes} bytes for this user; delete something")


def _check_text(text: str) -> bytes:
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        raise Invalid("", "half a character is no text") from None
    if b"\0" in encoded:
        raise Invalid("", "text cannot hold the character NUL")
    return encoded
