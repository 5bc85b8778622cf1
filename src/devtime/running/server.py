"""The server processes: granian, one parent on the main thread and `workers` children that answer requests."""

from __future__ import annotations

import multiprocessing
import os
import socket
from pathlib import Path

import msgspec
from granian.constants import Interfaces, Loops
from granian.server import Server as Granian

from devtime.kernel.errors import Unavailable
from devtime.kernel.settings import Settings
from devtime.server.process import PROCESS_VARIABLE, ServerProcess, describe_process

_BACKLOG = 2_048


def claim_port(settings: Settings) -> Settings:
    """Check that the address is free, and pick a port when it is 0; Unavailable says what to do when it is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(
                f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}). "
                "Is DevTime running already? Choose another port with --port or DEVTIME_PORT."
            ) from None
        port: int = probe.getsockname()[1]
    return msgspec.structs.replace(settings, port=port)


def run_server(settings: Settings, dsn: str) -> None:
    """Serve until SIGINT or SIGTERM; call it on the main thread."""
    # Not by fork: the worker's thread may hold a lock at that moment, which the child would wait for forever.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ[PROCESS_VARIABLE] = describe_process(ServerProcess(settings=settings, dsn=dsn))
    server = Granian(
        "devtime.bootstrap:create_server",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        loop=Loops.auto,
        backlog=_BACKLOG,
        websockets=False,
        log_enabled=settings.log == "debug",
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=10,
        ssl_cert=Path(settings.tls_cert) if settings.tls_cert else None,
        ssl_key=Path(settings.tls_key) if settings.tls_key else None,
    )
    server.serve()
