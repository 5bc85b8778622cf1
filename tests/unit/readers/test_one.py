"""One reader is found without the others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from devtime.readers.one import find_reader
from devtime.readers.reader import Reader
from devtime.readers.registry import READERS


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: f"{reader.agent}-{reader.shape}")
def test_it_is_the_one_of_the_registry(reader: Reader) -> None:
    assert find_reader(reader.agent, reader.shape) is reader


@pytest.mark.parametrize(("agent", "shape"), [("claude", "database"), ("reader", "lines"), ("../x", "lines"), ("", "")])
def test_there_is_none_of_another_name(agent: str, shape: str) -> None:
    assert find_reader(agent, shape) is None


def test_others_are_not_imported() -> None:
    asked = (
        "import sys; from devtime.readers.one import find_reader; find_reader('claude', 'lines');"
        "assert not {'devtime.readers.registry', 'devtime.readers.codex'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
