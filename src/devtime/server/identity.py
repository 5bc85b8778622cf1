"""Who is asking: the type handlers receive. How it is found out lives in `identities`, what it may do in `guards`."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.accounts.users import Role
from devtime.wire.access import KeyScope


class Widget(msgspec.Struct, frozen=True, kw_only=True):
    """The plugin whose widget is asking. `scopes` are those its user granted beyond reading."""

    plugin_id: UUID
    author_id: UUID
    name: str
    scopes: tuple[str, ...] = ()


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated user, and by which credential: `key_id` for an API key, `session_digest` for a web session,
    `widget` for what a plugin does on its own on a page of the user. Of a session it is also known when a plugin
    deleted the account (`deletion_asked_ms`).
    """

    user_id: UUID
    username: str
    role: Role
    timezone: str
    week_start: int
    scope: KeyScope
    key_id: UUID | None = None
    session_digest: bytes | None = None
    widget: Widget | None = None
    deletion_asked_ms: int | None = None

    @property
    def credential(self) -> UUID:
        """What rate limits count by: the key, or the user for sessions."""
        if self.widget is not None:
            return self.widget.plugin_id
        return self.key_id or self.user_id

    def allows(self, *scopes: KeyScope) -> bool:
        """True when the credential has one of these scopes, or all of them.

        A widget reads; `write` of its grants stands for what needs them all, as far as widgets get (`widget_reach`).
        """
        if self.widget is not None:
            needed = [scope for scope in scopes if scope != "full"] or ["write"]
            return any(scope == "read" or scope in self.widget.scopes for scope in needed)
        return self.scope == "full" or self.scope in scopes

    def may_call(self, author_id: UUID) -> bool:
        """Whether it may call the endpoints of the user's plugins by this author: a widget only those of its own."""
        return self.scope == "full" if self.widget is None else self.widget.author_id == author_id
