"""From an editor's documents to queued heartbeats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devtime.client.outbox import open_outbox
from devtime.lsp.tracking import Tracker, path_of


class Session:
    def __init__(self, home: Path) -> None:
        self.now_ms = 1_793_606_400_000
        self.home = home
        self.started: list[str] = []
        self.tracker = Tracker(str(home), lambda: self.now_ms, self.started.append)
        self.tracker.name_editor("Helix")

    def queued(self) -> list[dict[str, Any]]:
        with open_outbox(str(self.home)) as outbox:
            return [json.loads(body) for _, body in outbox.peek(100).entries]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


def test_opening_editing_and_saving_tell_the_editor_and_the_file(session: Session) -> None:
    session.tracker.open("file:///srv/lamp/a.unheard", "gloss")
    session.now_ms += 30_000
    session.tracker.change("file:///srv/lamp/a.unheard")
    session.now_ms += 30_000
    session.tracker.save("file:///srv/lamp/a.unheard")
    told = [(row["tool"], row["editor"], row["language"], row.get("is_write")) for row in session.queued()]
    assert told == [("helix", "Helix", "gloss", None), ("helix", "Helix", "gloss", True)]
    assert session.started


def test_the_end_tells_where_the_last_file_was_left(session: Session) -> None:
    session.tracker.open("file:///srv/lamp/a.py", "python")
    session.now_ms += 90_000
    session.tracker.change("file:///srv/lamp/a.py")
    session.tracker.end()
    session.tracker.end()
    assert [row["timestamp"] for row in session.queued()] == [session.now_ms - 90_000, session.now_ms]


@pytest.mark.parametrize("address", ["untitled:Untitled-1", "git:/a.py", "", "file://elsewhere/a", "http://[", "file:"])
def test_what_is_no_file_here_is_nothing(session: Session, address: str) -> None:
    session.tracker.open(address, "python")
    session.tracker.change(address)
    session.tracker.save(address)
    session.tracker.end()
    assert session.queued() == []


@pytest.mark.parametrize(
    ("address", "path"),
    [("file:///a%20b/%C3%A9.py", "/a b/é.py"), ("file:///c%3A/x.py", "c:/x.py"), ("file:///a%FF", "/a\udcff")],
)
def test_addresses_are_paths(address: str, path: str) -> None:
    assert path_of(address) == path


def test_a_queue_that_cannot_be_used_is_no_trouble_of_the_editors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    session = Session(tmp_path / "file" / "home")
    session.tracker.open("file:///srv/a.py", "python")
    session.tracker.end()
