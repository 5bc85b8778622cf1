"""Landlock: no file, no TCP, no signal to others. Every right the kernel knows is handled, and none is given back."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from devtime.plugins.engine.isolation.libc import syscall

_CREATE, _RESTRICT = 444, 446
_VERSION_FLAG = 1


def restrict() -> None:
    """Give up all rights of the file system, the network and other processes that this kernel can take."""
    try:
        version = syscall(_CREATE, None, 0, _VERSION_FLAG)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            raise NotImplementedError("this kernel has no landlock") from None
        raise
    attributes = handled(version)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    rules = syscall(_CREATE, buffer, len(attributes), 0)
    try:
        syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def handled(version: int) -> bytes:
    """The kernel's struct landlock_ruleset_attr, as long as that version knows it, with every right in it."""
    files = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        if version >= since:
            files |= 1 << bit
    fields = [files]
    if version >= 4:
        fields.append(0b11)
    if version >= 6:
        fields.append(0b11)
    return struct.pack(f"={len(fields)}Q", *fields)
