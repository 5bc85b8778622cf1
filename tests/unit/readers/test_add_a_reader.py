"""The reader that the documentation shows is one."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from devtime.readers.reader import LogFile, Reader, Surroundings
from log_mutations import VALUES, log_file
from log_reading import find_logs, read_home, read_pieces

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "add-a-reader.md"
LINE = b'{"id":"r1","chat":"c1","time":"2026-02-02T02:40:00Z","model":"otter-1","usage":{"input":5,"output":6}}\n'


def shown_reader() -> Reader:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    reader = names["READER"]
    assert isinstance(reader, Reader)
    return reader


def test_it_reads_what_the_page_says(tmp_path: Path) -> None:
    reader = shown_reader()
    folder = tmp_path / ".otter" / "chats"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(LINE + LINE.replace(b"r1", b"r2").replace(b":5", b":-5"))
    (folder.parent / "notes.jsonl").write_bytes(LINE)
    assert [file.relative for file in find_logs(reader, tmp_path)] == ["chats/a.jsonl"]
    reading = read_home(reader, tmp_path)
    assert [(event.session, event.model, event.total_tokens) for event in reading.events] == [("c1", "otter-1", 11)]
    assert [skipped.offset for skipped in reading.skipped] == [len(LINE)]
    assert reader.find_roots(Surroundings(tmp_path, {"OTTER_HOME": str(folder)})) == [folder]


@given(pieces=st.lists(st.sampled_from([LINE, *(f"{{{value!r}}}\n".encode("utf-8", "replace") for value in VALUES)])))
def test_it_survives_what_the_page_asks_it_to(pieces: list[bytes]) -> None:
    file: LogFile = log_file("/nowhere/chats/a.jsonl", "chats/a.jsonl")
    reader = shown_reader()
    whole = read_pieces(reader, file, [b"".join(pieces)])
    assert (whole.events, whole.skipped) == (lambda split: (split.events, split.skipped))(
        read_pieces(reader, file, pieces)
    )
    assert len(whole.events) == pieces.count(LINE)
