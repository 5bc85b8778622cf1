"""The collector beside the server: a process of its own, started again when it falls, ended with this one."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from devtime.collector.__main__ import ALREADY_RUNS
from devtime.kernel.settings import Settings

log = logging.getLogger(__name__)

_AGAIN_S = 5.0
_AGAIN_IF_ANOTHER_S = 60.0
_PATIENCE_S = 5.0


class KeptCollector:
    """One collector process, watched by a thread."""

    def __init__(self, settings: Settings) -> None:
        self._command = [sys.executable, "-m", "devtime.collector", str(settings.home), settings.log]
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="devtime-collector", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait for it."""
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
        self._thread.join(_PATIENCE_S)
        if process is not None and process.poll() is None:
            process.kill()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            # Its input stays open as long as this process lives, however that ends; then it stops by itself.
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)
            code = self._process.wait()
            if self._stopping.is_set():
                return
            if code not in (0, ALREADY_RUNS):
                log.warning("the collector ended with code %s; starting it again", code)
            self._stopping.wait(_AGAIN_IF_ANOTHER_S if code == ALREADY_RUNS else _AGAIN_S)
