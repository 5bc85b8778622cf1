"""Somebody at a terminal: starts a program in a pseudo-terminal, types, and lets it end. Time may run faster for it."""

from __future__ import annotations

import os
import pty
import select
import signal
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Typist:
    """A program and its keyboard."""

    def __init__(self, process: int, terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.screen = b""

    def type(self, keys: str, pause_s: float = 0.0) -> None:
        """Press keys, and look at what comes back for a while."""
        os.write(self._terminal, keys.encode())
        self.look(pause_s)

    def look(self, for_s: float) -> None:
        """Read what the program draws; it would stand still if nobody did."""
        deadline = time.monotonic() + for_s
        while (left := deadline - time.monotonic()) > 0 or for_s == 0:
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, left))
            if not ready:
                return
            try:
                self.screen += os.read(self._terminal, 65_536)
            except OSError:
                return
            if for_s == 0:
                return

    def wait_for(self, text: str, patience_s: float = 20.0) -> None:
        """Look until a text was drawn."""
        deadline = time.monotonic() + patience_s
        while text.encode() not in self.screen:
            assert time.monotonic() < deadline, (
                f"{text!r} never came:\n{self.screen[-2_000:].decode('utf-8', 'replace')}"
            )
            self.look(0.05)

    def wait(self, patience_s: float = 20.0) -> int:
        """Until the program has ended; with which code, negative for a signal."""
        deadline = time.monotonic() + patience_s
        while (ended := os.waitpid(self.process, os.WNOHANG)) == (0, 0):
            assert time.monotonic() < deadline, f"it does not end:\n{self.screen[-2_000:].decode('utf-8', 'replace')}"
            self.look(0.05)
        self.look(0.05)
        return os.waitstatus_to_exitcode(ended[1])


@contextmanager
def typing(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, columns: int = 100
) -> Iterator[Typist]:
    """Run a program in a terminal of 30 rows for the length of a block."""
    process, terminal = pty.fork()
    if process == 0:
        try:
            os.chdir(folder)
            termios.tcsetwinsize(0, (30, columns))
            size = {"LINES": "30", "COLUMNS": str(columns)}
            os.execvpe(command[0], list(command), {"TERM": "xterm-256color", **size, **environment})
        finally:
            os._exit(127)
    typist = Typist(process, terminal)
    try:
        yield typist
    finally:
        try:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(terminal)


def hurried(start: str, times: int) -> dict[str, str]:
    """The environment in which a program's clock begins at an instant (`2026-11-23 09:00:00`) and runs faster."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {"LD_PRELOAD": str(libraries[0]), "FAKETIME": f"@{start} x{times}", "TZ": "UTC"} if libraries else {}
