"""Kilo's database."""

from __future__ import annotations

from pathlib import Path

from agent_homes import DAY_1, DAY_2, kilo_home, opencode_home
from devtime.readers.kilo import READER
from devtime.readers.opencode import READERS
from devtime.readers.reader import Surroundings
from log_reading import read_home


def test_messages_of_the_database_are_events(tmp_path: Path) -> None:
    kilo_home(tmp_path)
    first, second = read_home(READER, tmp_path).events
    assert (first.agent, first.time_ms, first.total_tokens, first.cost_nusd) == ("kilo", DAY_1, 10_990, 21_500_000)
    assert (second.time_ms, second.output_tokens, second.extra_tokens, second.cost_nusd) == (DAY_2, 8, 5, None)


def test_the_same_message_of_two_agents_is_two_events(tmp_path: Path) -> None:
    kilo_home(tmp_path)
    opencode_home(tmp_path)
    keys = {event.key for event in read_home(READERS, tmp_path).events}
    assert keys.isdisjoint(event.key for event in read_home(READER, tmp_path).events)


def test_its_folder_is_that_of_its_variable_or_its_own(tmp_path: Path) -> None:
    own = kilo_home(tmp_path)
    assert READER.find_roots(Surroundings(tmp_path, {})) == [own]
    assert READER.find_roots(Surroundings(tmp_path, {"KILO_DATA_DIR": str(tmp_path)})) == [tmp_path]
    assert READER.is_log("kilo.db")
    assert not READER.is_log("kilo.db-wal")
