"""What a server process is told by the process that starts it, through one environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from devtime.kernel.settings import Settings

PROCESS_VARIABLE = "DEVTIME_PROCESS"


class ServerProcess(msgspec.Struct, frozen=True, kw_only=True):
    """The settings, and the database to work on (a libpq URI)."""

    settings: Settings
    dsn: str


def describe_process(process: ServerProcess) -> str:
    """The value of `PROCESS_VARIABLE`."""
    return msgspec.json.encode(process, enc_hook=str).decode()


def read_process(value: str) -> ServerProcess:
    """What `describe_process` told."""
    return msgspec.json.decode(value, type=ServerProcess, dec_hook=_read_path)


def _read_path(_kind: type, value: Any) -> Path:
    return Path(value)
