"""What comes with DevTime is in the store, by an author nobody is."""

from __future__ import annotations

import pytest

from devtime.accounts.builtin import BUILTIN_ID, ensure_builtin_author
from devtime.accounts.members import delete_account, enable_account
from devtime.accounts.users import create_user, fetch_user, list_members
from devtime.kernel.errors import NotFound
from devtime.marketplace.builtin import publish_builtin, publish_builtin_themes, read_builtin
from devtime.marketplace.listings import Search, search_listings
from devtime.marketplace.themes import list_themes
from devtime.plugins.builtin import themes
from devtime.store.database import Database

from .conftest import Person, Publish


async def test_all_of_it_is_published_and_again_changes_nothing(database: Database) -> None:
    author = await ensure_builtin_author(database)
    count = len(list(read_builtin()))
    assert count >= 7
    assert await publish_builtin(database, author) == count
    first = await search_listings(database, Search())
    assert {listing.author_username for listing in first.listings} == {"devtime"}
    assert all(listing.is_builtin and listing.revision == 1 for listing in first.listings)
    assert await ensure_builtin_author(database) == author
    assert await publish_builtin(database, author) == count
    assert await search_listings(database, Search()) == first


async def test_the_themes_are_listed_whole_and_again_changes_nothing(database: Database) -> None:
    author = await ensure_builtin_author(database)
    bundled = {theme.name: dict(theme.variables) for theme in themes.list_themes()}
    assert await publish_builtin_themes(database, author) == len(bundled) >= 7
    first = await list_themes(database)
    assert {theme.name: theme.variables for theme in first} == bundled
    assert {theme.author_username for theme in first} == {"devtime"}
    assert await publish_builtin_themes(database, author) == len(bundled)
    assert await list_themes(database) == first


async def test_the_documented_name_is_left_to_authors(database: Database) -> None:
    assert not {"streak-counter", "my-cool-widget", "streak-notifier", "my-plugin", "badge-generator"} & {
        draft.name for draft in read_builtin()
    }


async def test_a_name_somebody_had_before_stays_theirs(database: Database, person: Person, handed_in: Publish) -> None:
    taken = next(read_builtin()).name
    await handed_in(await person("ada"), taken, script="mine")
    author = await ensure_builtin_author(database)
    assert await publish_builtin(database, author) == len(list(read_builtin())) - 1
    [listing] = (await search_listings(database, Search(author="ada"))).listings
    assert listing.name == taken


async def test_the_author_is_no_member_and_cannot_be_made_one(database: Database) -> None:
    await ensure_builtin_author(database)
    async with database.transaction() as connection:
        owner = await create_user(connection, "ada", role="owner")
    assert [member.user.username for member in await list_members(database)] == ["ada"]
    author = await fetch_user(database, BUILTIN_ID)
    assert (author.password_hash, author.is_disabled, author.role) == (None, True, "member")
    for change in (enable_account, delete_account):
        with pytest.raises(NotFound):
            await change(database, owner.id, BUILTIN_ID)
    await delete_account(database, owner.id, owner.id)


async def test_an_account_that_had_the_name_keeps_it(database: Database) -> None:
    insert = "INSERT INTO users (id, username) VALUES (gen_random_uuid(), 'devtime')"
    await database.execute(insert)
    await ensure_builtin_author(database)
    assert (await fetch_user(database, BUILTIN_ID)).username == "devtime.builtin"
