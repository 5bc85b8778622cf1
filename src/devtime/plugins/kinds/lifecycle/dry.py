"""Keys of a rehearsal: what is written is kept for this run only, what is read comes from below."""

from __future__ import annotations

from uuid import UUID

from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.lifecycle.host import Kv

_MOST_KEYS = 1_000
_MOST_BYTES = 65_536
_LARGEST = 2**63


class DryKv:
    """One run's keys over those of the store."""

    def __init__(self, below: Kv) -> None:
        self._below = below
        self._written: dict[str, str | None] = {}
        self._lifetimes: dict[str, int] = {}

    async def get(self, user_id: UUID, plugin: str, key: str) -> str | None:
        """What this run wrote, or what is there."""
        below = await self._below.get(user_id, plugin, key)
        return self._written.get(key, below)

    async def set(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int | None = None) -> None:
        """Keep a string until the run ends."""
        if len(value.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
            raise Invalid("", f"a value has at most {_MOST_BYTES} bytes")
        await self._write(user_id, plugin, key, value)
        self._lifetimes.pop(key, None)
        if ttl_s is not None:
            self._lifetimes[key] = ttl_s

    async def delete(self, user_id: UUID, plugin: str, key: str) -> bool:
        """Forget a key until the run ends; answers whether it was there."""
        was_there = await self.get(user_id, plugin, key) is not None
        await self._write(user_id, plugin, key, None)
        return was_there

    async def increment(self, user_id: UUID, plugin: str, key: str, by: int = 1) -> int:
        """Add to a whole number."""
        text = await self.get(user_id, plugin, key) or "0"
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or not -_LARGEST <= int(text) + by < _LARGEST:
            raise Invalid("", "the value is not a whole number, so nothing can be added to it")
        await self._write(user_id, plugin, key, str(int(text) + by))
        return int(text) + by

    async def expire(self, user_id: UUID, plugin: str, key: str, ttl_s: int) -> bool:
        """Note how long a key would live; answers whether it is there."""
        is_there = await self.get(user_id, plugin, key) is not None
        if is_there:
            self._lifetimes[key] = ttl_s
        return is_there

    async def ttl(self, user_id: UUID, plugin: str, key: str) -> int | None:
        """How long it would live."""
        if key in self._lifetimes or key in self._written:
            return self._lifetimes.get(key)
        return await self._below.ttl(user_id, plugin, key)

    async def _write(self, user_id: UUID, plugin: str, key: str, value: str | None) -> None:
        # Asked for the errors it has about keys.
        await self._below.get(user_id, plugin, key)
        if len(self._written) >= _MOST_KEYS and key not in self._written:
            raise Invalid("", f"a plugin keeps {_MOST_KEYS} keys at the most")
        self._written[key] = value
