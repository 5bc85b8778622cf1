"""The base protocol of LSP, and of its messages the fields that are of use; texts of documents are never decoded.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

from typing import IO

import msgspec

_MOST_HEADER = 8_192
_MOST_BYTES = 64 << 20
_PIECE_BYTES = 1 << 20


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """A document by its address; `language_id` comes when it is opened."""

    uri: str = ""
    language_id: str = ""


class Folder(msgspec.Struct, frozen=True):
    """A folder of the workspace."""

    uri: str = ""


class ClientInfo(msgspec.Struct, frozen=True):
    """What an editor calls itself."""

    name: str = ""


class Params(msgspec.Struct, frozen=True, rename="camel"):
    """The parameters of every message listened to."""

    text_document: Document = Document()
    process_id: int | None = None
    client_info: ClientInfo | None = None
    root_uri: str | None = None
    root_path: str | None = None
    workspace_folders: list[Folder] | None = None


class Message(msgspec.Struct, frozen=True):
    """A request (it has an id and wants an answer), a notification, or an answer to something never asked."""

    method: str = ""
    id: int | str | None = None
    params: msgspec.Raw = msgspec.Raw(b"null")


class Closed(Exception):
    """The editor hung up, or speaks something else."""


def read_message(stream: IO[bytes]) -> bytes:
    """The next message's content; empty when it is too large to look at. Closed at the end."""
    length = -1
    while True:
        line = stream.readline(_MOST_HEADER)
        if not line.endswith(b"\n"):
            raise Closed
        line = line.strip()
        if not line:
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value) if value.strip().isdigit() and len(value) < 20 else -1
    if length < 0:
        raise Closed
    if length > _MOST_BYTES:
        _skip(stream, length)
        return b""
    content = stream.read(length)
    if len(content) < length:
        raise Closed
    return content


def write_message(stream: IO[bytes], answer: dict[str, object]) -> None:
    """Send an answer. Closed when nobody listens."""
    content = msgspec.json.encode({"jsonrpc": "2.0", **answer})
    try:
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        stream.flush()
    except OSError:
        raise Closed from None


def _skip(stream: IO[bytes], length: int) -> None:
    while length > 0:
        piece = stream.read(min(length, _PIECE_BYTES))
        if not piece:
            raise Closed
        length -= len(piece)
