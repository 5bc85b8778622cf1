"""`devtime plugin …` as an author types it: real folders, the real sandbox, a database of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.artifacts import read_guest
from devtime.plugins.kit.archive import unpack
from engine_forms import lend_engine


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where the engine is compiled once."""
    try:
        read_guest()
    except Unavailable as error:
        pytest.skip(str(error))
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def plugin(home: Path, tmp_path: Path) -> _Author:
    """An author in a folder with a plugin."""
    author = _Author(home, tmp_path)
    author.says("new", "my-plugin", "--kind", "lifecycle")
    return _Author(home, tmp_path / "my-plugin")


class _Author:
    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self._home = home
        lend_engine(home)

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("devtime")
        environment = {
            "PATH": "/usr/bin:/bin",
            "DEVTIME_HOME": str(self._home),
            "NO_COLOR": "1",
            "HOME": str(self._home),
        }
        return subprocess.run(
            [program, "plugin", *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120
        )

    def says(self, *words: str, code: int = 0) -> str:
        done = self.types(*words)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def tells(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.says(*words, "--json", code=code))

    def write(self, script: str, file: str = "plugin.js") -> None:
        (self.folder / file).write_text(script)


def test_what_new_makes_is_sound_and_types_are_beside_it(plugin: _Author) -> None:
    assert plugin.tells("check") == {"ok": True, "problems": []}
    assert {"plugin.json", "plugin.js", "plugin.test.js", "README.md", "devtime-plugin.d.ts"} <= {
        path.name for path in plugin.folder.iterdir()
    }
    assert "exists and is not empty" in plugin.says("new", "other-name", "--folder", ".", code=1)
    assert "kebab-case" in plugin.says("new", "Not A Name", code=1)


def test_check_tells_file_line_and_column_and_fails(plugin: _Author) -> None:
    plugin.write("async function on_tick(ctx) {\n  await ctx.db.query('DROP TABLE users');\n}\n")
    assert "plugin.js:2:22: error: this statement will be refused" in plugin.says("check", code=1)
    plugin.write('{\n "name": "x",\n "display_name": "X",\n "grants": {"hosts": ["10.0.0.1"]}\n}', "plugin.json")
    told = plugin.tells("check", code=1)
    assert [(each["file"], each["line"]) for each in told["problems"]][:1] == [("plugin.json", 4)]


def test_run_tells_what_the_sandbox_saw(plugin: _Author) -> None:
    plugin.write(
        "async function on_heartbeat(ctx, beat) {\n"
        "  warn('on', beat.project);\n"
        "  const rows = await ctx.db.query('SELECT COUNT(*) AS n FROM heartbeats');\n"
        "  return rows[0].n;\n"
        "}\n"
        "const endpoints = { boom: () => { throw new Error('no'); } };\n"
    )
    (plugin.folder / "beat.json").write_text('{"project": "engine"}')
    run = plugin.tells("run", "--trigger", "on_heartbeat", "--heartbeat", "beat.json")
    assert run["logs"] == [{"level": "warn", "text": "on engine"}]
    assert run["value"] == 1
    assert run["statements"][0]["rows"] == 1
    failed = plugin.tells("run", "--trigger", "rpc:boom", code=1)
    assert (failed["kind"], failed["failure"]["message"], failed["failure"]["line"]) == ("thrown", "no", 6)
    assert "the plugin has no on_tick" in plugin.says("run", "--trigger", "on_tick", code=1)
    assert "must be a JSON object" in plugin.says("run", "--trigger", "rpc:boom", "--body", "[1]", code=1)


def test_tests_pass_fail_and_break_with_the_line_to_go_to(plugin: _Author) -> None:
    (plugin.folder / "more.test.js").write_text(
        "test('is wrong', async (t) => {\n"
        "  await t.install();\n"
        "  t.expect(await t.redis.get('since')).toBe('never');\n"
        "});\n"
        "test('sees nobody else', async (t) => {\n"
        "  t.expect(await t.redis.get('since')).toBe(null);\n"
        "  t.expect((await t.db.query('SELECT id FROM users')).length).toBe(1);\n"
        "});\n"
    )
    (plugin.folder / "z.test.js").write_text("test('waits for ever', () => new Promise(() => {}));")
    told = plugin.tells("test", code=1)
    assert (told["passed"], told["failed"]) == (4, 2)
    wrong = next(each for each in told["tests"] if each["name"] == "is wrong")
    assert wrong["line"] == 3
    assert "to be never" in wrong["error"]
    assert told["tests"][-1]["name"] == "waits for ever"


def test_a_packed_plugin_is_the_same_plugin(plugin: _Author) -> None:
    plugin.says("pack", "--to", "one.ctplugin")
    bundle = unpack((plugin.folder / "one.ctplugin").read_bytes())
    assert bundle.script == (plugin.folder / "plugin.js").read_text()
    assert plugin.tells("check", "one.ctplugin")["ok"]
    (plugin.folder / "bad.ctplugin").write_bytes(b"PK")
    assert "is not a .ctplugin file" in plugin.says("check", "bad.ctplugin", code=1)


def test_a_script_outside_the_folder_is_not_read(plugin: _Author, tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text("function on_tick() { log('secret') }")
    (plugin.folder / "plugin.js").unlink()
    (plugin.folder / "plugin.js").symlink_to(tmp_path / "secret.js")
    assert "plugin.js is not there" in plugin.says("check", code=1)


def test_publishing_without_a_server_says_what_to_do(plugin: _Author) -> None:
    assert "config.toml names no" in plugin.says("publish", "--yes", code=1)
