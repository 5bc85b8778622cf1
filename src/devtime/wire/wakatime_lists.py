"""What WakaTime-compatible answers about single things look like: the user, projects, durations, heartbeats, clients,
machines, and the lists that are always empty here. Only shapes. Instants named `time` are epoch seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from devtime.wire.wakatime_times import GrandTotal

_Item = TypeVar("_Item")


class Nothing(msgspec.Struct, frozen=True):
    """`{}`: there is nothing to tell."""


class CurrentUser(msgspec.Struct, frozen=True, kw_only=True):
    """The owner of the key."""

    id: UUID
    username: str
    display_name: str
    full_name: str | None
    email: str | None
    photo: str | None
    timezone: str
    timeout: int
    writes_only: bool
    weekday_start: int
    bio: str | None
    website: str | None
    human_readable_website: str | None
    last_heartbeat_at: str | None
    last_plugin: str | None
    last_plugin_name: str | None
    last_project: str | None
    created_at: str
    modified_at: str
    plan: str
    has_premium_features: bool
    is_email_public: bool = False
    is_email_confirmed: bool = True
    languages_used_public: bool = False
    logged_time_public: bool = False
    needs_payment_method: bool = False
    photo_public: bool = False


class UserAnswer(msgspec.Struct, frozen=True):
    """The answer of `users/current`."""

    data: CurrentUser


class ApiKey(msgspec.Struct, frozen=True):
    """The key the request was made with."""

    api_key: str


class ApiKeyAnswer(msgspec.Struct, frozen=True):
    """The answer of `users/current/get_api_key`."""

    data: ApiKey


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project that was heard of."""

    id: str
    name: str
    urlencoded_name: str
    url: str
    created_at: str
    first_heartbeat_at: str
    last_heartbeat_at: str
    human_readable_first_heartbeat_at: str
    human_readable_last_heartbeat_at: str
    color: str | None = None
    badge: str | None = None
    repository: str | None = None
    has_public_url: bool = False


class ProjectsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `projects`."""

    data: list[Project]
    total: int
    total_pages: int
    page: int
    prev_page: int | None
    next_page: int | None


class DurationsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `durations`: spans in order, each with its `time`, its `duration`, and the name of its slice."""

    data: list[dict[str, str | float | None]]
    branches: list[str]
    start: str
    end: str
    timezone: str


class HeartbeatsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `heartbeats`: as they were sent, under the names clients send them by."""

    data: list[dict[str, Any]]
    start: str
    end: str
    timezone: str


class InsightAnswer(msgspec.Struct, frozen=True):
    """The answer of `insights`: the aspect asked for under its name, and what it is about."""

    data: dict[str, Any]


class UserAgent(msgspec.Struct, frozen=True, kw_only=True):
    """A client that sent heartbeats."""

    id: str
    value: str
    editor: str | None
    version: str | None
    os: str | None
    cli_version: str | None
    go_version: str | None
    is_browser_extension: bool
    is_desktop_app: bool
    created_at: str | None
    first_seen: str | None
    last_seen_at: str | None
    last_seen: str | None


class UserAgentsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `user_agents`."""

    data: list[UserAgent]
    total: int
    total_pages: int = 1
    page: int = 1
    prev_page: int | None = None
    next_page: int | None = None


class MachineName(msgspec.Struct, frozen=True, kw_only=True):
    """A machine that sent heartbeats; its id is its name."""

    id: str
    name: str
    value: str
    ip: str | None
    timezone: str | None
    created_at: str | None
    last_seen_at: str | None


class MachineNamesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `machine_names`."""

    data: list[MachineName]
    total: int
    total_pages: int = 1
    page: int = 1
    prev_page: int | None = None
    next_page: int | None = None


class Expert(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who worked on a file."""

    id: UUID
    name: str
    long_name: str
    is_current_user: bool


class Expertise(msgspec.Struct, frozen=True, kw_only=True):
    """How long somebody worked on the file."""

    user: Expert
    total: GrandTotal


class FileExpertsAnswer(msgspec.Struct, frozen=True):
    """The answer of `file_experts`."""

    data: list[Expertise]


class EmptyList(msgspec.Struct, frozen=True, kw_only=True):
    """A list that has nothing in it here."""

    data: list[Nothing] = []
    total: int = 0
    total_pages: int = 0
    page: int = 1
    prev_page: int | None = None
    next_page: int | None = None


class Leaders(msgspec.Struct, frozen=True, kw_only=True):
    """A leaderboard nobody is on."""

    data: list[Nothing] = []
    current_user: Nothing | None = None
    language: str | None = None
    country_code: str | None = None
    page: int = 1
    total_pages: int = 0
    timeout: int = 15
    writes_only: bool = False


def client_id(number: int) -> str:
    """How the id of a client is told: as 16 hex digits."""
    return f"{number & 0xFFFF_FFFF_FFFF_FFFF:016x}"


def page_of(items: Sequence[_Item], page: int, size: int) -> tuple[Sequence[_Item], int]:
    """The items of a page (the first is 1), and how many pages there are."""
    return items[(page - 1) * size : page * size], -(-len(items) // size)
