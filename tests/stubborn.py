"""Clients that never lose a heartbeat, sending each until it is acknowledged; and a `devtime up` to kill."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from devtime.home.config import read_api
from running import free_port

_PATIENCE_S = 60.0
_BATCH = 5
_BEGINNING_MS = 1_735_689_600_000


class Up:
    """`devtime up` on a home, started again as often as need be, always at the same address."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (home.parent / "up.log").open("ab")

    def start(self) -> float:
        """Start it; answers after how many seconds it was ready to record."""
        began = time.monotonic()
        told = {name: value for name, value in os.environ.items() if not name.startswith(("DEVTIME_", "DATABASE_URL"))}
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from devtime.cli.main import run; run()", "up", "--port", str(self.port)],
            env={**told, "DEVTIME_HOME": str(self.home), "DEVTIME_BULK_PER_MINUTE": "0", "DEVTIME_COLLECT": "no"},
            stdout=self._log,
            stderr=self._log,
        )
        return self.wait(began)

    def wait(self, began: float) -> float:
        """Wait until the database answers through the server; seconds since `began`."""
        while time.monotonic() < began + _PATIENCE_S:
            with contextlib.suppress(httpx.HTTPError, OSError):
                endpoint, key = read_api(self.home)
                answer = httpx.get(
                    f"{endpoint}/api/stats?range=today", headers={"X-API-Key": key}, trust_env=False, timeout=2.0
                )
                if answer.status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.01)
        raise TimeoutError(f"not ready after {_PATIENCE_S} s; see {self._log.name}")

    def is_running(self) -> bool:
        """Whether the main process is there."""
        return self._process is not None and self._process.poll() is None

    def family(self) -> list[psutil.Process]:
        """The main process and all below it, the database's among them."""
        assert self._process is not None
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def kill(self, processes: list[psutil.Process]) -> None:
        """SIGKILL, all at once; waits until the main process is gone if it was among them."""
        assert self._process is not None
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if any(process.pid == self._process.pid for process in processes):
            self._process.wait(_PATIENCE_S)

    def stop(self) -> None:
        """Stop it as Ctrl+C does."""
        if self._process is not None and self.is_running():
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE_S)
        self._log.close()


@dataclass
class Senders:
    """Clients sending batches of heartbeats no other sends, each again and again until it is acknowledged."""

    up: Up
    count: int = 4
    acknowledged: int = 0
    resent: int = 0
    refused: set[int] = field(default_factory=set[int])
    _is_over: bool = False
    _flowed: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_until_told(self) -> None:
        """Send until `stop`; every batch that was begun is acknowledged in the end."""
        _, key = read_api(self.up.home)
        limits = httpx.Limits(max_connections=self.count)
        address = f"http://127.0.0.1:{self.up.port}/api/heartbeat/batch"
        async with httpx.AsyncClient(headers={"X-API-Key": key}, trust_env=False, timeout=5.0, limits=limits) as client:
            await asyncio.gather(*(self._send(client, address, number) for number in range(self.count)))

    async def flowing(self) -> None:
        """Wait until another batch is acknowledged."""
        self._flowed.clear()
        await self._flowed.wait()

    def stop(self) -> None:
        """Let each sender end after the batch it is at."""
        self._is_over = True

    async def _send(self, client: httpx.AsyncClient, address: str, number: int) -> None:
        for turn in itertools.count():
            if self._is_over:
                return
            await self._deliver(client, address, list(_batch(number, turn)))

    async def _deliver(self, client: httpx.AsyncClient, address: str, batch: list[dict[str, object]]) -> None:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await client.post(address, json=batch)
                if answer.status_code == 200:
                    assert answer.json()["rejected"] == [], answer.text
                    self.acknowledged += len(batch)
                    self._flowed.set()
                    return
                self.refused.add(answer.status_code)
            self.resent += 1
            await asyncio.sleep(0.02)


def _batch(sender: int, turn: int) -> Iterator[dict[str, object]]:
    for place in range(_BATCH):
        yield {
            "tool": "vscode" if sender % 2 else "claude-code",
            "timestamp": _BEGINNING_MS + (turn * _BATCH + place) * 7_000 + sender,
            "activity_type": "coding",
            "project": f"project-{sender}",
            "file": f"/src/{place}.py",
            "machine_id": f"machine-{sender}",
        }
