"""One `postgres` process: started, waited for, stopped. Who may start it is the supervisor's matter."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.store.embedded.binaries import Binaries
from devtime.store.embedded.cluster import as_options, settings_for
from devtime.store.embedded.logfile import last_lines, open_log
from devtime.store.embedded.osuser import OsUser, doorway
from devtime.store.embedded.placing import place
from devtime.store.embedded.processes import read_pid_file
from devtime.store.embedded.program import launch_server

_POLL_S = 0.005
_STATUS_LINE = 7
_FAST_STOP_S = 60.0
_IMMEDIATE_STOP_S = 5.0


class Server:
    """A running `postgres`, our direct child."""

    def __init__(self, process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
        self._process = process
        self._data = data
        self._log = log

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it still runs; reaps it if not."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until it takes connections, as long as the process lives: recovery after a crash has no time limit."""
        while not self._is_ready():
            if self._process.poll() is not None:
                raise Unavailable(
                    f"PostgreSQL did not start (exit {self._process.returncode}). Its log, {self._log}, ends:\n"
                    + last_lines(self._log)
                )
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Shut down in good order; if that takes a minute, at once: the next start then replays the log."""
        for number, patience_s in ((signal.SIGINT, _FAST_STOP_S), (signal.SIGQUIT, _IMMEDIATE_STOP_S)):
            if self._process.poll() is None:
                self._process.send_signal(number)
                try:
                    self._process.wait(patience_s)
                except subprocess.TimeoutExpired:
                    continue
            return
        self._process.kill()
        self._process.wait()

    def _is_ready(self) -> bool:
        lines = read_pid_file(self._data)
        if len(lines) <= _STATUS_LINE or lines[0].strip() != str(self.pid):
            return False
        return lines[_STATUS_LINE].strip() == "ready"


def _quote(folder: str) -> str:
    """One entry of a list of folders."""
    return '"' + folder.replace('"', '""') + '"'


def start_server(
    data: Path, socket_folder: Path, log: Path, binaries: Binaries, user: OsUser, extra: Mapping[str, str]
) -> Server:
    """Start `postgres` on a cluster; it may still be recovering when this returns."""
    runnable = place(binaries, user)
    descriptor = open_log(log)
    try:
        with doorway(data, user) as data_way, doorway(socket_folder, user) as socket_way:
            settings = settings_for(binaries, extra) | {"unix_socket_directories": _quote(socket_way.name)}
            command = [runnable.program("postgres"), "-D", data_way.name, *as_options(settings)]
            return Server(launch_server(command, user, [data_way, socket_way], descriptor), data, log)
    finally:
        os.close(descriptor)
