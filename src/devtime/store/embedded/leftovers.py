"""What a killed server leaves behind: a pid file that lies, backends without a master. For the lock's holder only."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.store.embedded.processes import is_running, postgres_processes_in, read_pid_file

log = logging.getLogger(__name__)

_POLL_S = 0.01
_PATIENCE_S = 10.0


def clear_leftovers(data: Path) -> None:
    """End a server whose DevTime died, then remove its pid file.

    The pid file is PostgreSQL's own guard against two servers on one cluster, so it goes only when nobody is left
    whose working folder is the cluster. A pid in it that now belongs to another program counts for nothing.
    """
    processes = postgres_processes_in(data)
    master = _master(data, processes)
    if master is not None:
        # It is told to stop when its parent dies and may be writing its last checkpoint, which has no time limit.
        log.info("waiting for the PostgreSQL of a DevTime that died (pid %s)", master)
        _signal([master], signal.SIGINT)
        _wait(lambda: is_running(master), None)
    _end_orphans(data)
    with contextlib.suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()


def _master(data: Path, processes: list[int]) -> int | None:
    lines = read_pid_file(data)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if pid in processes else None


def _end_orphans(data: Path) -> None:
    for number in (signal.SIGQUIT, signal.SIGKILL):
        orphans = postgres_processes_in(data)
        if not orphans:
            return
        log.warning("ending PostgreSQL processes without a master: %s", orphans)
        _signal(orphans, number)
        _wait(lambda: bool(postgres_processes_in(data)), _PATIENCE_S)
    orphans = postgres_processes_in(data)
    if orphans:
        raise Unavailable(f"PostgreSQL processes still use {data} and cannot be ended: {orphans}")


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _wait(is_there: Callable[[], bool], patience_s: float | None) -> None:
    deadline = None if patience_s is None else time.monotonic() + patience_s
    while is_there() and (deadline is None or time.monotonic() < deadline):
        time.sleep(_POLL_S)
