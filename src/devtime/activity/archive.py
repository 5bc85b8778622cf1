"""The archive of an account: one zip file with all heartbeats and settings, written as a stream, read back whole."""

from __future__ import annotations

import asyncio
import io
import zipfile
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import BinaryIO, cast
from uuid import UUID

import msgspec

from devtime.activity.choosing import PrivacyChoice, check_timeout, choose_privacy, choose_retention
from devtime.activity.exporters import json_header, json_line
from devtime.activity.exporting import read_pages
from devtime.activity.importers.source import open_member, open_zip
from devtime.activity.settings import ActivitySettings, fetch_settings, lock_user
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.errors import Invalid
from devtime.store.database import Connection, Database
from devtime.store.sqlfile import load

HEARTBEATS = "heartbeats.jsonl"
SETTINGS = "settings.json"
README = "README.txt"

_QUERIES = load("devtime.activity")
_IMPORTS = load("devtime.activity", "imports.sql")
_MOST_SETTINGS_BYTES = 1024 * 1024
_DEFAULT_TIMEOUT_MS = 15 * MINUTE_MS
_ABOUT = """This is everything DevTime keeps of one account.

heartbeats.jsonl   every heartbeat, one JSON object a line, after a first line that tells the format
usage.jsonl        every response of an AI model, likewise
settings.json      how time is counted and what is kept; keep it to yourself: privacy_salt is what names are hashed with
profile.json       the account
keys.json          names of the API keys; the keys themselves are stored nowhere

Import this file as it is into any DevTime: all of it comes back as it was, nothing twice. A new account takes over
the settings too.
"""


class ArchivedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`settings.json`. `privacy_salt` is Base64."""

    timeout_ms: int
    file_privacy: str
    branch_privacy: str
    privacy_salt: str
    exclude_projects: tuple[str, ...]
    exclude_file_patterns: tuple[str, ...]
    retention_days: int | None


class Archive(msgspec.Struct, frozen=True):
    """An archive that was opened: its settings, and its heartbeats as JSON lines."""

    settings: ArchivedSettings
    heartbeats: BinaryIO
    whole: zipfile.ZipFile

    def open_more(self, name: str) -> BinaryIO | None:
        """Another file of JSON lines in it; None when it has none of that name."""
        if name not in self.whole.namelist():
            return None
        try:
            return open_member(self.whole, self.whole.getinfo(name))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise Invalid("", f"the archive is damaged: {error}") from None


class _Pipe(io.RawIOBase):
    """Where the zip file is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(cast("bytes", data))
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def write_archive(
    database: Database,
    user_id: UUID,
    documents: Mapping[str, object],
    now_ms: int,
    streams: Mapping[str, AsyncIterator[bytes]] | None = None,
) -> AsyncIterator[bytes]:
    """The bytes of the archive, made while they are sent. `documents` are further JSON files by name, `streams` other
    files in pieces.
    """
    settings = await fetch_settings(database, user_id)
    pipe = _Pipe()
    moment = datetime.fromtimestamp(now_ms / 1_000, UTC).timetuple()[:6]
    with zipfile.ZipFile(cast("BinaryIO", pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member(README, moment), _ABOUT)
        for name, document in {**documents, SETTINGS: _settings_document(settings)}.items():
            archive.writestr(_member(name, moment), msgspec.json.format(msgspec.json.encode(document)))
        with archive.open(_member(HEARTBEATS, moment), "w", force_zip64=True) as lines:
            lines.write(json_header(now_ms))
            async for page in read_pages(database, user_id):
                await asyncio.to_thread(lines.write, b"".join(json_line(stored.heartbeat) for stored in page))
                yield pipe.take()
        for name, pieces in (streams or {}).items():
            with archive.open(_member(name, moment), "w", force_zip64=True) as lines:
                async for piece in pieces:
                    await asyncio.to_thread(lines.write, piece)
                    yield pipe.take()
    yield pipe.take()


def open_archive(file: BinaryIO) -> Archive | None:
    """The archive in the file, None when the file is none; Invalid when it is one and damaged."""
    position = file.tell()
    try:
        archive = open_zip(file)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        file.seek(position)
        return None
    if not {HEARTBEATS, SETTINGS} <= set(archive.namelist()):
        file.seek(position)
        return None
    try:
        with open_member(archive, archive.getinfo(SETTINGS)) as document:
            settings = msgspec.json.decode(document.read(_MOST_SETTINGS_BYTES), type=ArchivedSettings)
        return Archive(settings, open_member(archive, archive.getinfo(HEARTBEATS)), archive)
    except (msgspec.MsgspecError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("", f"the archive is damaged: {error}") from None


async def restore_counting(connection: Connection, user_id: UUID, settings: ArchivedSettings) -> bool:
    """Before the heartbeats come: let a new account count as the archived one did. Whether it is a new account.

    New is one without heartbeats whose owner has chosen nothing yet: what they chose themselves stays.
    """
    timeout_ms, salt = check_timeout(settings.timeout_ms), _read_salt(settings.privacy_salt)
    present = await lock_user(connection, user_id)
    if _has_choices(present) or await connection.fetchval(_QUERIES["has_heartbeats"], user_id):
        return False
    await connection.execute(_IMPORTS["restore_counting"], user_id, timeout_ms, salt)
    return True


async def restore_privacy(connection: Connection, user_id: UUID, settings: ArchivedSettings) -> None:
    """After the heartbeats came: from now on keep what the archived account kept."""
    choice = PrivacyChoice(
        file_privacy=settings.file_privacy,
        branch_privacy=settings.branch_privacy,
        exclude_projects=settings.exclude_projects,
        exclude_file_patterns=settings.exclude_file_patterns,
    )
    await choose_privacy(connection, user_id, choice, apply_to_past=False)
    await choose_retention(connection, user_id, settings.retention_days)


def _has_choices(settings: ActivitySettings) -> bool:
    is_default_timeout = settings.timeout_ms == settings.wanted_timeout_ms == _DEFAULT_TIMEOUT_MS
    return not (settings.keeps_everything and settings.retention_days is None and is_default_timeout)


def _settings_document(settings: ActivitySettings) -> ArchivedSettings:
    return ArchivedSettings(
        timeout_ms=settings.wanted_timeout_ms,
        file_privacy=settings.file_privacy,
        branch_privacy=settings.branch_privacy,
        privacy_salt=b64encode(settings.privacy_salt).decode(),
        exclude_projects=settings.exclude_projects,
        exclude_file_patterns=settings.exclude_file_patterns,
        retention_days=settings.retention_days,
    )


def _read_salt(text: str) -> bytes:
    try:
        salt = b64decode(text, validate=True)
    except ValueError:
        raise Invalid("privacy_salt", "is not Base64") from None
    if not 16 <= len(salt) <= 64:
        raise Invalid("privacy_salt", "holds 16 to 64 bytes")
    return salt


def _member(name: str, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    year, month, day, hour, minute, second = moment
    member = zipfile.ZipInfo(name, (year, month, day, hour, minute, second))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member
