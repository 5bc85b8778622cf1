"""`.ctplugin`: one plugin in one file, to keep, to mail, and to open in the studio. JSON, so that anybody can read it.

    {"format": "ctplugin", "format_version": 1, "name": …, "display_name": …, …, "script": "…"}

The other names are those of `plugin.json`. Files of other programs that hold a publish body alone are read too.
"""

from __future__ import annotations

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.kit.manifest import Manifest, read_manifest

ENDING = ".ctplugin"
MOST_BYTES = SOURCE_BYTES * 2
_FORMAT = "ctplugin"
_VERSION = 1


class Bundle(msgspec.Struct, frozen=True):
    """A plugin outside of a folder: its manifest and its script as written."""

    manifest: Manifest
    script: str


def pack(bundle: Bundle) -> bytes:
    """The file's content."""
    fields = msgspec.to_builtins(bundle.manifest)
    body = {"format": _FORMAT, "format_version": _VERSION, **fields, "script": bundle.script}
    return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"


def unpack(content: bytes) -> Bundle:
    """The plugin in a file; Invalid, in words for whoever opened it, when there is none."""
    if len(content) > MOST_BYTES:
        raise Invalid("file", f"is larger than {MOST_BYTES:,} bytes")
    try:
        body = msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("file", "is not a .ctplugin file") from None
    if body.pop("format", _FORMAT) != _FORMAT:
        raise Invalid("file", "is not a .ctplugin file")
    version = body.pop("format_version", _VERSION)
    if version != _VERSION:
        raise Invalid("file", f"is of a newer format ({version!s:.20}); update DevTime to open it")
    script = body.pop("script", None)
    if not isinstance(script, str):
        raise Invalid("file", "holds no script")
    known = {name: value for name, value in body.items() if name in Manifest.__struct_fields__ and value is not None}
    manifest, problems = read_manifest(msgspec.json.encode(known).decode())
    if manifest is None or problems:
        raise Invalid("file", problems[0].message)
    return Bundle(manifest, script)
