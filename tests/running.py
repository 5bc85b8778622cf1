"""A server as people run it: `devtime serve` in a process of its own, on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class RunningServer:
    """Where it answers."""

    url: str
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def serve(home: Path, dsn: str, port: int, **environment: str) -> AsyncGenerator[RunningServer]:
    """Run the server until the block ends; it answers when the block begins."""
    process = _start(home, dsn, port, environment)
    try:
        url = f"http://127.0.0.1:{port}"
        await _wait_until_it_answers(url, process, home)
        yield RunningServer(url, process)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, _PATIENCE_S)


def _start(home: Path, dsn: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", "from devtime.cli.main import run; run()", "serve", "--port", str(port)]
    variables = {**os.environ, "DEVTIME_HOME": str(home), "DATABASE_URL": dsn, **environment}
    with (home / "server.log").open("ab") as log:
        return subprocess.Popen(command, env=variables, stdout=log, stderr=subprocess.STDOUT)


async def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = asyncio.get_running_loop().time() + _PATIENCE_S
    async with httpx.AsyncClient(trust_env=False) as client:
        while asyncio.get_running_loop().time() < deadline:
            assert process.poll() is None, (home / "server.log").read_text("utf-8")
            try:
                await client.get(f"{url}/api/v1/users/current")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError(f"no answer after {_PATIENCE_S:.0f} s: {(home / 'server.log').read_text('utf-8')}")
