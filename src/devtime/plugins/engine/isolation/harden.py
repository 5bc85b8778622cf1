"""The steps of the hardening, in their order. Each is tried by itself and tells how it went; none of them is fatal."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator

from devtime.plugins.engine.frames import Step
from devtime.plugins.engine.isolation import landlock, process, seccomp

_DATA_BYTES = 256 << 20

Do = Callable[[], None]


def harden(without: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """Take every right away that running a machine does not need. Imports, files and threads come before this.

    `without` leaves steps out by name, for tests of systems that lack them.
    """
    return tuple(_try(name, action, without) for name, action in _steps())


def _steps() -> Iterator[tuple[str, Do]]:
    yield "core", lambda: _limit(resource.RLIMIT_CORE, 0)
    yield "file size", lambda: _limit(resource.RLIMIT_FSIZE, 0)
    if sys.platform == "linux":
        yield "data", lambda: _limit(resource.RLIMIT_DATA, _DATA_BYTES)
        yield "parent death", process.die_with_parent
        yield "not dumpable", process.forbid_dumps
        yield "no new privileges", process.forbid_new_privileges
        yield "landlock", landlock.restrict
    # One, and standard input has it: with none the socket could not be waited for.
    yield "open files", lambda: _limit(resource.RLIMIT_NOFILE, 1)
    if sys.platform != "darwin":
        yield "processes", lambda: _limit(resource.RLIMIT_NPROC, 0)
    if sys.platform == "linux":
        yield "seccomp", seccomp.restrict


def _try(name: str, action: Do, without: frozenset[str]) -> Step:
    if name in without:
        return Step(name, "off", "left out")
    try:
        action()
    except NotImplementedError as error:
        return Step(name, "absent", str(error))
    except (OSError, ValueError, AttributeError) as error:
        return Step(name, "off", str(error))
    return Step(name, "on")


def _limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, most))
