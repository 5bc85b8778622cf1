"""A process that owns an embedded server, for tests to kill: `python embedded_owner.py HOME`.

Prints one line of JSON when the server takes connections, stops it when its standard input ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from devtime.store.embedded import start
from devtime.store.embedded.placing import is_open_to_all

SOURCE = Path(__file__).resolve().parent.parent / "src"
_LIBRARIES = Path(pytest.__file__).parent.parent

ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{SOURCE}{os.pathsep}{_LIBRARIES}"}


@dataclass
class Owner:
    """The process, and what it said about its server."""

    process: subprocess.Popen[str]
    dsn: str
    server_pid: int
    is_owner: bool

    def kill(self) -> None:
        """SIGKILL the process alone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def owner_process(home: Path, user: int | None = None, before: tuple[str, ...] = ()) -> Iterator[Owner]:
    """The process, ready; whatever is left of it is ended afterwards."""
    with launch(home, user, before) as process:
        try:
            yield hear(process)
        finally:
            if process.poll() is None:
                process.communicate()


def launch(home: Path, user: int | None = None, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """Start the process without waiting for its server."""
    return subprocess.Popen(
        [*before, python_for(user), __file__, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        cwd="/",
        env=ENVIRONMENT,
    )


def python_for(user: int | None) -> str:
    """An interpreter that `user` can run with our libraries; skips the test if there is none."""
    system = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    for python in (Path(sys.executable), system):
        if user is None or (python.exists() and is_open_to_all(python) and is_open_to_all(SOURCE / "devtime")):
            return str(python)
    pytest.skip("other users can run no Python that reaches this checkout")


def hear(process: subprocess.Popen[str]) -> Owner:
    """Wait for the line that says the server is there."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the owner ended with {process.wait()}"
    return Owner(process, **json.loads(line))


def _own(home: Path) -> None:
    with start(home) as running:
        told = {"dsn": running.address.dsn(), "server_pid": running.pid, "is_owner": running.is_owner}
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _own(Path(sys.argv[1]))
