"""From credentials to an identity: checked against the store, remembered for minutes, forgotten when it changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from devtime.accounts.keys import Holder, fetch_holder, find_key, proves_key, touch_keys
from devtime.accounts.sessions import (
    Cookie,
    SessionHolder,
    fetch_session,
    list_session_holders,
    read_cookie,
    touch_sessions,
)
from devtime.kernel.clock import MINUTE_MS, Clock, now_ms
from devtime.kernel.errors import Unauthenticated
from devtime.marketplace.widgets import fetch_widget_rights
from devtime.server.credentials import Shown
from devtime.server.identity import Identity, Widget
from devtime.server.widget_tokens import DRAFT, LASTS_MS, WidgetClaim, proves
from devtime.store.database import Database

MISSING = "Missing or invalid Authorization header"
WRONG = "Invalid API key"
ENDED = "this widget's token has run out, or its plugin may not run any more"

_REMEMBERED_MS = 5 * MINUTE_MS
_WRONG_MS = MINUTE_MS
_MOST = 10_000
_NOTED_EVERY_S = 60.0
_LOG = logging.getLogger("devtime.server")

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Proven(msgspec.Struct):
    """A key that was shown to match its hash. `identity` is None once something about its user changed."""

    holder: Holder
    identity: Identity | None
    until: int


class _SignedIn(msgspec.Struct):
    identity: Identity
    until: int


def _always() -> bool:
    return True


class Identities:
    """Tells who is asking. `is_listening`: whether changes made by other processes are heard just now."""

    def __init__(
        self, database: Database, *, is_listening: Callable[[], bool] = _always, clock: Clock = now_ms
    ) -> None:
        self._database = database
        self._is_listening = is_listening
        self._clock = clock
        self._proven: dict[bytes, _Proven] = {}
        self._signed_in: dict[Cookie, _SignedIn] = {}
        self._wrong: dict[bytes, int] = {}
        self._asking: dict[bytes, asyncio.Task[Identity | None]] = {}
        self._changes = 0
        self._keys_used: dict[tuple[UUID, UUID], int] = {}
        self._sessions_seen: dict[tuple[UUID, bytes], int] = {}
        self._hashing = asyncio.Semaphore(2)
        self._task: asyncio.Task[None] | None = None

    async def identify(self, shown: Shown) -> Identity | None:
        """Whose credentials these are; None when there are none. Unauthenticated when a key is wrong or revoked."""
        if shown.key is not None:
            return await self._of_key(shown.key)
        if shown.widget is not None:
            return await self._of_widget(shown.widget)
        if shown.cookie is not None and (identity := await self._of_cookie(shown.cookie)):
            return identity
        if shown.has_unread:
            raise Unauthenticated(WRONG)
        return None

    def forget(self, user_id: UUID) -> None:
        """The user's rights, keys or sessions changed: ask the store again."""
        self._changes += 1
        self._wrong.clear()
        for proven in self._proven.values():
            if proven.holder.user_id == user_id:
                proven.identity = None
        for cookie in [cookie for cookie in self._signed_in if cookie.user_id == user_id]:
            del self._signed_in[cookie]

    def forget_all(self) -> None:
        """Something may have been missed: ask the store again about everybody."""
        self._changes += 1
        self._wrong.clear()
        self._signed_in.clear()
        for proven in self._proven.values():
            proven.identity = None

    async def start(self) -> None:
        """Begin to note, once a minute, which keys and sessions were used."""
        self._task = asyncio.create_task(self._note_regularly())

    async def close(self) -> None:
        """Note what was used until now, and stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.note_use()

    async def note_use(self) -> None:
        """Write when keys and sessions were last used."""
        keys, self._keys_used = self._keys_used, {}
        sessions, self._sessions_seen = self._sessions_seen, {}
        if not keys and not sessions:
            return
        try:
            async with self._database.transaction() as connection:
                await touch_keys(connection, keys)
                await touch_sessions(connection, sessions)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _LOG.warning("when keys were last used could not be noted: %s", type(error).__name__)

    async def _of_key(self, secret: str) -> Identity:
        digest, now = sha256(secret.encode()).digest(), self._clock()
        proven = self._proven.get(digest)
        identity = proven.identity if proven is not None and proven.until > now else None
        if identity is None and self._wrong.get(digest, 0) <= now:
            identity = await self._ask_once(digest, secret)
        if identity is None:
            raise Unauthenticated(WRONG)
        if identity.key_id is not None:
            self._keys_used[identity.user_id, identity.key_id] = now
        return identity

    async def _ask_once(self, digest: bytes, secret: str) -> Identity | None:
        """Let requests that bring the same key at the same time share one check."""
        task = self._asking.get(digest)
        if task is None:
            task = asyncio.create_task(self._ask(digest, secret))
            self._asking[digest] = task
            task.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(task)

    async def _ask(self, digest: bytes, secret: str) -> Identity | None:
        changes, now = self._changes, self._clock()
        holder = await self._find_holder(digest, secret, now)
        if holder is None:
            self._proven.pop(digest, None)
            _make_room(self._wrong)
            self._wrong[digest] = now + _WRONG_MS
            return None
        identity = _identity_of(holder, key_id=holder.key_id)
        _make_room(self._proven)
        is_current = changes == self._changes and self._is_listening()
        self._proven[digest] = _Proven(holder, identity if is_current else None, now + _REMEMBERED_MS)
        return identity

    async def _find_holder(self, digest: bytes, secret: str, now: int) -> Holder | None:
        """The row of the key. A key proven lately needs its row read again, but no second hashing."""
        proven = self._proven.get(digest)
        if proven is not None and proven.until > now:
            holder = await fetch_holder(self._database, proven.holder.user_id, proven.holder.key_id)
            return holder if holder is not None and holder.key_hash == proven.holder.key_hash else None
        holder = await find_key(self._database, secret)
        if holder is None:
            return None
        async with self._hashing:
            return holder if await proves_key(holder, secret) else None

    async def _of_cookie(self, value: str) -> Identity | None:
        cookie, now = read_cookie(value), self._clock()
        if cookie is None:
            return None
        signed_in = self._signed_in.get(cookie)
        if signed_in is not None and signed_in.until > now:
            identity = signed_in.identity
        else:
            identity = await self._ask_session(cookie, now)
        if identity is not None:
            self._sessions_seen[cookie.user_id, cookie.digest] = now
        return identity

    async def _of_widget(self, claim: WidgetClaim) -> Identity:
        """Asked anew each time, so that what ends the session or the plugin ends the token at once."""
        now = self._clock()
        if not now < claim.expires_ms <= now + LASTS_MS:
            raise Unauthenticated(ENDED)
        holders = await list_session_holders(self._database, claim.user_id, now)
        holder = next((each for each in holders if proves(claim, each.token_digest)), None)
        widget = None if holder is None else await self._find_widget(claim)
        if holder is None or widget is None:
            raise Unauthenticated(ENDED)
        return msgspec.structs.replace(_identity_of(holder), scope="read", role="member", widget=widget)

    async def _find_widget(self, claim: WidgetClaim) -> Widget | None:
        if claim.plugin_id == DRAFT:
            return Widget(plugin_id=DRAFT, author_id=claim.user_id, name="")
        rights = await fetch_widget_rights(self._database, claim.user_id, claim.plugin_id)
        if rights is None:
            return None
        return Widget(
            plugin_id=rights.plugin_id, author_id=rights.author_id, name=rights.name, scopes=rights.granted.scopes
        )

    async def _ask_session(self, cookie: Cookie, now: int) -> Identity | None:
        changes = self._changes
        holder = await fetch_session(self._database, cookie, now)
        if holder is None:
            return None
        identity = msgspec.structs.replace(
            _identity_of(holder, session_digest=holder.token_digest), deletion_asked_ms=holder.deletion_requested_at
        )
        if changes == self._changes and self._is_listening():
            _make_room(self._signed_in)
            self._signed_in[cookie] = _SignedIn(identity, min(now + _REMEMBERED_MS, holder.expires_at))
        return identity

    async def _note_regularly(self) -> None:
        while True:
            await asyncio.sleep(_NOTED_EVERY_S)
            await self.note_use()


def _identity_of(
    holder: Holder | SessionHolder, *, key_id: UUID | None = None, session_digest: bytes | None = None
) -> Identity:
    return Identity(
        user_id=holder.user_id,
        username=holder.username,
        role=holder.role,
        timezone=holder.timezone,
        week_start=holder.week_start,
        scope=holder.scope,
        key_id=key_id,
        session_digest=session_digest,
    )


def _make_room(remembered: dict[_Key, _Value]) -> None:
    """Drop the oldest entry of a full memory."""
    if len(remembered) >= _MOST:
        del remembered[next(iter(remembered))]
