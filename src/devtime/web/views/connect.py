"""The page that gets a first editor connected (`/connect`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste: which file or shell it belongs to, and the text."""

    title: str
    language: str
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A family of editors: how it is connected, step by step. Steps are plain sentences."""

    id: str
    name: str
    editors: str
    steps: tuple[str, ...]
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """The latest heartbeat that arrived."""

    time_ms: int
    tool: str
    project: str
    href: str


@dataclass(frozen=True, slots=True)
class ConnectView:
    """`/connect`. `clients` come from `devtime.web.snippets`. `key` is shown in them only right after it was made here
    (POST `/connect/key`); otherwise they hold a placeholder. `latest` is None until a heartbeat arrived.
    """

    zone: str
    now_ms: int
    address: str
    clients: tuple[Client, ...]
    has_key: bool
    keys: int
    latest: Arrival | None = None
