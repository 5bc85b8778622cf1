"""The queue: several processes at once, broken files, nothing lost."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from devtime.client.outbox import FILE, open_outbox
from devtime.kernel.errors import Unavailable


def put(home: str, writer: int) -> None:
    for number in range(20):
        with open_outbox(home) as outbox:
            outbox.put([f'{{"writer":{writer},"number":{number}}}'])


def test_fifty_editors_begin_at_once_and_none_loses_a_heartbeat(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    with ThreadPoolExecutor(50) as threads:
        list(threads.map(put, [home] * 50, range(50)))
    with open_outbox(home) as outbox:
        assert outbox.count() == 1_000
    assert not list((tmp_path / "home").glob("*broken*"))


def test_processes_share_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=put, args=(str(tmp_path), writer)) for writer in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    with open_outbox(str(tmp_path)) as outbox:
        assert outbox.count() == 80


def test_it_is_its_owners_only(tmp_path: Path) -> None:
    with open_outbox(str(tmp_path / "home")) as outbox:
        outbox.put(["{}"])
        assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "home").iterdir())


@pytest.mark.parametrize("damage", [b"no database at all" * 500, b"SQLite format 3\0" + b"\xff" * 8_000])
def test_a_broken_file_is_put_aside_and_begun_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    with open_outbox(str(tmp_path)) as outbox:
        outbox.put(["{}"])
        assert outbox.count() == 1
    (aside,) = tmp_path.glob(f"{FILE}.broken-*")
    assert aside.read_bytes() == damage


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable), open_outbox(str(tmp_path / "file" / "home")):
        pass


def test_what_is_dropped_is_what_was_seen(tmp_path: Path) -> None:
    with open_outbox(str(tmp_path)) as outbox:
        outbox.put(["1", "2", "3"])
        seen = outbox.peek(2)
        outbox.put(["4"])
        outbox.drop(seen.last)
        assert [body for _, body in outbox.peek(9).entries] == ["3", "4"]
