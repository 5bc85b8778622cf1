"""What the tests about the repository itself read: the committed files, each once."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def committed() -> list[Path]:
    """Every committed file that is there, as a path below the top."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [Path(name) for name in listing.stdout.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_file()]


@pytest.fixture(scope="session")
def modules(committed: list[Path]) -> list[Path]:
    """The committed Python files of the package."""
    return [path for path in committed if path.suffix == ".py" and path.is_relative_to("src")]
