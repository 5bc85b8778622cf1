"""`devtime probe` on a real terminal: somebody is asked and answers, watches and leaves."""

from __future__ import annotations

import re
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from loopback import Reply, Service, serve
from probe_running import of_body, write_plugin
from typist import Typist, typing

_RUN = "from devtime.cli.main import run; run()"
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SCRIPT = of_body(
    """if (ctx.host.fs.exists('~/.trial/more')) ctx.host.http.request({ url: 'https://more.trial.example/x' });
  const r = ctx.host.http.request({ url: 'https://api.trial.example/v1' });
  if (r.status !== 200) throw 'HTTP ' + r.status;
  return { plan: 'Pro', lines: [ctx.line.progress({ label: 'Weekly', used: Number(r.bodyText), limit: 100,
    format: { kind: 'percent' } })] }"""
)


@dataclass(frozen=True)
class Desk:
    """A person's home with a stranger's plugin, and the servers it asks."""

    home: Path
    service: Service
    silent: str

    def write(self, script: str) -> None:
        write_plugin(self.home / ".devtime" / "plugins" / "probes" / "trial", script)

    def devtime(self, *words: str, columns: int = 100) -> AbstractContextManager[Typist]:
        """A command at the terminal."""
        origins = f"https://api.trial.example={self.service.origin},https://more.trial.example={self.silent}"
        environment = {
            "HOME": str(self.home),
            "DEVTIME_HOME": str(self.home / ".devtime"),
            "DEVTIME_PROBE_TEST": "1",
            "DEVTIME_PROBE_ORIGINS": origins,
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
        }
        return typing([sys.executable, "-c", _RUN, "probe", *words], self.home, environment, columns=columns)


@pytest.fixture
def desk(tmp_path: Path, compiled: Path) -> Iterator[Desk]:
    """Nobody was asked yet; one server says 42, the other never a word."""
    with serve() as service, socket.create_server(("127.0.0.1", 0)) as silent:
        service.say("/v1", Reply("42"))
        made = Desk(tmp_path, service, f"http://127.0.0.1:{silent.getsockname()[1]}")
        made.write(_SCRIPT)
        shutil.copytree(compiled, tmp_path / ".devtime" / "engine")
        yield made


def shown(typist: Typist) -> str:
    """What was drawn, without colours."""
    return _SEQUENCE.sub("", typist.screen.decode("utf-8", "replace")).replace("\r", "")


def test_who_says_no_or_nothing_is_asked_again_and_the_plugin_is_not_run(desk: Desk) -> None:
    for answer in ("n\r", "\r", "\x04", "maybe\r"):
        with desk.devtime("trial") as typist:
            typist.wait_for("Allow this? [y/N]")
            told = shown(typist)
            typist.type(answer)
            assert typist.wait() == 1
            assert "devtime probe trust trial" in shown(typist)
        assert "Trial 1.0.0 (trial) is not part of DevTime." in told
        assert all(wanted in told for wanted in ("~/.trial", "api.trial.example", "more.trial.example"))
        assert "[plugin:" not in told
    assert desk.service.heard == []


def test_yes_holds_until_the_plugin_changes(desk: Desk) -> None:
    with desk.devtime("trial") as typist:
        typist.wait_for("Allow this? [y/N]")
        typist.type("y\r")
        assert typist.wait() == 0
        assert "42%" in shown(typist)
    assert len(desk.service.heard) == 1
    with desk.devtime("trial", "--fresh") as typist:
        assert typist.wait() == 0
        assert "Allow" not in shown(typist)
    assert len(desk.service.heard) == 2
    desk.write(_SCRIPT + "\n// changed")
    with desk.devtime("trial", "--fresh") as typist:
        typist.wait_for("Allow this? [y/N]")
        assert "It changed since you allowed it, so you are asked again." in shown(typist)
        typist.type("n\r")
        assert typist.wait() == 1
    assert len(desk.service.heard) == 2


def test_ctrl_c_at_the_question_ends_it(desk: Desk) -> None:
    with desk.devtime("trust", "trial") as typist:
        typist.wait_for("Allow this? [y/N]")
        typist.type("\x03")
        assert typist.wait() == 130
        assert "Traceback" not in shown(typist)
    assert desk.service.heard == []


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x03", 130)])
def test_watching_draws_and_ends(desk: Desk, key: str, code: int) -> None:
    with desk.devtime("trial", "--watch", "--yes") as typist:
        typist.wait_for("42%")
        typist.wait_for("q ends this")
        typist.type(key)
        assert typist.wait() == code
        screen = typist.screen.decode("utf-8", "replace")
    assert screen.index("\x1b[?1049h") < screen.index("42%") < screen.rindex("\x1b[?1049l")
    assert screen.rindex("\x1b[?25h") > screen.index("\x1b[?25l")
    assert "Traceback" not in screen


def test_watching_shows_what_is_known_while_a_server_does_not_answer(desk: Desk) -> None:
    with desk.devtime("trial", "--yes") as typist:
        assert typist.wait() == 0
    (desk.home / ".trial").mkdir()
    (desk.home / ".trial" / "more").touch()
    (desk.home / ".devtime" / "config.toml").write_text("[probes.instances.other]\nplugin = 'trial'\n")
    with desk.devtime("trial", "other", "--watch", "--yes") as typist:
        typist.wait_for("42%")
        typist.wait_for("was not asked yet")
        typist.type("\x03")
        assert typist.wait() == 130


def test_a_narrow_terminal_holds_every_line(desk: Desk) -> None:
    with desk.devtime("trial", columns=40) as typist:
        typist.wait_for("[y/N]")
        typist.type("y\r")
        assert typist.wait() == 0
        text = shown(typist)
    assert "42%" in text
    drawn = text[text.index("[y/N]") :].split("\n")[1:]
    assert [row for row in drawn if sum(2 if east_asian_width(each) in "WF" else 1 for each in row) > 40] == []
