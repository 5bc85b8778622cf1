"""The key-value store of plugins, in the table and in a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from devtime.accounts.users import create_user
from devtime.kernel.errors import Invalid, Unavailable
from devtime.kernel.ids import new_uuid
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.store.plugin_kv import PluginKv, Quota
from devtime.store.plugin_kv_redis import RedisKv
from devtime.store.plugin_kv_table import TableKv

_QUOTA = Quota(keys=20, value_bytes=1_000, bytes=4_000)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder, "s")
        words = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        server = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL)
        try:
            while not socket.exists():
                assert server.poll() is None
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(params=["table", "redis"])
async def kept(request: pytest.FixtureRequest, database_address: Address) -> AsyncIterator[tuple[PluginKv, UUID, UUID]]:
    database = await Database.open(database_address.dsn())
    users: list[UUID] = []
    for name in ("ada", "bob"):
        async with database.transaction() as connection:
            users.append((await create_user(connection, name)).id)
    kv: PluginKv
    kv = (
        TableKv(database, _QUOTA) if request.param == "table" else RedisKv(request.getfixturevalue("redis_url"), _QUOTA)
    )
    yield kv, users[0], users[1]
    await kv.close()
    await database.close()


Kept = tuple[PluginKv, UUID, UUID]


@pytest.mark.parametrize("value", ["", "0", " 1 ", "null", "ü€😀", "a\r\nb\t", "x" * 1_000, '{"a": 1}', "\x01", "007"])
async def test_strings_come_back_exactly(kept: Kept, value: str) -> None:
    kv, ada, _ = kept
    assert await kv.get(ada, "p", "k") is None
    await kv.set(ada, "p", "k", value)
    assert await kv.get(ada, "p", "k") == value


async def test_counting_begins_at_nought_and_goes_on_from_a_string(kept: Kept) -> None:
    kv, ada, _ = kept
    assert await kv.increment(ada, "p", "new") == 1
    await kv.set(ada, "p", "k", "0")
    assert await kv.increment(ada, "p", "k") == 1
    assert await kv.increment(ada, "p", "k", -5) == -4
    assert await kv.get(ada, "p", "k") == "-4"


@pytest.mark.parametrize("value", ["", "x", "1.5", "1 ", "9223372036854775807", "٣", "9" * 30])
async def test_what_is_no_number_cannot_be_counted_on(kept: Kept, value: str) -> None:
    kv, ada, _ = kept
    await kv.set(ada, "p", "k", value)
    with pytest.raises(Invalid, match="not a whole number"):
        await kv.increment(ada, "p", "k")
    assert await kv.get(ada, "p", "k") == value


async def test_nobody_sees_keys_of_another_user_or_plugin(kept: Kept) -> None:
    kv, ada, bob = kept
    await kv.set(ada, "p", "k", "ada's")
    await kv.set(ada, "p:k", "x", "odd")
    assert await kv.get(bob, "p", "k") is None
    assert await kv.get(ada, "q", "k") is None
    assert await kv.increment(bob, "p", "k") == 1
    await kv.clear(bob, "p")
    assert await kv.get(bob, "p", "k") is None
    assert await kv.get(ada, "p", "k") == "ada's"


async def test_keys_expire(kept: Kept) -> None:
    kv, ada, _ = kept
    await kv.set(ada, "p", "short", "x", 1)
    await kv.set(ada, "p", "long", "x", 1_000)
    await kv.set(ada, "p", "stays", "x")
    assert await kv.ttl(ada, "p", "stays") is None
    assert await kv.ttl(ada, "p", "long") in (999, 1_000)
    assert await kv.expire(ada, "p", "stays", 500)
    assert await kv.ttl(ada, "p", "stays") in (499, 500)
    assert not await kv.expire(ada, "p", "absent", 5)
    await asyncio.sleep(1.1)
    assert await kv.get(ada, "p", "short") is None
    assert not await kv.delete(ada, "p", "short")
    assert await kv.delete(ada, "p", "long")


async def test_a_quota_holds_against_a_crowd(kept: Kept) -> None:
    kv, ada, bob = kept
    done = await asyncio.gather(*(kv.set(ada, "p", f"k{n}", "x") for n in range(60)), return_exceptions=True)
    assert sum(result is None for result in done) == 20
    assert all(result is None or "20 keys" in str(result) for result in done)
    await kv.set(ada, "p", await _some_key(kv, ada), "again")
    await kv.set(bob, "p", "k", "x")
    await kv.delete(ada, "p", await _some_key(kv, ada))
    await kv.set(ada, "p", "room", "x")


async def _some_key(kv: PluginKv, user: UUID) -> str:
    for number in range(60):
        if await kv.get(user, "p", f"k{number}") is not None:
            return f"k{number}"
    raise AssertionError("no key is there")


async def test_what_expired_takes_no_room(kept: Kept) -> None:
    kv, ada, _ = kept
    for number in range(20):
        await kv.set(ada, "p", f"k{number}", "x", 1)
    with pytest.raises(Invalid):
        await kv.set(ada, "p", "one more", "x")
    await asyncio.sleep(1.1)
    await kv.set(ada, "p", "one more", "x")


async def test_bytes_are_counted_together(kept: Kept) -> None:
    kv, ada, _ = kept
    for number in range(3):
        await kv.set(ada, "p", str(number), "x" * 1_000)
    with pytest.raises(Invalid, match="4000 bytes"):
        await kv.set(ada, "p", "3", "x" * 1_000)
    with pytest.raises(Invalid, match="at most 1000 bytes"):
        await kv.set(ada, "p", "4", "x" * 1_001)


@pytest.mark.parametrize("key", ["", "x" * 257, "a\0b", "\ud800"])
async def test_a_key_that_is_none_is_refused(kept: Kept, key: str) -> None:
    kv, ada, _ = kept
    with pytest.raises(Invalid):
        await kv.set(ada, "p", key, "x")
    with pytest.raises(Invalid):
        await kv.get(ada, "p", key)


async def test_a_crowd_counts_right(kept: Kept) -> None:
    kv, ada, _ = kept
    counted = await asyncio.gather(*(kv.increment(ada, "p", "k") for _ in range(50)))
    assert sorted(counted) == list(range(1, 51))


async def test_a_redis_that_is_not_there_is_told_so() -> None:
    kv = RedisKv("redis://127.0.0.1:1")
    with pytest.raises(Unavailable, match="REDIS_URL"):
        await kv.get(new_uuid(), "p", "k")
    await kv.close()
