"""Someone at a machine: a home folder with a repository, `devtime` connected to a running server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from devtime.home.config import write_api
from instances import Instance, Resident

DEVTIME = Path(sys.executable).with_name("devtime")


class Seat:
    """A resident's home, their project `lamp` on its branch `main`, and the environment programs run in."""

    def __init__(self, folder: Path, instance: Instance) -> None:
        self._instance = instance
        self.resident: Resident = instance.settle()
        self.home = folder / "user"
        self.project = self.home / "lamp"
        (self.project / ".git").mkdir(parents=True)
        (self.project / ".git/HEAD").write_text("ref: refs/heads/main\n")
        self.data = self.home / ".devtime"
        write_api(self.data, instance.address, self.resident.key)
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DEVTIME_MACHINE": "desk",
        }

    def devtime(self, *words: str) -> str:
        """Run the program as the one who sits here; what it printed."""
        done = subprocess.run(
            [DEVTIME, *words], env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def arrived(self) -> list[dict[str, Any]]:
        """What the server has of theirs, oldest first."""
        with self._instance.client(self.resident) as client:
            text = client.get("/api/export/json").text
        return sorted((json.loads(line) for line in text.splitlines()[1:]), key=lambda row: row["time"])

    def files(self) -> dict[str, bytes]:
        """Everything in their home but DevTime's own, to compare with later."""
        return {
            str(file): file.read_bytes()
            for file in self.home.rglob("*")
            if file.is_file() and self.data not in file.parents
        }
