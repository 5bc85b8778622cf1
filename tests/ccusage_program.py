"""Where the field's most used usage report comes from: npm, or a program named by a variable."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from npm_programs import install

VERSION = "20.0.24"
VARIABLE = "DEVTIME_CCUSAGE"
"""Names a binary to use instead of installing one."""

_PLATFORM_PACKAGE = "@ccusage/ccusage-linux-x64"
_BINARY = Path("node_modules", *_PLATFORM_PACKAGE.split("/"), "bin", "ccusage")


@cache
def find_or_install() -> Path | str:
    """The native program, or why there is none. It is kept for the next time."""
    told = os.environ.get(VARIABLE)
    if told:
        return Path(told) if os.access(told, os.X_OK) else f"{VARIABLE} names no program: {told}"
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return "ccusage is compared with on Linux on x86-64 only; set DEVTIME_CCUSAGE to a binary to do it here"
    packages = [f"ccusage@{VERSION}", f"{_PLATFORM_PACKAGE}@{VERSION}"]
    return install(f"ccusage-{VERSION}", packages, _BINARY)
