"""The plugin engine compiled once for all homes of tests: compiling takes seconds, and every `devtime up` would."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.artifacts import private_folder, read_guest


@cache
def compiled_engine() -> Path:
    """The folder of the compiled programs, filled by whichever process comes first. Unavailable without an engine."""
    read_guest()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "devtime-tests"
    caches.mkdir(parents=True, exist_ok=True)
    folder = private_folder(caches / "engine")
    with (caches / "engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-I", "-m", "devtime.plugins.engine.compiling", str(folder)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def lend_engine(home: Path) -> None:
    """Put the compiled programs where a DevTime of that home looks for them; without an engine, nothing."""
    try:
        compiled = compiled_engine()
    except Unavailable:
        return
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(compiled, private_folder(home / "engine"), dirs_exist_ok=True)
