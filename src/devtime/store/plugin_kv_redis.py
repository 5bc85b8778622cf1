"""The key-value store of plugins in Redis or Valkey. One hash tag a user, so a cluster keeps a user together."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, cast
from uuid import UUID

import redis.asyncio as redis
from redis.exceptions import RedisError, ResponseError

from devtime.kernel.errors import Invalid, Unavailable
from devtime.store.plugin_kv import (
    NOT_A_NUMBER,
    Quota,
    check_key,
    check_step,
    check_ttl,
    check_value,
    too_many_keys,
    too_much,
)

# KEYS: the value, and the sizes of all values of this plugin and user. ARGV: key, value, seconds (0: for ever), keys,
# bytes, and what to add (empty: set). Sizes of what expired are forgotten when room is needed.
_WRITE = """
local function sizes()
  local keys, bytes = 0, 0
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    if all[i] ~= ARGV[1] then keys = keys + 1; bytes = bytes + tonumber(all[i + 1]) end
  end
  return keys, bytes
end
local value, ttl = ARGV[2], tonumber(ARGV[3])
if ARGV[6] ~= '' then
  local old = redis.call('GET', KEYS[1])
  if old and (not string.match(old, '^-?%d+$') or #old > 20) then return {'number'} end
  value = old or '0'
end
local keys, bytes = sizes()
if keys >= tonumber(ARGV[4]) or bytes + #ARGV[1] + #value + 20 > tonumber(ARGV[5]) then
  for _, name in ipairs(redis.call('HKEYS', KEYS[2])) do
    if redis.call('EXISTS', string.sub(KEYS[1], 1, #KEYS[1] - #ARGV[1]) .. name) == 0 then
      redis.call('HDEL', KEYS[2], name)
    end
  end
  keys, bytes = sizes()
end
if keys >= tonumber(ARGV[4]) then return {'keys'} end
if bytes + #ARGV[1] + #value > tonumber(ARGV[5]) then return {'bytes'} end
if ARGV[6] ~= '' then
  local done = redis.pcall('INCRBY', KEYS[1], ARGV[6])
  if type(done) == 'table' and done.err then return {'number'} end
  value = redis.call('GET', KEYS[1])
elseif ttl > 0 then redis.call('SET', KEYS[1], value, 'EX', ttl)
else redis.call('SET', KEYS[1], value) end
redis.call('HSET', KEYS[2], ARGV[1], #ARGV[1] + #value)
return {'ok', value}
"""


class RedisKv:
    """Values in Redis: keys `p:{user}:<plugin>:<key>`. Nobody hands commands of plugins on."""

    def __init__(self, url: str, quota: Quota | None = None) -> None:
        """Connects when first asked."""
        make = cast("Any", redis.Redis).from_url
        self._client: Any = make(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
        self._write_script: Any = self._client.register_script(_WRITE)
        self._quota = quota or Quota()

    async def get(self, user_id: UUID, plugin: str, key: str) -> str | None:
        """The string that was set; None when there is none, or it expired."""
        check_key(key, self._quota)
        return await self._ask(self._client.get(_name(user_id, plugin, key)))

    async def set(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int | None = None) -> None:
        """Keep a string, for so many seconds if told."""
        check_value(value, self._quota)
        check_ttl(ttl_s)
        await self._write(user_id, plugin, key, value, ttl_s or 0, "")

    async def delete(self, user_id: UUID, plugin: str, key: str) -> bool:
        """Forget a key; answers whether it was there."""
        check_key(key, self._quota)
        await self._ask(self._client.hdel(_sizes(user_id, plugin), key))
        return bool(await self._ask(self._client.delete(_name(user_id, plugin, key))))

    async def increment(self, user_id: UUID, plugin: str, key: str, by: int = 1) -> int:
        """Add to a whole number; one that is not there counts as 0. Answers the sum."""
        check_step(by)
        return int(await self._write(user_id, plugin, key, "", 0, str(by)))

    async def expire(self, user_id: UUID, plugin: str, key: str, ttl_s: int) -> bool:
        """Let a key live so many seconds more; answers whether it is there."""
        check_key(key, self._quota)
        check_ttl(ttl_s)
        return bool(await self._ask(self._client.expire(_name(user_id, plugin, key), ttl_s)))

    async def ttl(self, user_id: UUID, plugin: str, key: str) -> int | None:
        """The seconds a key has left; None when it stays, or is not there."""
        check_key(key, self._quota)
        left: int = await self._ask(self._client.ttl(_name(user_id, plugin, key)))
        return left if left >= 0 else None

    async def clear(self, user_id: UUID, plugin: str) -> None:
        """Forget all of a plugin and user."""
        names: list[str] = await self._ask(self._client.hkeys(_sizes(user_id, plugin)))
        doomed = [_name(user_id, plugin, name) for name in names]
        await self._ask(self._client.delete(_sizes(user_id, plugin), *doomed))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _write(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int, by: str) -> str:
        check_key(key, self._quota)
        names = [_name(user_id, plugin, key), _sizes(user_id, plugin)]
        quota = self._quota
        done = await self._ask(self._write_script(keys=names, args=[key, value, ttl_s, quota.keys, quota.bytes, by]))
        match done:
            case ["ok", written]:
                return written
            case ["keys"]:
                raise too_many_keys(quota)
            case ["bytes"]:
                raise too_much(quota)
            case _:
                raise Invalid("", NOT_A_NUMBER)

    async def _ask(self, asked: Awaitable[Any]) -> Any:
        try:
            return await asked
        except ResponseError as error:
            raise Unavailable(f"Redis refused a command: {error}") from error
        except (RedisError, OSError, TimeoutError) as error:
            raise Unavailable(f"Redis cannot be reached: {error}. Is it running, is REDIS_URL right?") from error


def _name(user_id: UUID, plugin: str, key: str) -> str:
    return f"p:{{{user_id}}}:{plugin}:{key}"


def _sizes(user_id: UUID, plugin: str) -> str:
    return f"s:{{{user_id}}}:{plugin}"
