"""The engine is what its source says: building it anew gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from devtime.plugins.engine.artifacts import GUEST, expected_digest

_ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.skipif("DEVTIME_BUILD_ENGINE" not in os.environ, reason="DEVTIME_BUILD_ENGINE=1 downloads a compiler")
def test_building_the_engine_anew_gives_the_program_that_was_reviewed(tmp_path: Path) -> None:
    made = tmp_path / "engine.wasm"
    subprocess.run([_ROOT / "scripts/build_engine.sh", "--to", made], check=True)
    assert hashlib.sha256(made.read_bytes()).hexdigest() == expected_digest()


@pytest.mark.skipif(not (GUEST / "engine.wasm").exists(), reason="the engine has not been built")
def test_a_built_package_holds_the_engine_and_what_checks_it(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(_ROOT)).build(directory=str(tmp_path), versions=["standard"])
    guest = "devtime/plugins/engine/guest"
    with zipfile.ZipFile(wheel) as archive:
        assert hashlib.sha256(archive.read(f"{guest}/engine.wasm")).hexdigest() == expected_digest()
        assert {f"{guest}/boot.js", f"{guest}/engine.sha256", f"{guest}/guest.c"} <= set(archive.namelist())
