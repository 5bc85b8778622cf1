"""The settings pages. Each names the form fields it posts; `errors` maps a field to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from devtime.web.views.chrome import Theme

Errors = Mapping[str, str]


def _none() -> Errors:
    return {}


@dataclass(frozen=True, slots=True)
class AccountView:
    """`/settings`. Forms: POST `/settings/account` (username, display_name, email), `/settings/password` (current,
    password), `/settings/time` (timezone, timeout_minutes, week_start), `/settings/theme` (theme),
    `/settings/sessions/revoke` (signs out everywhere else), `/settings/delete` (confirm_username, confirm_password).

    `is_rebuilding`: the totals are being counted anew with another timeout.
    """

    username: str
    display_name: str
    email: str
    has_password: bool
    timezone: str
    timezones: tuple[str, ...]
    timeout_minutes: int
    week_start: int
    theme: Theme
    sessions: int = 1
    is_owner: bool = False
    is_rebuilding: bool = False
    errors: Errors = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key as it is listed: never the key itself, only how it begins."""

    id: str
    name: str
    prefix: str
    scope: Literal["ingest", "read", "full"]
    created_ms: int
    last_used_ms: int | None


@dataclass(frozen=True, slots=True)
class KeysView:
    """`/settings/keys`. Forms: POST `/settings/keys` (name, scope), `/settings/keys/{id}/revoke`.

    `new_key` is the secret just made, shown this once; `new_key_uuid` the same secret for WakaTime clients.
    """

    zone: str
    now_ms: int
    keys: tuple[KeyRow, ...]
    new_key: str = ""
    new_key_name: str = ""
    new_key_uuid: str = ""
    errors: Errors = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class PrivacyView:
    """`/settings/privacy`. Form: POST `/settings/privacy` (file_privacy, branch_privacy, exclude_projects and
    exclude_file_patterns, one a line; apply_to_past = "1" rewrites or removes what is stored already).
    """

    file_privacy: str
    branch_privacy: str
    exclude_projects: tuple[str, ...]
    exclude_file_patterns: tuple[str, ...]
    errors: Errors = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import, running or past. `total` is 0 while its size is unknown."""

    id: str
    name: str
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    created_ms: int
    done: int
    total: int
    inserted: int
    duplicates: int
    rejected: int
    reasons: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class DataView:
    """`/settings/data`. Forms: POST `/settings/data/retention` (retention_days, "" keeps all), `/settings/data/import`
    (multipart: file, kind = "auto" or one of `kinds`), `/settings/data/delete` (start, end, project,
    confirm = "delete").
    Links: `/api/export/json`, `/api/export/csv`, `/api/export/archive`, the first two with `start` and `end`.
    """

    zone: str
    now_ms: int
    heartbeats: int
    first_ms: int | None
    retention_days: int | None
    kinds: tuple[tuple[str, str], ...]
    jobs: tuple[ImportJob, ...]
    errors: Errors = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An account of this server."""

    id: str
    username: str
    display_name: str
    email: str
    role: Literal["owner", "admin", "member"]
    created_ms: int
    last_seen_ms: int | None
    is_disabled: bool = False
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that can still be used."""

    id: str
    note: str
    role: Literal["admin", "member"]
    created_by: str
    created_ms: int
    expires_ms: int


@dataclass(frozen=True, slots=True)
class PeopleView:
    """`/settings/people`, for owner and admins. Forms: POST `/settings/people/policy` (policy),
    `/settings/people/invitations` (note, role), `/settings/people/invitations/{id}/revoke`,
    `/settings/people/{id}/role` (role), `/settings/people/{id}/disable`, `/enable`, `/delete`,
    `/link` (a new one-time link).

    `new_link` is an invitation or one-time link just made, shown this once, for `new_link_for`.
    """

    zone: str
    now_ms: int
    policy: Literal["closed", "invite", "open"]
    members: tuple[MemberRow, ...]
    invitations: tuple[InvitationRow, ...]
    is_owner: bool
    new_link: str = ""
    new_link_for: str = ""
