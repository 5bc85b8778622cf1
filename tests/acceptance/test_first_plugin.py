"""The tutorial of the first plugin, step by step as it stands, against a running server."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from database import TestServer
from devtime.store.roles import connected
from instances import Instance, run_fresh

pytestmark = pytest.mark.slow

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "first-plugin.md"
_STEP = re.compile(r"(?:(Put|Add) this (?:in)?to `([\w.]+)`:\n\n|\n)```(sh|js)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    async def admit() -> None:
        async with connected(test_server.superuser) as connection:
            await connection.execute("GRANT devtime_plugin TO devtime")

    asyncio.run(admit())
    with run_fresh(test_server, tmp_path_factory.mktemp("instance")) as running:
        yield running


def test_every_step_of_the_tutorial_does_what_it_says(instance: Instance, tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "DEVTIME_HOME": str(instance.home)}
    folder, said = tmp_path, ""
    steps = _STEP.findall(TUTORIAL.read_text("utf-8"))
    assert len(steps) >= 9
    for verb, file, language, text in steps:
        if language == "js":
            assert file, text
            with (folder / file).open("w" if verb == "Put" else "a") as script:
                script.write(text)
            continue
        for line in text.strip().splitlines():
            if line.startswith("cd "):
                folder = folder / line.removeprefix("cd ")
                continue
            done = subprocess.run(
                line, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            said += done.stdout
    assert "Now on my-project" in said
    assert "3 passed, 0 failed" in said
    assert "stand-up 0.1.0 is published" in said
    assert "Nothing changes." in _run("devtime plugin publish --dry-run", folder, environment)
    (folder / "plugin.js").write_text("function on_tick() { log('new') }\n")
    assert "+function on_tick() { log('new') }" in _run("devtime plugin publish --dry-run", folder, environment)


def _run(line: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout
