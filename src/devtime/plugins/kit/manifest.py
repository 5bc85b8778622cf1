"""`plugin.json`: what a plugin is called, what it is and what it asks for. The same names as publishing takes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.grants import Grants, parse_grants
from devtime.plugins.kit.problem import Problem, place_of
from devtime.plugins.kit.shape import PluginType

FILE = "plugin.json"
MOST_BYTES = 64 << 10
MAIN_ENDINGS = (".js", ".ts")

WidgetType = Literal["counter", "chart", "list", "text", "progress"]

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d{1,5}(\.\d{1,5}){2}(-[0-9A-Za-z.]{1,8})?")


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One plugin, as its author describes it. `main` is the script's file; it is not published."""

    name: str
    display_name: str
    version: str = "0.1.0"
    description: str = ""
    icon: str = "🔌"
    plugin_type: PluginType | None = None
    widget_type: WidgetType = "counter"
    repository: str = ""
    settings_schema: dict[str, Any] | None = None
    grants: dict[str, Any] | None = None
    category: str = ""
    tags: tuple[str, ...] = ()
    changelog: str = ""
    main: str = "plugin.js"

    @property
    def asked(self) -> Grants:
        """What it asks for; nothing where the manifest says it wrongly."""
        try:
            return parse_grants(self.grants)
        except Invalid:
            return Grants()


def read_manifest(text: str, file: str = FILE) -> tuple[Manifest | None, list[Problem]]:
    """The manifest, None when it cannot be read at all, and everything wrong with it."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return None, [_problem(file, text, "", "size", f"the manifest is larger than {MOST_BYTES:,} bytes")]
    try:
        manifest = msgspec.json.decode(text.encode("utf-8", "replace"), type=Manifest)
    except msgspec.ValidationError as error:
        told, _, path = str(error).partition(" - at `")
        key = _key_of(told, path)
        return None, [_problem(file, text, key, "manifest", _words(told, key))]
    except msgspec.DecodeError as error:
        return None, [_syntax(file, text, str(error))]
    return manifest, [_problem(file, text, key, "manifest", told) for key, told in _complaints(manifest)]


def _complaints(manifest: Manifest) -> list[tuple[str, str]]:
    """What is wrong, by key."""
    found: list[tuple[str, str]] = []
    if not _NAME.fullmatch(manifest.name) or len(manifest.name) > 64:
        found.append(("name", "name must be kebab-case, such as streak-counter, and at most 64 characters"))
    if not 0 < len(manifest.display_name.strip()) <= 128:
        found.append(("display_name", "display_name has 1 to 128 characters"))
    if len(manifest.description) > 90:
        found.append(("description", f"description has {len(manifest.description)} characters; 90 is the most"))
    if not _VERSION.fullmatch(manifest.version) or len(manifest.version) > 16:
        found.append(("version", "version must be like 1.4.0"))
    if not 0 < len(manifest.icon) <= 8:
        found.append(("icon", "icon is a single emoji"))
    if manifest.repository and urlsplit(manifest.repository).scheme not in ("http", "https"):
        found.append(("repository", "repository must be an http(s) address"))
    main = PurePosixPath(manifest.main)
    if main.is_absolute() or ".." in main.parts or main.suffix not in MAIN_ENDINGS:
        found.append(("main", "main names a .js or .ts file in the plugin's folder"))
    try:
        parse_grants(manifest.grants)
    except Invalid as error:
        found.append(("grants", f"{error.field} {error.reason}"))
    return found


def _key_of(told: str, path: str) -> str:
    """The key an error is about: `$.grants.hosts` is `grants`."""
    if path:
        return path.strip("`$").lstrip(".").split(".")[0].split("[")[0]
    quoted = re.search(r"`(\w+)`", told)
    return quoted[1] if quoted else ""


def _words(told: str, key: str) -> str:
    if "missing required field" in told:
        return f"{key} is missing"
    if "unknown field" in told:
        return f"{key} is not a field of the manifest"
    return f"{key}: {told[0].lower()}{told[1:]}" if key else f"{told[0].lower()}{told[1:]}"


def _problem(file: str, text: str, key: str, code: str, told: str) -> Problem:
    found = re.search(rf'"{re.escape(key)}"\s*:', text) if key else None
    line, column = place_of(text, found.start()) if found else (1, 1)
    return Problem(file, line, column, "error", code, told)


def _syntax(file: str, text: str, told: str) -> Problem:
    at = re.search(r"\(byte (\d+)\)", told)
    index = len(text.encode("utf-8", "replace")[: int(at[1])].decode("utf-8", "ignore")) if at else 0
    line, column = place_of(text, min(index, len(text)) if at else len(text))
    message = re.sub(r"JSON is malformed: | ?\(byte \d+\)", "", told)
    return Problem(file, line, column, "error", "json", f"this is not JSON: {message}")


def describe_manifest(manifest: Manifest) -> str:
    """The file as `devtime plugin new` writes it."""
    fields = cast("dict[str, object]", msgspec.to_builtins(manifest))
    return msgspec.json.format(msgspec.json.encode(fields), indent=2).decode() + "\n"
