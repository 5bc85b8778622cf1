"""Fixtures for tests of the embedded server: homes that hold a cluster already, so that each need not make one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtime.store.embedded import start


@pytest.fixture(scope="session")
def _pristine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pristine") / "home"
    start(home).stop()
    return home


@pytest.fixture
def home(_pristine_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A `DEVTIME_HOME` whose server was started once and stopped in good order."""
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", _pristine_home, copy], check=True)
    yield copy
    # A killed server leaves the folder of its socket, which is elsewhere when the name of this one is long.
    for pointer in tmp_path.rglob("socket-folder"):
        shutil.rmtree(pointer.read_text(), ignore_errors=True)
