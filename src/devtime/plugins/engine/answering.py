"""The server's side of the host calls of one run: what is allowed, how many, and what a plugin learns of a failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import msgspec

from devtime.plugins.engine.execution import HostCalls, HostError
from devtime.plugins.engine.frames import Asked, Settle
from devtime.plugins.engine.limits import Limits

_LOG = logging.getLogger(__name__)
_PATIENCE_S = 1.0

Send = Callable[[Settle], None]


class TooMuch(Exception):
    """The worker let through more than it may: it is not to be trusted any more."""


class Answering:
    """Answers the calls of one run, several at once, and stops with it."""

    def __init__(self, host: HostCalls, capabilities: frozenset[str], limits: Limits, send: Send) -> None:
        self._host = host
        self._capabilities = capabilities
        self._limits = limits
        self._send = send
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self.calls = 0

    def take(self, asked: Asked) -> None:
        """Begin to answer; TooMuch beyond the caps or under a number that is in use."""
        self.calls += 1
        if (
            self.calls > self._limits.host_calls
            or len(self._tasks) >= self._limits.in_flight
            or asked.id in self._tasks
        ):
            raise TooMuch("more host calls than a worker lets through")
        task = asyncio.get_running_loop().create_task(self._answer(asked))
        self._tasks[asked.id] = task

    async def stop(self) -> None:
        """Cancel what is still under way; one that does not let itself be cancelled is left behind."""
        under_way = list(self._tasks.values())
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=_PATIENCE_S)

    async def _answer(self, asked: Asked) -> None:
        is_good, value = True, b"null"
        try:
            value = await self._ask(asked)
        except HostError as error:
            is_good, value = False, _told(error.code, error.message)
        except Exception:
            _LOG.exception("The host call %r of a plugin failed", asked.name[:100])
            is_good, value = False, _told("internal", "the host could not do this")
        finally:
            self._tasks.pop(asked.id, None)
        self._send(Settle(asked.id, is_good, msgspec.Raw(value)))

    async def _ask(self, asked: Asked) -> bytes:
        if asked.name not in self._capabilities:
            raise HostError("forbidden", f"{asked.name} is not available to this plugin")
        arguments = bytes(asked.args).decode()
        if len(arguments) > self._limits.message_bytes:
            raise HostError("too_large", f"arguments larger than {self._limits.message_bytes} bytes")
        reply = (await self._host.call(asked.name, arguments)).encode()
        if len(reply) > self._limits.message_bytes:
            raise HostError("too_large", f"an answer larger than {self._limits.message_bytes} bytes")
        msgspec.json.decode(reply, type=msgspec.Raw)
        return reply


def _told(code: str, message: str) -> bytes:
    return msgspec.json.encode({"code": code, "message": message})
