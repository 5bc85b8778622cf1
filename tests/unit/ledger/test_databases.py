"""Logs that are no lines: documents and databases, read whole whenever they changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devtime.ledger.ledger import Ledger, open_ledger
from devtime.readers.reader import Piece, Reader, Reading, Shape, Skipped, Surroundings
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_sums import UsageQuestion


def _read(piece: Piece) -> Reading:
    try:
        sessions = json.loads(piece.data or piece.file.path.read_bytes())
    except ValueError:
        return Reading(skipped=[Skipped(0, "is no JSON")])
    return Reading(
        events=[
            UsageEvent(key=key, agent="x", time_ms=1_770_000_000_000, session=name, model="m", output_tokens=count)
            for name, events in sessions.items()
            for key, count in events
        ]
    )


class Desk:
    """A ledger of one agent whose only log is a document or a database."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.log = folder / "log"
        self._where = Surroundings(folder, {})
        self._reader = Reader(
            agent="made-up",
            title="Made up",
            shape=shape,
            find_roots=lambda _: [folder],
            is_log=lambda name: name == "log",
            read=_read,
        )
        self.ledger: Ledger = open_ledger(folder / "home")

    def told(self, text: str) -> dict[str, int]:
        """The output of each session after the log says that."""
        self.log.write_text(text)
        assert self.ledger.refresh(self._where, (self._reader,)).trouble == ""
        sums: dict[str, int] = {}
        for cell in self.ledger.sums(UsageQuestion(parts=("session",))):
            sums[str(cell.names[0])] = cell.tokens.output
        return sums


@pytest.fixture(params=["document", "database"])
def shape(request: pytest.FixtureRequest) -> Shape:
    return request.param


def test_what_changed_in_it_replaces_what_it_said(tmp_path: Path, shape: Shape) -> None:
    desk = Desk(tmp_path, shape)
    assert desk.told('{"a": [[1, 10], [2, 20]]}') == {"a": 30}
    assert desk.told('{"a": [[1, 5], [3, 200]]}') == {"a": 205}


def test_a_half_written_one_takes_nothing_back(tmp_path: Path, shape: Shape) -> None:
    desk = Desk(tmp_path, shape)
    desk.told('{"a": [[1, 10]]}')
    assert desk.told('{"a": [[1, 10], [2,') == {"a": 10}
    assert desk.told('{"a": [[1, 10], [2, 20]]}') == {"a": 30}


def test_a_session_deleted_from_a_database_stays_as_a_deleted_log_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "database")
    desk.told('{"a": [[1, 10]], "b": [[2, 20]]}')
    assert desk.told('{"b": [[2, 25]]}') == {"a": 10, "b": 25}


def test_a_reader_that_fails_costs_its_own_log_only(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "document")
    desk.told('{"a": [[1, 10]]}')
    assert desk.told('{"a": "the wrong thing"}') == {"a": 10}
    count, [place] = desk.ledger.skipped()
    assert (count, place.reason) == (1, "the reader failed with ValueError")
