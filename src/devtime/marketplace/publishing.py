"""Publishing: a name's first version, or the author's next. Nobody else writes over it, and nothing old is lost."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Forbidden
from devtime.kernel.ids import new_uuid
from devtime.marketplace.drafts import Content, Draft, content_from_row, read_changelog, read_content, read_plugin_name
from devtime.marketplace.names import find_mentions, likeness_of
from devtime.store.database import Connection, Database, Row
from devtime.store.sqlfile import load

MOST_LISTINGS = 200
"""Plugins one author may have."""
MOST_REVISIONS = 50
"""The newest of a plugin that are kept."""

_QUERIES = load("devtime.marketplace", "publishing.sql")


class Published(msgspec.Struct, frozen=True):
    """What became of it. `is_new`: the name was not there; `revision` did not change when nothing that runs did."""

    plugin_id: UUID
    revision: int
    is_new: bool


async def publish(database: Database, author_id: UUID, draft: Draft) -> Published:
    """Publish as this author. Forbidden when the name is another's, Conflict when it looks like another's."""
    name = read_plugin_name(draft.name)
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["lock_listing"], name)
        if row is None and await _claim(connection, author_id, name, draft):
            row = await connection.fetchrow(_QUERIES["lock_listing"], name)
            assert row is not None  # noqa: S101 - this transaction made it
            await _note_revision(connection, row, draft, 1)
            await _note_mentions(connection, row["id"], name, draft.description)
            return Published(row["id"], 1, is_new=True)
        if row is None:
            row = await connection.fetchrow(_QUERIES["lock_listing"], name)
        if row is None:
            raise Conflict("this name was taken and given up just now; try again")
        return await _update(connection, author_id, row, draft)


async def _claim(connection: Connection, author_id: UUID, name: str, draft: Draft) -> bool:
    """Make the listing; False when somebody has that name by now."""
    content = read_content(draft, None)
    read_changelog(draft.changelog)
    if await connection.fetchval(_QUERIES["count_listings"], author_id) >= MOST_LISTINGS:
        raise Conflict(f"an author has {MOST_LISTINGS} plugins at most")
    likeness = likeness_of(name)
    made = await connection.fetchval(
        _QUERIES["insert_listing"], new_uuid(), author_id, name, likeness, content.display_name, now_ms()
    )
    if made is not None:
        await _write(connection, made, content, 1)
        return True
    other = await connection.fetchval(_QUERIES["find_alike"], likeness, name)
    if other is not None:
        raise Conflict(f"this name is too much like {other}, which is there already")
    return False


async def _update(connection: Connection, author_id: UUID, row: Row, draft: Draft) -> Published:
    if row["author_id"] != author_id:
        raise Forbidden("this name belongs to another author")
    if row["is_banned"]:
        raise Forbidden("this plugin was banned by an admin of this server")
    before = content_from_row(row)
    was_deleted = not row["is_published"]
    content = read_content(draft, None if was_deleted else before)
    changelog = read_changelog(draft.changelog)
    is_revision = was_deleted or not content.runs_as(before)
    revision = row["revision"] + is_revision
    if changelog and not is_revision:
        await connection.execute(_QUERIES["change_changelog"], row["id"], revision, changelog)
    if not is_revision and content == before:
        return Published(row["id"], revision, is_new=False)
    if is_revision and not before.grants.covers(content.grants):
        # Whoever ran the version before goes on with it until they agree to what the new one asks for.
        values = (row["revision"], before.version, before.script, before.grants, content.grants)
        await connection.execute(_QUERIES["hold_installs"], row["id"], *values)
    await _write(connection, row["id"], content, revision)
    if is_revision:
        now = await connection.fetchrow(_QUERIES["lock_listing"], row["name"])
        assert now is not None  # noqa: S101 - it is locked
        await _note_revision(connection, now, draft, revision)
    await _note_mentions(connection, row["id"], row["name"], content.description)
    return Published(row["id"], revision, is_new=was_deleted)


async def _write(connection: Connection, plugin_id: UUID, content: Content, revision: int) -> None:
    values = [getattr(content, name) for name in Content.__struct_fields__]
    await connection.execute(_QUERIES["update_listing"], plugin_id, revision, now_ms(), *values)


async def _note_revision(connection: Connection, row: Row, draft: Draft, revision: int) -> None:
    content = content_from_row(row)
    source = draft.source if draft.source is not None and draft.source != content.script else None
    await connection.execute(
        _QUERIES["insert_version"],
        row["id"],
        revision,
        content.version,
        read_changelog(draft.changelog),
        content.plugin_type,
        content.script,
        source,
        content.settings_schema,
        content.grants,
        now_ms(),
    )
    await connection.execute(_QUERIES["forget_versions"], row["id"], revision - MOST_REVISIONS)


async def _note_mentions(connection: Connection, plugin_id: UUID, name: str, description: str | None) -> None:
    await connection.execute(_QUERIES["delete_dependencies"], plugin_id)
    for mentioned in find_mentions(description or "", name):
        await connection.execute(_QUERIES["insert_dependency"], plugin_id, mentioned)
