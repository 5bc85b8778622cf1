"""Long bodies on their way to disk: files of forms, and raw bodies. Nothing of them is held in memory."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import BinaryIO, cast

import msgspec
from litestar.exceptions import HTTPException, InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from devtime.kernel.errors import Invalid, Unavailable
from devtime.server.requests import AnyRequest

MOST_UPLOAD_BYTES = 2 * 1024**3
KEPT_FREE_BYTES = 512 * 1024**2
"""What uploads leave of the disk: a database that finds no room takes no heartbeats any more."""

_LONGEST_FIELD = 4_096
_MOST_FIELDS = 32


class Upload(msgspec.Struct, frozen=True):
    """A file that was received: where it lies, what it was called, and the other fields of its form."""

    path: Path
    size: int
    name: str
    fields: dict[str, str]


@asynccontextmanager
async def receive_body(request: AnyRequest, folder: Path) -> AsyncGenerator[tuple[BinaryIO, int]]:
    """The raw body as an open file without a name, and its size; gone when left."""
    with TemporaryFile(dir=folder) as file:
        size = 0
        async for chunk in _stream(request):
            _write(file, chunk)
            size += len(chunk)
        file.seek(0)
        yield cast("BinaryIO", file), size


async def receive_upload(request: AnyRequest, folder: Path) -> Upload:
    """The file of a multipart form (its first one), or the raw body, in the folder; readable by its owner only.

    It is the caller's to delete. Invalid when there is none, or the form is damaged.
    """
    descriptor, name = mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            return await _receive(request, path, file)
    except BaseException:
        discard_upload(path)
        raise


def discard_upload(path: Path) -> None:
    """Delete the file if it is still there."""
    path.unlink(missing_ok=True)


async def _receive(request: AnyRequest, path: Path, file: BinaryIO) -> Upload:
    kind, options = request.content_type
    if kind == "multipart/form-data":
        form = _Form(file, options.get("boundary", ""))
        async for chunk in _stream(request):
            form.feed(chunk)
        name, fields = form.finish()
    else:
        name, fields = "", {}
        async for chunk in _stream(request):
            _write(file, chunk)
    size = file.tell()
    if not size:
        raise Invalid("file", "is empty, or missing")
    return Upload(path, size, name, fields)


class _Form:
    """A multipart form as it comes in: one file goes to disk, other fields are kept."""

    def __init__(self, file: BinaryIO, boundary: str) -> None:
        if not boundary:
            raise Invalid("", "the form names no boundary")
        self._file = file
        self._parser = PushMultipartParser(boundary, max_segment_count=_MOST_FIELDS)
        self._segment: MultipartSegment | None = None
        self._name: str | None = None
        self._is_file = False
        self._fields: dict[str, bytes] = {}

    def feed(self, chunk: bytes) -> None:
        """Take in the next bytes."""
        if self._parser.closed:
            return
        try:
            for event in self._parser.parse(chunk):
                self._take(event)
        except MultipartError as error:
            raise Invalid("", f"the form is damaged: {error}") from None

    def finish(self) -> tuple[str, dict[str, str]]:
        """The file's name, and the other fields."""
        try:
            self._parser.close()
        except MultipartError as error:
            raise Invalid("", f"the form is damaged: {error}") from None
        return self._name or "", {name: value.decode("utf-8", "replace") for name, value in self._fields.items()}

    def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._segment = event
            self._is_file = bool(event.filename) and self._name is None
            if self._is_file:
                self._name = event.filename
        elif event is None or self._segment is None:
            self._segment = None
        elif self._is_file:
            _write(self._file, bytes(event))
        elif not self._segment.filename:
            self._keep(self._segment.name or "", bytes(event))

    def _keep(self, field: str, part: bytes) -> None:
        value = self._fields.get(field, b"") + part
        if len(value) > _LONGEST_FIELD:
            raise Invalid(field[:64], f"is longer than {_LONGEST_FIELD} bytes")
        self._fields[field] = value


async def _stream(request: AnyRequest) -> AsyncGenerator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except InternalServerException:
        raise HTTPException(status_code=400, detail="the connection broke off") from None


def _write(file: BinaryIO, chunk: bytes) -> None:
    room = os.fstatvfs(file.fileno())
    if room.f_bavail * room.f_frsize < KEPT_FREE_BYTES + len(chunk):
        raise Unavailable("the server's disk is almost full; nothing was imported")
    try:
        file.write(chunk)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("the server's disk is full; nothing was imported") from None
        raise
