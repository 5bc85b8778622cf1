"""The widgets on the dashboard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WidgetRow:
    """One of them. `waiting_version`: a newer one asks for more than was granted, and waits to be looked at."""

    id: str
    name: str
    title: str
    icon: str
    author: str
    version: str
    waiting_version: str | None
    href: str
    settings_href: str | None


@dataclass(frozen=True, slots=True)
class PausedRow:
    """A plugin that runs on the server and was paused, and why. Form: POST `/plugin/NAME/resume`."""

    name: str
    title: str
    trouble: str


@dataclass(frozen=True, slots=True)
class WidgetsView:
    """All of them, in their order."""

    widgets: tuple[WidgetRow, ...]
    paused: tuple[PausedRow, ...] = ()
    store_href: str = "/plugin-store"
