"""What an author hands in, read into what a listing holds. What they left out stays as it was."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from devtime.kernel.errors import Invalid
from devtime.marketplace.names import read_name
from devtime.marketplace.settings_schema import read_schema
from devtime.marketplace.texts import read_address, read_icon, read_line, read_prose
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.grants import Grants, parse_grants
from devtime.plugins.kit.manifest import WidgetType
from devtime.plugins.kit.shape import PluginType, infer_type
from devtime.store.database import Row

CATEGORIES = ("time", "ai", "projects", "habits", "teams", "data", "looks", "fun", "other")
LONGEST_DESCRIPTION = 90
LONGEST_CHANGELOG = 4_000
MOST_TAGS = 8

_VERSION = re.compile(r"\d{1,5}(?:\.\d{1,5}){0,2}(?:[-+.][0-9A-Za-z.+-]{1,12})?")
_TAG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Draft(msgspec.Struct, kw_only=True):
    """What is handed in. None is left out. `source` is what `script` was made of, if it was (TypeScript)."""

    name: str
    display_name: str
    description: str | None = None
    version: str | None = None
    repository: str | None = None
    icon: str | None = None
    plugin_type: str | None = None
    widget_type: str | None = None
    api_endpoint: str | None = None
    script: str | None = None
    source: str | None = None
    settings_schema: dict[str, Any] | None = None
    grants: dict[str, Any] | None = None
    category: str | None = None
    tags: list[str] | None = None
    changelog: str | None = None
    has_external_access: bool | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a listing holds that its author decides. An empty `settings_schema` is no settings."""

    display_name: str
    description: str | None = None
    version: str = "0.1.0"
    repository: str | None = None
    icon: str = "🔌"
    plugin_type: PluginType = "widget"
    widget_type: str = "counter"
    api_endpoint: str | None = None
    script: str | None = None
    settings_schema: dict[str, Any] | None = None
    grants: Grants = Grants()
    category: str = "other"
    tags: list[str] = []
    has_external_access: bool = False

    def runs_as(self, other: Content) -> bool:
        """Whether it is the same to those who run it: a change of anything else is no new revision."""
        return all(getattr(self, name) == getattr(other, name) for name in _OF_A_REVISION)


_OF_A_REVISION = ("version", "plugin_type", "script", "settings_schema", "grants")


def content_from_row(row: Row) -> Content:
    """What the listing holds."""
    fields: dict[str, Any] = {name: row[name] for name in Content.__struct_fields__}
    fields["grants"] = msgspec.convert(row["grants"], Grants)
    return Content(**fields)


def read_content(draft: Draft, before: Content | None) -> Content:
    """The draft over what there is; Invalid names the field."""
    told: dict[str, Any] = {"display_name": read_line(draft.display_name, "display_name", 128, needed=True)}
    if draft.description is not None:
        told["description"] = read_line(draft.description, "description", LONGEST_DESCRIPTION) or None
    if draft.version is not None:
        told["version"] = _read_version(draft.version)
    for field in ("repository", "api_endpoint"):
        if (text := getattr(draft, field)) is not None:
            told[field] = _read_endpoint(text) if field == "api_endpoint" else read_address(text, field) or None
    if draft.icon is not None:
        told["icon"] = read_icon(draft.icon)
    if draft.widget_type is not None:
        told["widget_type"] = _one_of(draft.widget_type, "widget_type", get_args(WidgetType))
    if draft.script is not None:
        told["script"] = _read_script(draft.script)
    if draft.settings_schema is not None:
        told["settings_schema"] = read_schema(draft.settings_schema) or None
    if draft.grants is not None:
        told["grants"] = parse_grants(draft.grants)
    if draft.category is not None:
        told["category"] = _one_of(draft.category, "category", CATEGORIES)
    if draft.tags is not None:
        told["tags"] = _read_tags(draft.tags)
    if draft.has_external_access is not None:
        told["has_external_access"] = draft.has_external_access
    return _complete(told, draft.plugin_type, before)


def read_changelog(text: str | None) -> str:
    """What the author says is new."""
    return read_prose(text or "", "changelog", LONGEST_CHANGELOG)


def read_plugin_name(text: str) -> str:
    """The name of a plugin."""
    return read_name(text)


def _complete(told: dict[str, Any], told_type: str | None, before: Content | None) -> Content:
    content = Content(**told) if before is None else msgspec.structs.replace(before, **told)
    if content.grants.hosts and not content.has_external_access:
        content = msgspec.structs.replace(content, has_external_access=True)
    if before is not None and before.script is not None:
        if told_type not in (None, before.plugin_type):
            raise Invalid("plugin_type", f"stays {before.plugin_type}: publish the other under another name")
        return content
    kind = infer_type(content.script or "") if told_type is None else told_type
    return msgspec.structs.replace(content, plugin_type=_one_of(kind, "plugin_type", get_args(PluginType)))


def _read_version(text: str) -> str:
    version = text.strip().removeprefix("v")
    if len(version) > 16 or not _VERSION.fullmatch(version):
        raise Invalid("version", "is like 1.4.0, 16 characters at most")
    return version


def _read_script(text: str) -> str:
    if len(text.encode("utf-8", "replace")) > SOURCE_BYTES:
        raise Invalid("script", f"is longer than {SOURCE_BYTES:,} bytes")
    if "\0" in text:
        raise Invalid("script", "must not hold a NUL character")
    return text


def _read_endpoint(text: str) -> str | None:
    endpoint = read_line(text, "api_endpoint", 500)
    if endpoint and not (endpoint.startswith("/") and not endpoint.startswith("//") and "\\" not in endpoint):
        raise Invalid("api_endpoint", "is a path of this server, such as /api/v1/stats/summary")
    return endpoint or None


def _read_tags(tags: list[str]) -> list[str]:
    read = list(dict.fromkeys(tag.strip().lower() for tag in tags))
    if len(read) > MOST_TAGS or any(len(tag) > 32 or not _TAG.fullmatch(tag) for tag in read):
        raise Invalid(
            "tags", f"are {MOST_TAGS} at most, each of small letters, digits and dashes, 32 characters at most"
        )
    return read


def _one_of(text: str, field: str, choices: tuple[str, ...]) -> Any:
    if text not in choices:
        raise Invalid(field, f"is one of {', '.join(choices)}")
    return text
