"""Running lifecycle plugins for requests: endpoints by RPC, and code that is tried in the studio."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import DevTimeError, Forbidden, Invalid, NotFound, Unavailable
from devtime.marketplace.active import ActivePlugin, find_active, find_author
from devtime.marketplace.hooks.logs import lines_of, write_log
from devtime.marketplace.running import Rehearsal
from devtime.plugins.engine import Failure, Outcome
from devtime.plugins.grants import Grants
from devtime.plugins.kinds.lifecycle import HOOKS, Beat, Call, Ended
from devtime.plugins.kinds.lifecycle.calls import rpc
from devtime.plugins.kinds.lifecycle.host import Statement
from devtime.plugins.kit.javascript import Unreadable, to_javascript
from devtime.plugins.kit.problem import Problem
from devtime.server.live import Live
from devtime.server.plugin_runtime import ProcessRuntime
from devtime.store.database import Database

_AT_ONCE = 32
"""Calls of one user that may wait or run in one process."""
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_NAME_CHARS = 64
_BODY_BYTES = 512 << 10
_EMPTY = b"{}"
_NOBODY = UUID(int=0)


class HandlerFailed(DevTimeError):
    """An endpoint threw, or used more than it may; `status` is 422, or 504 when its time was up."""

    def __init__(self, detail: str, status: int) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What became of code in the studio."""

    ended: Ended
    statements: tuple[Statement, ...]
    is_dry: bool


class Plugins:
    """The plugins of one server process."""

    def __init__(self, database: Database, runtime: ProcessRuntime, live: Live) -> None:
        self._database = database
        self._live = live
        self._waiting: Counter[UUID] = Counter()
        self.runtime = runtime

    async def run_rpc(
        self,
        user_id: UUID,
        plugin_name: str,
        handler: str,
        body: bytes,
        *,
        may_call: Callable[[UUID], bool] = lambda _: True,
    ) -> bytes:
        """What an endpoint of an installed plugin answers, as JSON. No body is `{}`; nothing answered is `{"ok":true}`.

        `may_call` decides by the plugin's author.

        NotFound: not installed, or no such endpoint. Invalid: a bad name or body. HandlerFailed: it threw or took too
        long. Unavailable: no sandbox was free in time.
        """
        name = _NOT_IN_NAMES.sub("", handler)
        if not 0 < len(name) <= _NAME_CHARS:
            raise Invalid("", "Invalid handler name")
        given = read_body(body)
        plugin = await find_active(self._database, user_id, plugin_name)
        if plugin is None:
            raise NotFound("Plugin not found or not installed")
        if not may_call(plugin.author_id):
            raise Forbidden("this credential may not call that plugin's endpoints")
        if not plugin.script:
            raise Invalid("", "Plugin has no script")
        call = rpc(name, given)
        async with self._place(user_id):
            ended = await self.runtime.run(plugin, user_id, call)
        if lines := lines_of(ended):
            await write_log(self._database, user_id, plugin.plugin_id, call.trigger, lines)
            self._live.publish_plugins(user_id)
        if not ended.is_found:
            if name != handler:
                raise Invalid("", "Invalid handler name")
            raise NotFound(f"{plugin.display_name} has no endpoint {name}")
        return _answer(ended)

    async def run_studio(
        self,
        user_id: UUID,
        script: str,
        trigger: str,
        *,
        name: str = "studio",
        heartbeat: Beat | None = None,
        body_json: bytes = _EMPTY,
        settings: dict[str, Any] | None = None,
        is_dry: bool = True,
    ) -> Tried:
        """Run code as if it were an installed plugin of that name. A dry run keeps nothing of what it writes.
        TypeScript loses its types first.

        `trigger` is a hook or `rpc:NAME`. Invalid for what cannot be run, Forbidden for another author's name.
        """
        await self._check_name(user_id, name)
        try:
            script = await to_javascript(self.runtime.pool, script, "lifecycle", key=str(user_id))
        except Unreadable as error:
            return Tried(ended=_unread(error.problem), statements=(), is_dry=is_dry)
        plugin = ActivePlugin(
            plugin_id=_NOBODY,
            author_id=user_id,
            name=name,
            display_name=name,
            version="0.0.0",
            plugin_type="lifecycle",
            script=script,
            settings=await self._settings(user_id, name) if settings is None else settings,
            granted=Grants(),
        )
        statements: list[Statement] = []
        rehearsal = Rehearsal(is_dry, statements.append)
        async with self._place(user_id):
            call = _call(trigger, heartbeat or mock_heartbeat(), body_json)
            ended = await self.runtime.run(plugin, user_id, call, rehearsal=rehearsal)
        return Tried(ended=ended, statements=tuple(statements), is_dry=is_dry)

    async def close(self) -> None:
        """Leave no process and no connection."""
        await self.runtime.close()

    async def _settings(self, user_id: UUID, name: str) -> Mapping[str, Any]:
        installed = await find_active(self._database, user_id, name)
        return {} if installed is None else installed.settings

    async def _check_name(self, user_id: UUID, name: str) -> None:
        """Code under a published plugin's name has that plugin's keys: that is for its author."""
        if not _NAME.fullmatch(name):
            raise Invalid("name", "is lower-case words with hyphens between them")
        author_id = await find_author(self._database, name)
        if author_id is not None and author_id != user_id:
            raise Forbidden(f"{name} is published by somebody else; try your code under another name")

    @asynccontextmanager
    async def _place(self, user_id: UUID) -> AsyncGenerator[None]:
        if self._waiting[user_id] >= _AT_ONCE:
            raise Unavailable("Too many of your plugins' calls wait already. Try again in a moment.")
        self._waiting[user_id] += 1
        try:
            yield
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id]


def read_body(body: bytes) -> bytes:
    """A request's JSON as the handler is to get it; Invalid when it is none or too large."""
    if len(body) > _BODY_BYTES:
        raise Invalid("", f"the body is larger than {_BODY_BYTES:,} bytes")
    if not body.strip():
        return _EMPTY
    try:
        given = msgspec.json.encode(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("", "the body is not valid JSON") from None
    except RecursionError:
        raise Invalid("", "the body is nested too deeply") from None
    return _EMPTY if given == b"null" else given


def mock_heartbeat() -> Beat:
    """What `on_heartbeat` is tried with unless one is given."""
    return Beat(
        project="my-project",
        language="javascript",
        file="src/index.js",
        editor="VS Code",
        branch="main",
        os="Linux",
        machine="my-machine",
        duration=30,
        time=now_ms() // 1_000,
    )


def _call(trigger: str, heartbeat: Beat, body_json: bytes) -> Call:
    if trigger.startswith("rpc:"):
        return rpc(_NOT_IN_NAMES.sub("", trigger.removeprefix("rpc:"))[:_NAME_CHARS], body_json)
    if trigger not in HOOKS:
        raise Invalid("trigger", f"is one of {', '.join(HOOKS)} or rpc:NAME")
    if trigger == "on_heartbeat":
        return Call(trigger=trigger, heartbeat_json=msgspec.json.encode(heartbeat))
    return Call(trigger=trigger)


def _unread(problem: Problem) -> Ended:
    """The end of code that never ran, as if it had been thrown."""
    failure = Failure("SyntaxError", problem.message, file=problem.file, line=problem.line, column=problem.column)
    return Ended(outcome=Outcome(kind="thrown", failure=failure))


def _answer(ended: Ended) -> bytes:
    kind = ended.outcome.kind
    if kind == "ok":
        return b'{"ok":true}' if ended.value_json == "null" else ended.value_json.encode()
    if kind == "crashed":
        raise Unavailable("The sandbox of this call was lost. Try again.")
    if kind == "timeout":
        raise HandlerFailed("Plugin handler timed out (15s limit)", 504)
    raise HandlerFailed(ended.trouble, 422)
