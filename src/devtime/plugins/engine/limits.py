"""What one run of a plugin may use. The guest counts, the worker counts again, and the pool counts a third time."""

from __future__ import annotations

import msgspec

GRACE_S = 1.0
"""How long after its limit a worker that does not answer is killed."""
SLACK_BYTES = 4 << 20
"""What the virtual machine (VM) itself needs beside a plugin's memory."""
SOURCE_BYTES = 256 << 10
"""All sources of one plugin together."""


class Limits(msgspec.Struct, frozen=True):
    """Caps of one run; the defaults are what plugins are promised."""

    time_ms: int = 15_000
    memory_bytes: int = 16 << 20
    stack_bytes: int = 512 << 10
    host_calls: int = 1_000
    in_flight: int = 100
    log_lines: int = 200
    log_chars: int = 4_096
    message_bytes: int = 1 << 20
    result_bytes: int = 4 << 20
