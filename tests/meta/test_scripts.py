"""The scripts behind `make` can be run as they are cloned."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def _scripts(root: Path) -> list[Path]:
    return [*sorted((root / "scripts").glob("*.sh")), root / ".ci" / "run"]


def test_scripts_are_valid_bash(root: Path) -> None:
    for script in _scripts(root):
        run = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr


def test_scripts_with_a_first_line_can_be_executed(root: Path) -> None:
    started = [script for script in _scripts(root) if script.read_text().startswith("#!")]
    assert root / ".ci" / "run" in started
    assert [str(script) for script in started if not os.access(script, os.X_OK)] == []


def test_make_without_arguments_lists_the_commands(root: Path) -> None:
    listing = subprocess.run(
        ["make", "--no-print-directory"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert "make install" in listing
    assert "make test" in listing
