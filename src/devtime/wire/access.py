"""Asking for API keys and what is answered. How keys are made and checked is the accounts'."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

KeyScope = Literal["ingest", "read", "full"]
"""What a key may do: send heartbeats (and read the status bar), read, or everything."""

Name = Annotated[str, msgspec.Meta(max_length=128, description="What the key is for, as it is listed.")]


class TokenRequest(msgspec.Struct, kw_only=True):
    """Who asks for a key: a user name or e-mail address with the password. Whoever is signed in needs neither."""

    username: str | None = None
    email: str | None = None
    password: str | None = None
    name: Name | None = None
    scope: KeyScope = "full"


class KeyRequest(msgspec.Struct, kw_only=True):
    """A key to be made."""

    name: Name | None = None
    scope: KeyScope = "full"


class KeyRename(msgspec.Struct, kw_only=True):
    """A key's new name."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class KeyAnswer(msgspec.Struct, kw_only=True):
    """A key as it is listed: `prefix` is how it begins. Times are RFC 3339."""

    id: str
    name: str
    prefix: str
    scope: KeyScope
    created_at: str
    last_used_at: str | None


class KeysAnswer(msgspec.Struct, kw_only=True):
    """All keys of a user, oldest first."""

    keys: list[KeyAnswer]


class NewKeyAnswer(KeyAnswer, kw_only=True):
    """A key just made. `key` (and `token`, the same) is told this once; `uuid` is its spelling for WakaTime clients."""

    key: str
    token: str
    uuid: str
