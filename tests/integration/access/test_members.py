"""Accounts, roles, and deleting: who may do what to whom, and what is left."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from devtime.accounts.keys import create_key
from devtime.accounts.links import create_login_link, create_login_link_for
from devtime.accounts.login import change_password, check_login
from devtime.accounts.members import change_role, delete_account, disable_account, enable_account
from devtime.accounts.names import suggest_username
from devtime.accounts.passwords import Passwords
from devtime.accounts.permissions import read_role
from devtime.accounts.sessions import create_session, list_sessions, read_cookie
from devtime.accounts.users import (
    Role,
    change_account,
    change_time,
    create_user,
    ensure_owner,
    fetch_user,
    find_user,
    list_members,
)
from devtime.activity.ingest import Ingest
from devtime.activity.settings import fetch_settings
from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.wire.heartbeat import Heartbeat


@pytest.fixture
async def database(database_address: Address):
    """An empty, migrated database."""
    opened = await Database.open(database_address.dsn(), largest=4)
    yield opened
    await opened.close()


async def _user(database: Database, name: str, role: Role = "member") -> UUID:
    async with database.transaction() as connection:
        return (await create_user(connection, name, role=role)).id


async def test_the_first_start_makes_one_owner_however_many_begin(database: Database) -> None:
    made = await asyncio.gather(*(ensure_owner(database, "Jörg Müller", "Europe/Berlin") for _ in range(4)))
    assert sorted(created for _, created in made) == [False, False, False, True]
    assert {user.id for user, _ in made} == {made[0][0].id}
    owner = made[0][0]
    assert (owner.username, owner.role, owner.timezone) == ("jorg-muller", "owner", "Europe/Berlin")
    async with database.acquire() as connection:
        assert len((await fetch_settings(connection, owner.id)).privacy_salt) == 16


async def test_every_account_has_a_salt_of_its_own(database: Database) -> None:
    salts = set[bytes]()
    for name in ("ada", "eve"):
        user_id = await _user(database, name)
        async with database.acquire() as connection:
            salts.add((await fetch_settings(connection, user_id)).privacy_salt)
    assert len(salts) == 2


async def test_names_differ_by_more_than_capitals(database: Database) -> None:
    ada = await _user(database, "Ada")
    with pytest.raises(Conflict, match="username is taken"):
        await _user(database, "ADA")
    found = await find_user(database, " aDa ")
    assert found is not None
    assert found.id == ada


async def test_an_account_can_be_renamed_but_not_to_a_taken_name_or_address(database: Database) -> None:
    ada, eve = await _user(database, "ada"), await _user(database, "eve")
    user = await change_account(database, ada, username="Ada.L", display_name=" Ada <3 ", email="ada@example.com")
    assert (user.username, user.display_name, user.email) == ("ada.l", "Ada <3", "ada@example.com")
    with pytest.raises(Conflict, match="username"):
        await change_account(database, eve, username="ada.l", display_name="", email="")
    with pytest.raises(Conflict, match="e-mail"):
        await change_account(database, eve, username="eve", display_name="", email="ADA@example.com")
    with pytest.raises(Invalid, match="display_name"):
        await change_account(database, eve, username="eve", display_name="a\x00b", email="")


async def test_time_is_counted_in_a_zone_that_exists(database: Database) -> None:
    ada = await _user(database, "ada")
    user = await change_time(database, ada, timezone="Asia/Kathmandu", week_start=0)
    assert (user.timezone, user.week_start) == ("Asia/Kathmandu", 0)
    with pytest.raises(Invalid, match="timezone"):
        await change_time(database, ada, timezone="Mars/Olympus", week_start=0)
    with pytest.raises(Invalid, match="week_start"):
        await change_time(database, ada, timezone="UTC", week_start=7)


MAY_CHANGE = {
    "owner1": {"owner2", "admin1", "admin2", "member1", "member2"},
    "admin1": {"admin1", "member1", "member2"},
    "member1": set[str](),
}


async def test_who_may_change_whose_account(database: Database) -> None:
    users = {
        name: await _user(database, name, read_role(name[:-1]))
        for name in ("owner1", "owner2", "admin1", "admin2", "member1", "member2")
    }
    for actor, allowed in MAY_CHANGE.items():
        for target in MAY_CHANGE["owner1"]:
            for act in (disable_account, enable_account, create_login_link_for):
                if target in allowed:
                    await act(database, users[actor], users[target])
                else:
                    with pytest.raises(Forbidden):
                        await act(database, users[actor], users[target])


async def test_roles_are_given_by_those_who_have_them(database: Database) -> None:
    owner, admin = await _user(database, "owner", "owner"), await _user(database, "admin", "admin")
    member = await _user(database, "member")
    for actor, target, role in ((admin, member, "admin"), (admin, owner, "member"), (member, member, "owner")):
        with pytest.raises(Forbidden):
            await change_role(database, actor, target, role)
    await change_role(database, owner, member, "admin")
    await change_role(database, owner, admin, "owner")
    assert [member.user.role for member in await list_members(database)] == ["owner", "owner", "admin"]
    await change_role(database, admin, owner, "member")
    assert (await fetch_user(database, owner)).role == "member"


async def test_the_last_owner_stays(database: Database) -> None:
    owner, admin = await _user(database, "owner", "owner"), await _user(database, "admin", "admin")
    with pytest.raises(Conflict, match="last owner"):
        await change_role(database, owner, owner, "member")
    with pytest.raises(Conflict, match="last owner"):
        await disable_account(database, owner, owner)
    with pytest.raises(Conflict, match="make somebody else owner first"):
        await delete_account(database, owner, owner)
    await change_role(database, owner, admin, "owner")
    await disable_account(database, owner, admin)
    with pytest.raises(Conflict, match="last owner"):
        await delete_account(database, owner, owner)


async def test_two_owners_cannot_both_leave_at_the_same_time(database: Database) -> None:
    one, other = await _user(database, "one", "owner"), await _user(database, "other", "owner")
    await _user(database, "ada")
    outcomes = await asyncio.gather(
        delete_account(database, one, one), delete_account(database, other, other), return_exceptions=True
    )
    assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [Conflict]
    assert len(await list_members(database)) == 2


async def test_an_owner_alone_may_take_everything_along(database: Database) -> None:
    owner = await _user(database, "owner", "owner")
    await delete_account(database, owner, owner)
    assert await list_members(database) == []


async def test_deleting_an_account_leaves_no_row_of_it_in_any_table(database: Database) -> None:
    owner, ada = await _user(database, "owner", "owner"), await _user(database, "ada")
    ingest = Ingest(database)
    for user in (owner, ada):
        await create_key(database, user, "x")
        await create_session(database, user)
        await create_login_link(database, user)
        await ingest.record(user, [_beat(minute) for minute in range(50)])
    with pytest.raises(Forbidden):
        await delete_account(database, ada, owner)
    await delete_account(database, ada, ada)
    columns = await database.fetch(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'devtime' AND data_type = 'uuid'"
    )
    assert {"user_id", "owner_id", "account_id"} <= {column[1] for column in columns}
    for table, column in columns:
        left = await database.fetchval(f'SELECT count(*) FROM "{table}" WHERE "{column}" = $1', ada)
        assert left == 0, (table, column)
    assert await database.fetchval("SELECT count(*) FROM heartbeats WHERE user_id = $1", owner) == 50
    with pytest.raises(NotFound):
        await delete_account(database, owner, ada)


async def test_every_table_of_a_user_goes_with_the_user(database: Database) -> None:
    missing = await database.fetch(
        """
        SELECT c.table_name FROM information_schema.columns c
        WHERE c.table_schema = 'devtime' AND c.column_name = 'user_id' AND NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conrelid = format('devtime.%I', c.table_name)::regclass
            AND k.contype = 'f' AND k.confrelid = 'devtime.users'::regclass AND k.confdeltype = 'c'
        ) AND c.table_name NOT IN (SELECT table_name FROM information_schema.views WHERE table_schema = 'devtime')
        """
    )
    assert [row[0] for row in missing] == []


async def test_an_account_can_go_while_its_heartbeats_come(database: Database) -> None:
    await _user(database, "owner", "owner")
    ada = await _user(database, "ada")
    ingest = Ingest(database)

    async def send(start: int) -> None:
        for minute in range(start, start + 20):
            await ingest.record(ada, [_beat(minute)])

    async def leave() -> None:
        await asyncio.sleep(0.02)
        await delete_account(database, ada, ada)

    outcomes = await asyncio.gather(leave(), *(send(n * 20) for n in range(4)), return_exceptions=True)
    assert outcomes[0] is None
    assert {type(outcome) for outcome in outcomes[1:]} <= {NotFound, type(None)}
    assert await database.fetchval("SELECT count(*) FROM heartbeats WHERE user_id = $1", ada) == 0


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(database: Database) -> None:
    ada, passwords = await _user(database, "ada"), Passwords()
    await change_password(database, passwords, ada, "", "the first password")
    here = read_cookie(await create_session(database, ada))
    await create_session(database, ada)
    assert here is not None
    with pytest.raises(Invalid, match="current"):
        await change_password(database, passwords, ada, "not this one", "the next password", keep=here.digest)
    with pytest.raises(Invalid, match="10 characters"):
        await change_password(database, passwords, ada, "the first password", "short", keep=here.digest)
    assert len(await list_sessions(database, ada)) == 2
    await change_password(database, passwords, ada, "the first password", "the next password", keep=here.digest)
    assert [session.digest for session in await list_sessions(database, ada)] == [here.digest]
    assert (await check_login(database, passwords, "ada", "the next password")).id == ada
    with pytest.raises(Unauthenticated):
        await check_login(database, passwords, "ada", "the first password")


def _beat(minute: int) -> Heartbeat:
    return Heartbeat(time_ms=1_750_000_000_000 + minute * 60_000, identity=minute, tool="vscode", project="atlas")


def test_any_name_of_the_machine_suggests_a_username() -> None:
    suggested = {
        "Jörg Müller": "jorg-muller",
        "CORP\\alice": "corp-alice",
        "root": "root",
        "山田": "owner",
        "": "owner",
        "--x--": "x",
        "a" * 100: "a" * 64,
    }
    assert {name: suggest_username(name) for name in suggested} == suggested
