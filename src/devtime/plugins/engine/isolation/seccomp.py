"""seccomp: the system calls that WebAssembly and talking over one socket take; any other kills the process.

Memory may not be made executable either: all machine code was there before.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

from devtime.plugins.engine.isolation.libc import syscall

_SET_FILTER, _THREADS_TOO = 1, 1
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
_EXECUTABLE = 4
_X32 = 0x40000000

# Name to the number on x86_64 and on aarch64; None where the machine has no such call.
_ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
_CHECKED: dict[str, tuple[int, int]] = {"mmap": (9, 222), "mprotect": (10, 226)}
# Machine to its column above, the kernel's word for it and the number of seccomp itself.
_MACHINES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}


def restrict() -> None:
    """Install the filter in every thread."""
    machine = platform.machine()
    if machine not in _MACHINES or sys.maxsize < 2**32:
        raise NotImplementedError(f"no list of system calls for {machine}")
    program = filter_for(machine)
    instructions = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("=H6xQ", len(program) // 8, ctypes.addressof(instructions))
    pointer = ctypes.create_string_buffer(described, len(described))
    syscall(_MACHINES[machine][2], _SET_FILTER, _THREADS_TOO, pointer)


def filter_for(machine: str) -> bytes:
    """The filter as instructions of the kernel's packet filter: which, where to when it holds, when not, operand."""
    column, word, _ = _MACHINES[machine]
    numbers = [pair[column] for pair in _ALLOWED.values()]
    code = [(_LOAD, 0, 0, _MACHINE_AT), (_JUMP_EQUAL, 1, 0, word), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER_AT)]
    if machine == "x86_64":
        code += [(_JUMP_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for number in numbers:
        if number is not None:
            code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for pair in _CHECKED.values():
        code += [
            (_JUMP_EQUAL, 0, 4, pair[column]),
            (_LOAD, 0, 0, _THIRD_ARGUMENT_AT),
            (_JUMP_ANY_BIT, 0, 1, _EXECUTABLE),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    code.append((_RETURN, 0, 0, _KILL))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
