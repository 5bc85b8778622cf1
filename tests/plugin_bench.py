"""Runs scripts on a pool of real workers, with a host that keeps what it was asked."""

from __future__ import annotations

import asyncio

from devtime.plugins.engine import Execution, HostError, Limits, Outcome
from devtime.plugins.engine.pool import Pool

PRELUDE = "(bridge) => ({ globals: { host: bridge } })"


class Host:
    """Answers by name: echo, slow (for ever), fail, refuse, large, junk."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.cancelled = 0

    async def call(self, name: str, args_json: str) -> str:
        """As the name says."""
        self.asked.append((name, args_json))
        if name == "slow":
            try:
                await asyncio.sleep(3_600)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        if name == "fail":
            raise RuntimeError("SELECT secret FROM users")
        if name == "refuse":
            raise HostError("quota", "no room left")
        if name == "large":
            return '"' + "x" * (2 << 20) + '"'
        if name == "junk":
            return "{not json"
        return args_json


class Bench:
    """Runs scripts on a pool as the tests write them."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.host = Host()

    async def run(self, script: str, *arguments: str, time_ms: int = 10_000, key: str = "") -> Outcome:
        """Call `main` of a script with arguments of JSON."""
        return await self.pool.run(
            Execution(
                "main",
                script=script,
                args_json=f"[{','.join(arguments)}]",
                prelude=PRELUDE,
                capabilities=frozenset({"echo", "slow", "fail", "refuse", "large", "junk"}),
                limits=Limits(time_ms=time_ms),
            ),
            self.host,
            key=key,
        )
