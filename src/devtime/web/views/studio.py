"""The page where plugins are written (`/studio`)."""

from __future__ import annotations

from dataclasses import dataclass

from devtime.plugins.kit.manifest import Manifest

MODES = ("on_heartbeat", "on_tick", "on_install", "widget", "rpc")
WIDGET_TYPES = (
    ("counter", "Counter"),
    ("chart", "Chart"),
    ("list", "List"),
    ("text", "Text"),
    ("progress", "Progress"),
)


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A plugin to start from. `trigger` is the mode to run it in first."""

    id: str
    title: str
    about: str
    manifest: Manifest
    script: str
    trigger: str


@dataclass(frozen=True, slots=True)
class OwnPlugin:
    """A plugin the reader published."""

    name: str
    display_name: str
    version: str


@dataclass(frozen=True, slots=True)
class StudioView:
    """`/studio`. `user` is whose drafts are kept; `has_editor` tells whether the code editor was built."""

    user: str
    has_editor: bool
    templates: tuple[TemplateChoice, ...]
    mine: tuple[OwnPlugin, ...]
    modes: tuple[str, ...] = MODES
    widget_types: tuple[tuple[str, str], ...] = WIDGET_TYPES
