"""Server processes for tests of what several do together: `serving.create` under granian, one process each."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from devtime.store.address import Address

_PATIENCE_S = 60.0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def granian(address: Address, port: int, log: Path) -> Generator[subprocess.Popen[bytes]]:
    """One granian with one worker; killed at the end if it is still there."""
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1", "--no-access-log",
        "--port", str(port), "serving:create",
    ]  # fmt: skip
    environment = {**os.environ, "DEVTIME_TEST_DSN": address.dsn(), "PYTHONPATH": str(Path(__file__).parent)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            process.wait()


async def reach(port: int) -> None:
    """Wait until the server answers."""
    async with asyncio.timeout(_PATIENCE_S), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while True:
            try:
                await client.get("/login")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def two_servers(address: Address, folder: Path) -> AsyncGenerator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Clients of two processes on one database."""
    ports = free_port(), free_port()
    with granian(address, ports[0], folder / "one.log"), granian(address, ports[1], folder / "two.log"):
        await asyncio.gather(*(reach(port) for port in ports))
        one, two = (httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) for port in ports)
        async with one, two:
            yield one, two
