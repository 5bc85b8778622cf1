"""A probe plugin's folder: `plugin.json`, the script it names, and what both may not do.

Both generations of the API are accepted: the first has five fields, the second `icon` and `lines` besides.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Literal

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.kinds.probe.permissions import Permissions

MANIFEST = "plugin.json"
Scope = Literal["overview", "detail"]

_MANIFEST_BYTES = 256 << 10
_ICON_BYTES = 512 << 10
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ManifestLine(msgspec.Struct, frozen=True, rename="camel"):
    """A line the plugin announces: where it is shown, and whether it stands for the whole."""

    type: str
    label: str
    scope: str = "detail"
    primary_order: int | None = None
    period: str | None = None


class Link(msgspec.Struct, frozen=True):
    """A page of the provider."""

    label: str
    url: str


class _Permissions(msgspec.Struct, frozen=True):
    """`permissions` of a manifest, DevTime's own addition; paths may begin with `~`."""

    env: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    keychain: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()


class _Manifest(msgspec.Struct, frozen=True, rename="camel"):
    schema_version: int
    id: str
    name: str
    version: str
    entry: str
    icon: str | None = None
    brand_color: str | None = None
    lines: tuple[ManifestLine, ...] = ()
    links: tuple[Link, ...] = ()
    permissions: _Permissions = _Permissions()


class ProbePlugin(msgspec.Struct, frozen=True):
    """A plugin that can be run. `digest` is of everything that can change what it does or says it is.

    `permissions` is what its manifest asks for, paths with their `~`. `warnings` are for its author.
    """

    id: str
    name: str
    version: str
    folder: Path
    entry: str
    script: str
    digest: str
    icon_url: str | None = None
    brand_color: str | None = None
    lines: tuple[ManifestLine, ...] = ()
    links: tuple[Link, ...] = ()
    permissions: Permissions = Permissions()
    warnings: tuple[str, ...] = ()
    is_first_party: bool = False

    @property
    def primary_candidates(self) -> tuple[str, ...]:
        """Labels of the progress lines that may stand for the whole, the first choice first."""
        ordered = [line for line in self.lines if line.type == "progress" and line.primary_order is not None]
        return tuple(line.label for line in sorted(ordered, key=lambda line: line.primary_order or 0))

    @property
    def weekly_candidate(self) -> str | None:
        """The label of the first progress line of a week."""
        return next((line.label for line in self.lines if line.type == "progress" and line.period == "weekly"), None)

    def scope_of(self, label: str) -> Scope:
        """Where a line of that label is shown: lines nobody announced are details."""
        is_overview = any(line.label == label and line.scope == "overview" for line in self.lines)
        return "overview" if is_overview else "detail"


def load_probe(folder: Path, *, is_first_party: bool = False) -> ProbePlugin:
    """The plugin in a folder; Invalid, with the field, for one that cannot be run."""
    text = _read(folder / MANIFEST, MANIFEST, _MANIFEST_BYTES)
    try:
        manifest = msgspec.json.decode(text, type=_Manifest)
    except msgspec.DecodeError as error:
        raise Invalid(f"{folder.name}/{MANIFEST}", str(error)) from None
    _check(manifest)
    script = _read(_inside(folder, manifest.entry, "entry"), "entry", SOURCE_BYTES)
    icon = _read(_inside(folder, manifest.icon, "icon"), "icon", _ICON_BYTES) if manifest.icon is not None else None
    try:
        source = script.decode()
    except UnicodeDecodeError:
        raise Invalid("entry", f"{manifest.entry} is not UTF-8") from None
    links, warnings = _links(manifest)
    return ProbePlugin(
        id=manifest.id,
        name=manifest.name,
        version=manifest.version,
        folder=folder,
        entry=manifest.entry,
        script=source,
        digest=_digest(text, script, icon or b""),
        icon_url=None if icon is None else f"data:image/svg+xml;base64,{base64.b64encode(icon).decode()}",
        brand_color=manifest.brand_color,
        lines=manifest.lines,
        links=links,
        permissions=_permissions(manifest.permissions),
        warnings=(*_line_warnings(manifest), *warnings),
        is_first_party=is_first_party,
    )


def _check(manifest: _Manifest) -> None:
    if not 0 <= manifest.schema_version < 2**32:
        raise Invalid("schemaVersion", "must be a whole number from 0")
    if not _ID.fullmatch(manifest.id):
        raise Invalid("id", "must be up to 64 letters, digits, dots, dashes and underscores, and names a folder")
    for line in manifest.lines:
        if line.primary_order is not None and not 0 <= line.primary_order < 2**32:
            raise Invalid("lines", f"primaryOrder of {line.label!r} must be a whole number from 0")


def _inside(folder: Path, name: str, field: str) -> Path:
    """The file a manifest names, which must be within its folder, links followed."""
    if not name.strip():
        raise Invalid(field, "must name a file")
    if Path(name).is_absolute() or "\\" in name or "\0" in name:
        raise Invalid(field, "must be a path within the plugin's folder")
    try:
        path = (folder / name).resolve()
        is_inside = path.is_relative_to(folder.resolve())
        is_file = path.is_file()
    except (OSError, RuntimeError, ValueError) as error:
        raise Invalid(field, f"{name}: {error}") from None
    if not is_inside:
        raise Invalid(field, f"{name} is outside of the plugin's folder")
    if not is_file:
        raise Invalid(field, f"there is no file {name}")
    return path


def _read(path: Path, field: str, most: int) -> bytes:
    try:
        if not path.is_file():
            raise Invalid(field, f"there is no file {path.name} in {path.parent.name}")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise Invalid(field, f"{path.name} cannot be read: {error.strerror}") from None
    if len(content) > most:
        raise Invalid(field, f"{path.name} is longer than {most:,} bytes")
    return content


def _links(manifest: _Manifest) -> tuple[tuple[Link, ...], list[str]]:
    kept: list[Link] = []
    warnings: list[str] = []
    for link in manifest.links:
        trimmed = Link(link.label.strip(), link.url.strip())
        if trimmed.label and trimmed.url.startswith(("http://", "https://")):
            kept.append(trimmed)
        else:
            warnings.append(f"links: {trimmed.label or trimmed.url or 'an empty one'!r} is left out")
    return tuple(kept), warnings


def _line_warnings(manifest: _Manifest) -> list[str]:
    warnings: list[str] = []
    for line in manifest.lines:
        if line.type != "progress" and (line.primary_order is not None or line.period is not None):
            warnings.append(f"lines: primaryOrder and period of {line.label!r} mean nothing on a {line.type} line")
        elif line.period not in (None, "weekly"):
            warnings.append(f"lines: the period of {line.label!r} is not 'weekly'")
    return warnings


def _permissions(asked: _Permissions) -> Permissions:
    return Permissions(
        frozenset(asked.folders),
        frozenset(asked.writes),
        frozenset(asked.env),
        frozenset(host.lower() for host in asked.hosts),
        frozenset(asked.keychain),
        frozenset(asked.processes),
    )


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
