"""Only the guest that was reviewed is loaded, and machine code only as we made it."""

# ruff: noqa: ASYNC240
from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import signal
from pathlib import Path

import pytest

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine import Execution, artifacts
from devtime.plugins.engine.pool import Pool
from devtime.plugins.engine.preparing import prepare

_ONE = Execution("main", script="function main() { return 1 }")


@pytest.fixture
def folder(compiled: Path, tmp_path: Path) -> Path:
    """A private copy."""
    return Path(shutil.copytree(compiled, tmp_path / "engine"))


async def _runs(folder: Path) -> bool:
    pool = Pool(folder, workers=1)
    try:
        return (await pool.run(_ONE)).value_json == "1"
    finally:
        await pool.close()


async def test_what_is_compiled_is_not_compiled_again(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert await prepare(folder) == 0
    assert await _runs(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "junk", "another's", "gone", "unsigned", "version"])
def test_compiled_programs_that_are_damaged_are_not_loaded(folder: Path, damage: str) -> None:
    engine, programs = artifacts.make_engine(), (artifacts.read_guest(), artifacts.read_transform())
    assert None not in [artifacts.load_compiled(engine, program, folder) for program in programs]
    smallest, largest = sorted(folder.glob("*.cwasm"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    if damage == "cut":
        largest.write_bytes(content[:-1])
    elif damage == "bit":
        content[len(content) // 2] ^= 1
        largest.write_bytes(content)
    elif damage == "empty":
        largest.write_bytes(b"")
    elif damage == "junk":
        largest.with_suffix(".sha256").write_bytes(b"\xff\x00")
    elif damage == "another's":
        shutil.copy(smallest, largest)
    elif damage == "gone":
        largest.unlink()
    elif damage == "unsigned":
        largest.with_suffix(".sha256").unlink()
    else:  # as after an upgrade that kept the name: the digest is right, and wasmtime itself refuses it
        major = importlib.metadata.version("wasmtime").partition(".")[0].encode()
        largest.write_bytes(content.replace(b"\0\x02" + major, b"\0\x0249", 1))
        largest.with_suffix(".sha256").write_text(hashlib.sha256(largest.read_bytes()).hexdigest())
    loaded = [artifacts.load_compiled(engine, program, folder) for program in programs]
    assert sorted(module is None for module in loaded) == [False, True]


async def test_a_pool_whose_compiled_programs_are_damaged_meanwhile_makes_them_anew(folder: Path) -> None:
    pool = Pool(folder, workers=1)
    assert (await pool.run(_ONE)).kind == "ok"
    for compiled_form in folder.glob("*.cwasm"):
        compiled_form.write_bytes(compiled_form.read_bytes()[:-1])
    for place in pool.process_ids:
        os.kill(place, signal.SIGKILL)
    assert (await pool.run(_ONE)).kind == "ok"
    await pool.close()


async def test_the_folder_of_machine_code_is_ours_alone(folder: Path, tmp_path: Path) -> None:
    folder.chmod(0o777)
    await prepare(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(Unavailable, match="not a folder of yours"):
        await prepare(link)


def test_a_guest_with_another_digest_is_not_loaded(tmp_path: Path) -> None:
    other = tmp_path / "engine.wasm"
    other.write_bytes(b"\0asm\1\0\0\0")
    with pytest.raises(Unavailable, match="make install"):
        artifacts.read_guest(other)


def test_a_guest_that_is_missing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="make install"):
        artifacts.read_guest(tmp_path / "engine.wasm")


async def test_without_the_guest_a_pool_says_that_plugins_are_unavailable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(artifacts, "GUEST", tmp_path)
    pool = Pool(folder, workers=1)
    with pytest.raises(Unavailable, match="plugins are unavailable"):
        await pool.run(_ONE)
    await pool.close()
