"""WakaTime's own client, run as an editor plugin runs it: a process whose file holds an address and a key."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

_SHIM = """
import collections, collections.abc, sys
for name in ("Mapping", "MutableMapping", "Callable", "Iterable", "Sequence", "MutableSet", "Set", "Hashable"):
    setattr(collections, name, getattr(collections.abc, name))
from wakatime.main import execute
sys.exit(execute(sys.argv[1:]))
"""
"""The client is older than Python 3.10, which took these names away."""

OFFLINE = 102
"""What the client exits with when the server cannot be reached; its heartbeats are in its queue then."""


@dataclass(frozen=True)
class WakaTimeClient:
    """A home folder with a configuration, and the client in it."""

    home: Path

    @classmethod
    def configure(cls, home: Path, api_url: str, key: str) -> WakaTimeClient:
        """Write `.wakatime.cfg` with the two settings a user makes."""
        home.mkdir()
        (home / ".wakatime.cfg").write_text(f"[settings]\napi_url = {api_url}\napi_key = {key}\n", "utf-8")
        return cls(home)

    async def send(self, entity: Path, times: list[float], *, project: str) -> int:
        """Send a heartbeat a time; answers the exit status."""
        first, *others = times
        extra = [{"entity": str(entity), "timestamp": time, "project": project} for time in others]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-c", _SHIM, "--config", str(self.home / ".wakatime.cfg")),
            *("--entity", str(entity), "--time", str(first), "--project", project, "--write", "--extra-heartbeats"),
            *("--plugin", "vim/9.1 vim-wakatime/11.3.0", "--hostname", "workbench"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "WAKATIME_HOME": str(self.home), "HOME": str(self.home), "NO_PROXY": "*", "TZ": "UTC"},
        )
        await asyncio.wait_for(process.communicate(json.dumps(extra).encode() + b"\n"), 120)
        assert process.returncode is not None
        return process.returncode

    def count_queued(self) -> int:
        """How many heartbeats wait in its offline queue."""
        queue = self.home / ".wakatime.db"
        if not queue.exists():
            return 0
        with sqlite3.connect(queue) as connection:
            return connection.execute("SELECT count(*) FROM heartbeat_2").fetchone()[0]

    def log(self) -> str:
        """What it logged."""
        log = self.home / ".wakatime.log"
        return log.read_text("utf-8") if log.exists() else ""
