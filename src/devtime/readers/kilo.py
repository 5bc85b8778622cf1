"""Kilo's messages: `kilo.db`, which has OpenCode's tables."""

from __future__ import annotations

from pathlib import Path

from devtime.readers.opencode import read_messages
from devtime.readers.places import data_home, existing, listed
from devtime.readers.reader import Piece, Reader, Reading, Surroundings


def _read(piece: Piece) -> Reading:
    return read_messages("kilo", piece)


def _find_roots(surroundings: Surroundings) -> list[Path]:
    return existing(listed(surroundings, "KILO_DATA_DIR") or [data_home(surroundings) / "kilo"])


READER = Reader(
    agent="kilo",
    title="Kilo",
    shape="database",
    find_roots=_find_roots,
    is_log=lambda path: path == "kilo.db",
    read=_read,
)
"""Kilo's database."""
