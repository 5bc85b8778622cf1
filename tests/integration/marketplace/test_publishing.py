"""Publishing: whose name it is, what an update keeps, what becomes a revision."""

from __future__ import annotations

import asyncio

import pytest

from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.marketplace.dependencies import find_needs
from devtime.marketplace.listings import fetch_listing, fetch_listing_by_name
from devtime.marketplace.moderation import ban, delete_own
from devtime.marketplace.versions import compare_versions, list_versions
from devtime.store.database import Database

from .conftest import Person, Publish


async def test_only_name_and_title_are_needed(database: Database, person: Person, handed_in: Publish) -> None:
    ada = await person("ada")
    made = await handed_in(ada, "streak-counter")
    listing = await fetch_listing(database, made.plugin_id)
    assert (listing.version, listing.icon, listing.plugin_type, listing.widget_type) == (
        "0.1.0", "🔌", "widget", "counter",
    )  # fmt: skip
    assert (made.is_new, made.revision, listing.description, listing.script) == (True, 1, None, None)


async def test_an_update_keeps_what_it_leaves_out(database: Database, person: Person, handed_in: Publish) -> None:
    ada = await person("ada")
    first = {"description": "Days in a row.", "version": "1.0.0", "icon": "🔥", "widget_type": "chart", "script": "1"}
    await handed_in(ada, "streaks", repository="https://example.org/x", tags=["days"], category="habits", **first)
    again = await handed_in(ada, "streaks", version="1.1.0", script="2", changelog="Two instead of one.")
    listing = await fetch_listing(database, again.plugin_id)
    assert (listing.description, listing.icon, listing.widget_type, listing.repository, listing.tags) == (
        "Days in a row.", "🔥", "chart", "https://example.org/x", ["days"],
    )  # fmt: skip
    assert (listing.version, listing.script, listing.category) == ("1.1.0", "2", "habits")
    newest, oldest = await list_versions(database, again.plugin_id)
    assert (newest.revision, newest.version, newest.changelog) == (2, "1.1.0", "Two instead of one.")
    assert (oldest.revision, oldest.version) == (1, "1.0.0")
    difference = await compare_versions(database, again.plugin_id, 1, 2)
    assert difference.diff.splitlines() == ["--- 1.0.0", "+++ 1.1.0", "@@ -1 +1 @@", "-1", "+2"]


async def test_what_changes_nothing_that_runs_is_no_revision(person: Person, handed_in: Publish) -> None:
    ada = await person("ada")
    await handed_in(ada, "streaks", script="1")
    assert (await handed_in(ada, "streaks", script="1")).revision == 1
    assert (await handed_in(ada, "streaks", display_name="Better", description="New words.")).revision == 1
    assert (await handed_in(ada, "streaks", script="2")).revision == 2


async def test_nobody_writes_over_anothers_plugin(database: Database, person: Person, handed_in: Publish) -> None:
    ada, eve = await person("ada"), await person("eve")
    made = await handed_in(ada, "streaks", script="mine")
    with pytest.raises(Forbidden):
        await handed_in(eve, "streaks", script="stolen")
    assert (await fetch_listing(database, made.plugin_id)).script == "mine"


@pytest.mark.parametrize("name", ["streak-counter", "streakcounter", "streak-c0unter", "str-eak-counter"])
async def test_a_name_that_looks_like_another_is_refused(person: Person, handed_in: Publish, name: str) -> None:
    ada, eve = await person("ada"), await person("eve")
    await handed_in(ada, "streak-counter")
    with pytest.raises((Forbidden, Conflict)):
        await handed_in(eve, name)


@pytest.mark.parametrize(
    "name",
    [
        "", "-a", "a-", "a--b", "Streaks", "STREAKS", "strеaks", "ｓtreaks", "a b", "a/b", "../a", "a_b", "a.b", "a\n",
        "a\0", "a" * 65, "<b>", "'; DROP TABLE users --", "ﬁre", "é",
    ],
)  # fmt: skip
async def test_names_are_plain(person: Person, handed_in: Publish, name: str) -> None:
    with pytest.raises(Invalid):
        await handed_in(await person("ada"), name, display_name="A title")


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "x" * 91}, {"display_name": " "}, {"display_name": "a\u202eb"}, {"display_name": "x" * 129},
        {"version": "<script>"}, {"version": "1" * 17}, {"icon": "<b>"}, {"icon": ""}, {"icon": "🔥" * 17},
        {"repository": "javascript:alert(1)"}, {"repository": "https://a b"}, {"repository": "https://user@host/"},
        {"widget_type": "iframe"}, {"plugin_type": "native"}, {"script": "a\0b"}, {"script": "x" * (256 * 1024 + 1)},
        {"settings_schema": {"properties": {"a": {"type": "string", "pattern": "(a+)+$"}}}}, {"category": "malware"},
        {"tags": ["<b>"]}, {"tags": [str(number) for number in range(9)]}, {"grants": {"hosts": ["*"]}},
        {"api_endpoint": "https://evil.example"}, {"api_endpoint": "//evil.example"}, {"changelog": "x" * 4_001},
    ],
)  # fmt: skip
async def test_bad_fields_are_refused_and_nothing_stays(
    database: Database, person: Person, handed_in: Publish, fields: dict[str, object]
) -> None:
    ada = await person("ada")
    with pytest.raises(Invalid):
        await handed_in(ada, "streaks", **fields)
    with pytest.raises(NotFound):
        await fetch_listing_by_name(database, "streaks")


async def test_html_is_only_text(database: Database, person: Person, handed_in: Publish) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    made = await handed_in(
        await person("ada"), "streaks", display_name=evil, description=evil, script=evil, changelog=evil
    )
    listing = await fetch_listing(database, made.plugin_id)
    assert (listing.display_name, listing.description, listing.script) == (evil, evil, evil)


async def test_the_type_is_told_by_the_script_and_stays(person: Person, database: Database, handed_in: Publish) -> None:
    ada = await person("ada")
    hooks = await handed_in(ada, "ticker", script="async function on_tick(ctx) { log(1); }")
    assert (await fetch_listing(database, hooks.plugin_id)).plugin_type == "lifecycle"
    bare = await handed_in(ada, "bare")
    await handed_in(ada, "bare", script="const endpoints = { 'a': () => 1 };")
    assert (await fetch_listing(database, bare.plugin_id)).plugin_type == "lifecycle"
    with pytest.raises(Invalid):
        await handed_in(ada, "bare", plugin_type="widget")


async def test_mentions_become_dependencies(database: Database, person: Person, handed_in: Publish) -> None:
    ada = await person("ada")
    base = await handed_in(ada, "base", description="Needs @top, see a@b.org and @base.")
    top = await handed_in(ada, "top", description="On @base and @absent.")
    needs = {need.name: need.plugin_id for need in await find_needs(database, top.plugin_id)}
    assert needs == {"absent": None, "base": base.plugin_id}
    await handed_in(ada, "top", description="Alone.")
    assert await find_needs(database, top.plugin_id) == []


async def test_a_banned_plugin_takes_no_update(database: Database, person: Person, handed_in: Publish) -> None:
    ada = await person("ada")
    made = await handed_in(ada, "streaks", script="1")
    await ban(database, made.plugin_id, "spam")
    with pytest.raises(Forbidden):
        await handed_in(ada, "streaks", script="2")


async def test_a_deleted_name_stays_its_authors(database: Database, person: Person, handed_in: Publish) -> None:
    ada, eve = await person("ada"), await person("eve")
    made = await handed_in(ada, "streaks", script="1", description="Old words.")
    with pytest.raises(Forbidden):
        await delete_own(database, eve, made.plugin_id)
    await delete_own(database, ada, made.plugin_id)
    with pytest.raises(NotFound):
        await fetch_listing(database, made.plugin_id)
    with pytest.raises(Forbidden):
        await handed_in(eve, "streaks")
    again = await handed_in(ada, "streaks", script="2")
    listing = await fetch_listing(database, again.plugin_id)
    assert (listing.description, listing.script, again.revision) == (None, "2", 2)


async def test_many_publish_one_name_at_once_and_one_has_it(
    database: Database, person: Person, handed_in: Publish
) -> None:
    authors = [await person(f"author-{number}") for number in range(6)]
    tries = [handed_in(author, "streaks", script=str(number)) for number, author in enumerate(authors)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Forbidden | Conflict) for outcome in outcomes) == 5
    assert len(await list_versions(database, (await fetch_listing_by_name(database, "streaks")).id)) == 1


async def test_an_author_publishing_at_once_loses_no_revision(
    database: Database, person: Person, handed_in: Publish
) -> None:
    ada = await person("ada")
    made = await handed_in(ada, "streaks", script="0")
    await asyncio.gather(*(handed_in(ada, "streaks", script=str(number)) for number in range(1, 9)))
    revisions = [version.revision for version in await list_versions(database, made.plugin_id)]
    assert revisions == list(range(9, 0, -1))
