"""The history of a plugin: its revisions, and what changed between two of them."""

from __future__ import annotations

import asyncio
import difflib
from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.errors import NotFound
from devtime.plugins.grants import Grants
from devtime.store.database import Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "versions.sql")
_MOST_COMPARED_LINES = 2_000
"""Comparing takes the square of the lines at worst; longer scripts are told as replaced."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One revision, without its script. `created_at` is in epoch milliseconds."""

    revision: int
    version: str
    changelog: str
    grants: Grants
    created_at: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """From one revision to another: a unified diff of the scripts, and what is asked for more."""

    old: Version
    new: Version
    diff: str
    asks_more: Grants


async def list_versions(database: Executor, plugin_id: UUID) -> list[Version]:
    """The kept revisions, newest first."""
    return [_version(row) for row in await database.fetch(_QUERIES["list_versions"], plugin_id)]


async def compare_versions(database: Executor, plugin_id: UUID, old: int, new: int) -> Difference:
    """What changed; NotFound when one of the two is not kept."""
    rows = {row["revision"]: row for row in await database.fetch(_QUERIES["fetch_versions"], plugin_id, [old, new])}
    if old not in rows or new not in rows:
        raise NotFound("Version not found")
    before, after = _version(rows[old]), _version(rows[new])
    texts = _told(rows[old]), _told(rows[new])
    diff = await asyncio.to_thread(unified_diff, *texts, before.version, after.version)
    return Difference(old=before, new=after, diff=diff, asks_more=after.grants.beyond(before.grants))


def unified_diff(old: str, new: str, old_name: str, new_name: str) -> str:
    """The lines that changed with three around them, as `diff -u` writes them; empty when nothing did."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return ""
    if len(before) + len(after) > _MOST_COMPARED_LINES:
        kept, known = set(after), set(before)
        gone = [f"-{line}" for line in before if line not in kept]
        came = [f"+{line}" for line in after if line not in known]
        head = [f"--- {old_name}", f"+++ {new_name}", "@@ a long script: the lines that only one of both has @@"]
        return "\n".join([*head, *gone, *came])
    return "\n".join(difflib.unified_diff(before, after, old_name, new_name, lineterm=""))


def _told(row: Row) -> str:
    """What the author wrote, with the settings below it."""
    text: str = row["source"] or row["script"] or ""
    schema: dict[str, Any] | None = row["settings_schema"]
    if schema:
        text += "\n\n// settings\n" + msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
    return text


def _version(row: Row) -> Version:
    fields = {name: row[name] for name in Version.__struct_fields__ if name != "grants"}
    return Version(**fields, grants=msgspec.convert(row["grants"], Grants))
