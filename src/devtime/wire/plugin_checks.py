"""Plugins as their authors send them: a script looked over, and a plugin published."""

from __future__ import annotations

from typing import Any

import msgspec


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A script to look over. `plugin_type` is found out when it is not told; `hosts` are those it asks to reach."""

    script: str
    plugin_type: str | None = None
    hosts: list[str] = []


class CheckProblem(msgspec.Struct, frozen=True):
    """Something wrong; line and column count from 1, 0 is the whole script. `severity`: error or warning."""

    line: int
    column: int
    severity: str
    code: str
    message: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """All that was found, in the order of the script."""

    problems: list[CheckProblem]


class PublishRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin to publish, or the next version of one. What is left out stays as it was. `script` may be TypeScript."""

    name: str
    display_name: str
    script: str
    version: str | None = None
    description: str | None = None
    repository: str | None = None
    icon: str | None = None
    plugin_type: str | None = None
    widget_type: str | None = None
    settings_schema: dict[str, Any] | None = None
    grants: dict[str, Any] | None = None
    category: str | None = None
    tags: list[str] | None = None
    changelog: str | None = None


class PublishAnswer(msgspec.Struct, frozen=True):
    """`is_new`: the name was not there. `href` is the plugin's page in the store."""

    name: str
    display_name: str
    version: str
    revision: int
    is_new: bool
    href: str
