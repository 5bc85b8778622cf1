"""Real editors and shells, set up by `devtime connect`: an hour of work is an hour on the server's page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from database import TestServer
from devtime.client.flusher import send_once
from instances import Instance, run_instance
from machines import wait_until
from seats import DEVTIME, Seat
from typist import hurried, typing

_START = "2026-11-23 09:00:00"
_DAY = {"start": "2026-11-23", "end": "2026-11-23"}


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory):
    """A running DevTime."""
    import asyncio

    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def seat(tmp_path: Path, instance: Instance) -> Seat:
    return Seat(tmp_path, instance)


def needs(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.mark.parametrize(("client", "program"), [("vim", "vim"), ("neovim", "nvim")])
def test_an_hour_in_a_vi_is_an_hour_on_the_page(instance: Instance, seat: Seat, client: str, program: str) -> None:
    needs(program)
    clock = hurried(_START, 1200)
    if not clock:
        pytest.skip("faketime is not installed")
    seat.devtime("connect", client, "--yes")
    with typing([program, "a.py"], seat.project, {**seat.environment, **clock}) as editor:
        editor.wait_for("a.py")
        editor.look(0.5)
        for minute in range(30):
            editor.type("ox = 1\x1b", 0.1)
            if minute == 12:
                editor.type(":w\r:e b.md\r", 0.1)
        editor.type(":w\r", 0.2)
        editor.type(":qa!\r")
        editor.wait()
    wait_until(lambda: not _hooks_running(seat))
    send_once(seat.data)
    rows = seat.arrived()
    assert {(row["tool"], row["project"], row["branch"], row["machine"]) for row in rows} == {
        (client, "lamp", "main", "desk")
    }
    assert {row["language"] for row in rows} == {"Python", "Markdown"}
    assert [Path(row["file"]).name for row in rows if row.get("is_write")] == ["a.py", "b.md"]
    with instance.client(seat.resident) as asking:
        total = asking.get("/api/stats", params=_DAY).json()["total_seconds"]
    assert 2_700 <= total <= 5_400
    assert total == pytest.approx(_seconds_between(rows[0], rows[-1]), abs=1)
    assert "was before" in seat.devtime("connect", client, "--undo", "--yes")
    assert not list(seat.home.rglob("devtime.vim"))


def _seconds_between(first: dict[str, Any], last: dict[str, Any]) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(last["time"]) - datetime.fromisoformat(first["time"])).total_seconds()


def _hooks_running(seat: Seat) -> bool:
    import psutil

    own = f"HOME={seat.home}"
    for process in psutil.process_iter(["cmdline", "environ"]):
        if "hook" in (process.info["cmdline"] or []) and own in [f"HOME={(process.info['environ'] or {}).get('HOME')}"]:
            return True
    return False


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_in_a_shell_are_time_in_the_terminal(instance: Instance, seat: Seat, shell: str) -> None:
    needs(shell)
    seat.devtime("connect", shell, "--yes")
    with typing([shell, "-i"], seat.project, seat.environment) as terminal:
        terminal.look(1.0)
        terminal.type("echo be''gun\r")
        terminal.wait_for("begun")
        terminal.type("echo on''ward\r")
        terminal.wait_for("onward")
        terminal.look(0.5)
        terminal.type("exit\r")
        terminal.wait()
    wait_until(lambda: not _hooks_running(seat))
    wait_until(lambda: len(seat.arrived()) == 1)
    (row,) = seat.arrived()
    assert (row["tool"], row["project"]) == ("terminal", "lamp")
    assert f"connect {shell}" not in seat.devtime("connect")
    seat.devtime("connect", shell, "--undo", "--yes")
    assert "devtime" not in "".join(file.read_text() for file in seat.home.rglob("*shrc"))


_NEOVIM = """
vim.api.nvim_create_autocmd('FileType', {
  callback = function(event)
    local id = vim.lsp.start_client({ name = 'devtime', cmd = { [[%s]], 'lsp' }, root_dir = vim.fn.getcwd() })
    vim.lsp.buf_attach_client(event.buf, id)
  end,
})
"""
_EMACS = """
(require 'eglot)
(add-to-list 'eglot-server-programs '(python-mode . ("%s" "lsp")))
(add-hook 'python-mode-hook 'eglot-ensure)
"""


@pytest.mark.parametrize(("editor", "program"), [("neovim", "nvim"), ("emacs", "emacs")])
def test_editors_that_speak_lsp_tell_what_is_opened_edited_and_saved(
    instance: Instance, seat: Seat, editor: str, program: str
) -> None:
    needs(program)
    if editor == "emacs":
        if not list(Path("/usr/share").glob("emacs/site-lisp/elpa*/eglot*")):
            pytest.skip("eglot is not installed")
        (seat.home / ".emacs").write_text(_EMACS % DEVTIME)
        words, write, leave = ["emacs", "-nw", "a.py"], "\x18\x13", "\x18\x03"
    else:
        (seat.home / ".config/nvim").mkdir(parents=True)
        (seat.home / ".config/nvim/init.lua").write_text(_NEOVIM % DEVTIME)
        words, write, leave = ["nvim", "a.py"], "\x1b:w\r", "\x1b:qa!\r"
    with typing(words, seat.project, seat.environment) as typist:
        typist.wait_for("a.py")
        typist.look(3.0)
        typist.type("i" if editor == "neovim" else "")
        typist.type("x = 1", 1.0)
        typist.type(write, 1.5)
        typist.type(leave)
        typist.wait()
    wait_until(lambda: any(row.get("is_write") for row in seat.arrived()))
    rows = seat.arrived()
    assert {(row["tool"], row["project"], row["language"]) for row in rows} == {(editor, "lamp", "Python")}
    assert {Path(row["file"]).name for row in rows} == {"a.py"}
