"""The bytes of an import file: gzip and zip opened, encodings mended, memory bounded. Knows no format."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from codecs import getincrementaldecoder
from typing import BinaryIO, cast

from devtime.activity.importers.digits import DigitCutter
from devtime.activity.importers.escapes import SurrogateMender
from devtime.kernel.errors import Invalid

MOST_ROW_BYTES = 32 * 1024 * 1024
"""How much may be read without a row coming out of it; more is no file of heartbeats but an attempt on our memory."""

MOST_UNPACKED_BYTES = 16 * 1024**3
"""How much one file may hold once unpacked: a packed one of two gigabytes could keep the importer busy for months."""

MOST_DIRECTORY_BYTES = 1024 * 1024
"""The longest list of contents of a zip file, which is read in one piece; it takes ten times as much memory."""

_CHUNK_BYTES = 1 << 16
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The others unpack without end at one go, or take gigabytes for their dictionary.
_BOM = b"\xef\xbb\xbf"
_CONTROLS_TO_SPACE = bytes(32 if byte < 32 and byte not in (9, 10, 13) else byte for byte in range(256))


class Source(io.RawIOBase):
    """A readable stream of UTF-8 without byte order mark and control characters; damage is raised as Invalid.

    `row_done` tells that a row was complete: between two calls at most MOST_ROW_BYTES are read.
    """

    def __init__(self, stream: BinaryIO, *, is_json: bool = False) -> None:
        """Reads on from where the stream is; a gzip or zip file there is opened. `is_json`: one JSON document."""
        super().__init__()
        self._stream = _unpack(stream)
        self._begin = _read_raw(self._stream, len(_BOM)).removeprefix(_BOM)
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._mender = SurrogateMender() if is_json else None
        self._cutter = DigitCutter()
        self._ready = b""
        self._since_row = 0
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast("bytearray", buffer)).cast("B")
        data = self._ready or self._read_some()
        count = min(len(data), len(view))
        view[:count] = data[:count]
        self._ready = data[count:]
        return count

    def row_done(self) -> None:
        """A row came out of what was read so far."""
        self._since_row = 0

    def _read_some(self) -> bytes:
        while True:
            data = self._begin + _read_raw(self._stream, _CHUNK_BYTES)
            self._begin = b""
            self._since_row += len(data)
            self._total += len(data)
            if self._total > MOST_UNPACKED_BYTES:
                raise Invalid("", f"the file holds more than {MOST_UNPACKED_BYTES >> 30} GB; give it in parts")
            if self._since_row > MOST_ROW_BYTES:
                raise Invalid("", f"more than {MOST_ROW_BYTES >> 20} MB without the end of a row")
            mended = self._decode(data, not data).encode().translate(_CONTROLS_TO_SPACE)
            if self._mender:
                mended = self._cutter.feed(self._mender.feed(mended, not data))
            if mended or not data:
                return mended


def open_source(stream: BinaryIO, *, is_json: bool = False) -> tuple[Source, io.BufferedReader]:
    """The source of a file, and a buffered reader of it. `is_json`: it is one JSON document."""
    source = Source(stream, is_json=is_json)
    return source, io.BufferedReader(source, _CHUNK_BYTES)


def read_head(stream: BinaryIO, size: int) -> bytes:
    """The first bytes of what the file holds, unpacked and mended; the stream is left where it was."""
    position = stream.tell()
    try:
        return open_source(stream, is_json=True)[1].read(size)
    finally:
        stream.seek(position)


class _ReadInPieces:
    """A stream of which nothing reads much at a time, as `zipfile` does with a list of contents."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY_BYTES:
            raise Invalid("", "the zip file holds too many files")
        return self._stream.read(size)


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """The zip file in the stream; as `zipfile.ZipFile`, but Invalid for one with very many files."""
    return zipfile.ZipFile(cast("BinaryIO", _ReadInPieces(stream)))


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """One file of a zip file; Invalid when it is packed in a way that cannot be unpacked bit by bit."""
    if member.compress_type not in _PACKINGS:
        raise Invalid("", "the zip file is packed in a rare way; pack it anew in the usual one (deflate)")
    return cast("BinaryIO", archive.open(member))


def _unpack(stream: BinaryIO) -> BinaryIO:
    position = stream.tell()
    magic = stream.read(4)
    stream.seek(position)
    if magic.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if magic.startswith(b"PK\x03\x04"):
        return _open_only_member(stream)
    return stream


def _open_only_member(stream: BinaryIO) -> BinaryIO:
    try:
        archive = open_zip(stream)
        members = [
            member
            for member in archive.infolist()
            if not member.is_dir() and not member.filename.startswith("__MACOSX/")
        ]
        if len(members) != 1:
            raise Invalid("", f"the zip file holds {len(members)} files; give one of them")
        return open_member(archive, members[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid("", f"the zip file cannot be opened: {error}") from None


def _read_raw(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise Invalid("", f"the file is damaged: {error}") from None
