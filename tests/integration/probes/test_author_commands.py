"""`devtime plugin` for probes, as an author types it: a first plugin that runs, what is wrong, a fixture's world."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine_forms import lend_engine

_DEVTIME = Path(sys.executable).with_name("devtime")


def plugin(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    lend_engine(folder / "home")
    return subprocess.run(
        [_DEVTIME, "plugin", *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "DEVTIME_HOME": str(folder / "home"), "NO_COLOR": "1"},
    )  # fmt: skip


def test_a_first_probe_is_made_checked_and_run(tmp_path: Path) -> None:
    made = plugin(tmp_path, "new", "my-plan", "--kind", "probe")
    assert made.returncode == 0, made.stderr
    command = made.stdout.strip().splitlines()[-1].partition("devtime plugin ")[2].split()
    folder = tmp_path / "my-plan"
    assert plugin(folder, "check").returncode == 0
    ran = plugin(folder, *command, "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [line["label"] for line in json.loads(ran.stdout)["lines"]] == ["Weekly"]
    assert "Weekly" in plugin(folder, *command).stdout


def test_an_error_of_the_script_is_placed(tmp_path: Path) -> None:
    plugin(tmp_path, "new", "my-plan", "--kind", "probe")
    script = tmp_path / "my-plan" / "plugin.js"
    script.write_text("function probe( {\n" + script.read_text())
    checked = plugin(tmp_path / "my-plan", "check", "--json")
    assert checked.returncode == 1
    assert any(told.startswith("plugin.js:") for told in json.loads(checked.stdout)["problems"])


def test_a_fixture_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    plugin(tmp_path, "new", "my-plan", "--kind", "probe")
    ran = plugin(tmp_path / "my-plan", "run", "--fixture", "nowhere")
    assert ran.returncode == 1
    assert "name one of" in ran.stderr
