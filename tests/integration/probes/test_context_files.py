"""`ctx.host.fs` from inside the sandbox: what is read, what is kept, and what is written nowhere."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from devtime.plugins.kinds.probe.permissions import Permissions

if TYPE_CHECKING:
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("make", "expression", "expected"),
    [
        ("", "ctx.host.fs.exists('~/x')", False),
        ("x", "ctx.host.fs.exists('~/x')", True),
        ("", "ctx.host.fs.exists('~')", True),
        ("", "ctx.host.fs.exists('a\\0b')", False),
        ("x", "ctx.host.fs.readText('~/x')", "content é"),
        ("", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "No such file or directory (os error 2)"}),
        ("", "ctx.host.fs.readText('~')", {"name": "Error", "message": "Is a directory (os error 21)"}),
        ("bytes", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "stream did not contain valid UTF-8"}),
        ("pipe", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "not a regular file"}),
        ("large", "ctx.host.fs.readText('~/x')", {"name": "Error", "message": "file is larger than 5242880 bytes"}),
        ("x", "ctx.host.fs.listDir('~/x')", {"name": "Error", "message": "Not a directory (os error 20)"}),
        ("", "ctx.host.fs.listDir('~/none')", {"name": "Error", "message": "No such file or directory (os error 2)"}),
        ("many", "ctx.host.fs.listDir('~')", [".b", "Z", "a", "c"]),
        (
            "",
            "ctx.host.fs.writeText(ctx.app.pluginDataDir, 'x')",
            {"name": "Error", "message": "Is a directory (os error 21)"},
        ),
        (
            "",
            "ctx.host.fs.writeText(ctx.app.pluginDataDir + '/a/b', 'x')",
            {"name": "Error", "message": "No such file or directory (os error 2)"},
        ),
        ("", "ctx.host.fs.writeText(ctx.app.pluginDataDir + '/a', 'é') === undefined", True),
    ],
)
async def test_files(bench: ProbeBench, make: str, expression: str, expected: object) -> None:
    path = bench.home / "x"
    match make:
        case "x":
            path.write_text("content é", encoding="utf-8")
        case "bytes":
            path.write_bytes(b"\xff\xfe")
        case "pipe":
            os.mkfifo(path)
        case "large":
            path.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
        case "many":
            for name in ("c", "a", ".b", "Z"):
                (bench.home / name).touch()
        case _:
            pass
    assert await bench.value(expression) == expected


async def test_state_is_kept_between_runs_in_files_and_nowhere_else(bench: ProbeBench) -> None:
    counting = """{ const path = ctx.app.pluginDataDir + '/state.json'; globalThis.seen = (globalThis.seen || 0) + 1;
      const state = ctx.host.fs.exists(path) ? JSON.parse(ctx.host.fs.readText(path)) : { counter: 0 };
      state.counter++; ctx.host.fs.writeText(path, JSON.stringify(state)); return [state.counter, globalThis.seen] }"""
    assert [await bench.value(counting) for _ in range(3)] == [[1, 1], [2, 1], [3, 1]]


async def test_a_login_is_written_back_in_one_step_with_its_mode(bench: ProbeBench) -> None:
    path = bench.home / "auth.json"
    path.write_text("old")
    path.chmod(0o640)
    before = path.stat().st_ino
    await bench.value("{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('~/auth.json', 'new') }")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)
    assert path.stat().st_ino != before
    assert [one.name for one in bench.home.iterdir()] == ["auth.json"]


async def test_a_login_behind_a_link_stays_behind_it(bench: ProbeBench) -> None:
    (bench.home / "real.json").write_text("old")
    (bench.home / "auth.json").symlink_to("real.json")
    await bench.value("{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('~/auth.json', 'new') }")
    assert (bench.home / "auth.json").is_symlink()
    assert (bench.home / "real.json").read_text() == "new"


@pytest.mark.parametrize("target", ["~/other.json", "~/.ssh/authorized_keys", "/etc/cron.d/x", "~/auth.json.bak"])
async def test_nothing_else_is_written(bench: ProbeBench, target: str) -> None:
    (bench.home / "auth.json").write_text("old")
    told = await bench.value(f"{{ ctx.host.fs.readText('~/auth.json'); ctx.host.fs.writeText('{target}', 'new') }}")
    assert isinstance(told, dict)
    assert "not granted" in str(told["message"])
    assert [one.name for one in bench.home.iterdir()] == ["auth.json"]


async def test_a_link_in_the_plugins_folder_leads_nowhere(bench: ProbeBench) -> None:
    bench.data.mkdir(parents=True)
    (bench.data / "out").symlink_to(bench.home)
    (bench.home / "secret").write_text("s")
    narrow = Permissions()
    assert await bench.value("ctx.host.fs.exists(ctx.app.pluginDataDir + '/out/secret')", narrow) is False
    told = await bench.value("ctx.host.fs.writeText(ctx.app.pluginDataDir + '/out/new', 'x')", narrow)
    assert "not granted" in str(told)


async def test_a_granted_folder_does_not_lead_out_of_itself(bench: ProbeBench) -> None:
    (bench.home / "open").mkdir()
    (bench.home / "secret").write_text("s")
    (bench.home / "open" / "link").symlink_to(bench.home / "secret")
    granted = Permissions(folders=frozenset({str(bench.home / "open")}))
    assert "not granted" in str(await bench.value("ctx.host.fs.readText('~/open/link')", granted))
    assert "not granted" in str(await bench.value("ctx.host.fs.readText('~/open/../secret')", granted))
