"""The few calls of the C library that Python has no words for. Linux only."""

from __future__ import annotations

import ctypes
import os

_C = ctypes.CDLL(None, use_errno=True)
_C.syscall.restype = ctypes.c_long


def check(answer: int) -> int:
    """The answer, or the OSError behind a -1."""
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def prctl(option: int, value: int) -> None:
    """prctl(2) with one argument."""
    rest = [ctypes.c_ulong(0)] * 3
    check(int(_C.prctl(ctypes.c_int(option), ctypes.c_ulong(value), *rest)))


def syscall(number: int, *arguments: int | ctypes.Array[ctypes.c_char] | None) -> int:
    """A system call by its number; whole numbers, bytes buffers or None."""
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return check(int(_C.syscall(ctypes.c_long(number), *passed)))
