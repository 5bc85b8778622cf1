"""Running PostgreSQL's programs: as which user, with which limits, and so that the server dies with its parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.store.embedded.osuser import Doorway, OsUser

# Bounds what one backend can allocate; shared buffers do not count. A runaway statement gets `out of memory`.
BACKEND_MEMORY_BYTES = 512 * 1024 * 1024

_PR_SET_PDEATHSIG = 1
_prctl: Callable[..., int] | None = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def run_program(
    command: Sequence[str | Path],
    user: OsUser,
    doorways: Iterable[Doorway] = (),
    *,
    stdin: str | None = None,
    cwd: str | Path = "/",
    descriptors: Iterable[int] = (),
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program of PostgreSQL to its end; answers what it printed, Unavailable with its last words if it failed."""
    result = subprocess.run(
        [os.fspath(word) for word in command],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        cwd=cwd,
        env=clean_environment() | dict(environment or {}),
        user=user.uid,
        group=user.uid,
        extra_groups=[] if user.is_other else None,
        pass_fds=[*_descriptors(doorways), *descriptors],
        umask=0o077,
    )
    if result.returncode != 0:
        name = Path(command[0]).name
        words = "\n".join(result.stdout.strip().splitlines()[-12:])
        raise Unavailable(f"{name} failed (exit {result.returncode}):\n{words}")
    return result.stdout


def launch_server(
    command: Sequence[str | Path], user: OsUser, doorways: Iterable[Doorway], log: int
) -> subprocess.Popen[bytes]:
    """Start `postgres` as a direct child that shuts down in good order when the calling thread's process dies."""
    parent = os.getpid()
    limit = _memory_limit()

    def prepare() -> None:
        if _prctl is not None:
            resource.setrlimit(resource.RLIMIT_DATA, limit)
            # Last, for a change of user clears it; SIGINT is PostgreSQL's fast shutdown.
            _prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [os.fspath(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=clean_environment(),
        user=user.uid,
        group=user.uid,
        extra_groups=[] if user.is_other else None,
        pass_fds=_descriptors(doorways),
        start_new_session=True,
        umask=0o077,
        preexec_fn=prepare,
    )


def clean_environment() -> dict[str, str]:
    """The environment of a server: no secret of ours and no PG* variable finds its way into it."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}


def _memory_limit() -> tuple[int, int]:
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    bound = BACKEND_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(BACKEND_MEMORY_BYTES, hard)
    return bound, bound


def _descriptors(doorways: Iterable[Doorway]) -> list[int]:
    return [way.descriptor for way in doorways if way.descriptor is not None]
