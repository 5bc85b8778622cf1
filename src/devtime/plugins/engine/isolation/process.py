"""What Linux lets a process forbid itself by prctl."""

from __future__ import annotations

import os
import signal

from devtime.plugins.engine.isolation.libc import prctl

_PARENT_DEATH_SIGNAL = 1
_DUMPABLE = 4
_NO_NEW_PRIVILEGES = 38


def die_with_parent() -> None:
    """Be killed when whoever started this process ends, and end now if that has happened already."""
    parent = os.getppid()
    prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def forbid_dumps() -> None:
    """No core file, and nobody of the same user may look inside."""
    prctl(_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """No program started from here gains rights; what the next steps need, too."""
    prctl(_NO_NEW_PRIVILEGES, 1)
