"""When probes are asked: soon after the start, then every 5, 15, 30 or 60 minutes, and told when somebody else did."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devtime.home.config import read_document
from devtime.kernel.errors import DevTimeError
from devtime.probes.instances import read_probe_settings

log = logging.getLogger(__name__)

FIRST_S = 3.0
_LOOK_S = 30.0
_LONGEST_S = 300.0


class ProbeRounds:
    """A thread that starts a child for each round and calls `told` when it is over."""

    def __init__(self, home: Path, told: Callable[[], None], first_s: float = FIRST_S) -> None:
        self._home = home
        self._told = told
        self._stopping = threading.Event()
        self._due = time.monotonic() + first_s
        self._stamp = self._look()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="devtime-probes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with a round that is under way."""
        self._stopping.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.wait(min(_LOOK_S, max(0.0, self._due - time.monotonic()))):
            # What `devtime probe` or the terminal's dashboard found is told too.
            if time.monotonic() >= self._due or self._look() != self._stamp:
                self._round()

    def _round(self) -> None:
        self._due = time.monotonic() + self._every_s()
        command = [sys.executable, "-m", "devtime.collector.probing", str(self._home)]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        if self._stopping.is_set():
            self._child.terminate()
        try:
            self._child.wait(_LONGEST_S)
        except subprocess.TimeoutExpired:
            log.warning("a round of probes took longer than %.0f s and was ended", _LONGEST_S)
            self._child.kill()
            self._child.wait()
        self._stamp = self._look()
        self._told()

    def _every_s(self) -> float:
        try:
            return read_probe_settings(read_document(self._home)).every_minutes * 60.0
        except DevTimeError as error:
            log.warning("%s", error)
            return 900.0

    def _look(self) -> int:
        try:
            return (self._home / "probes.db").stat().st_mtime_ns
        except OSError:
            return 0
