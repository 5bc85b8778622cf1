"""Import files made to take the importer down: numbers, nesting, lists of contents and packings without measure.

What can end the process, or fill its memory, is tried in a process of its own.
"""

import bz2
import io
import lzma
import struct
import subprocess
import sys
import zipfile

import pytest

from devtime.activity.archive import open_archive
from devtime.activity.importers import activitywatch, source
from devtime.activity.importers.digits import MOST_DIGITS, DigitCutter
from devtime.activity.importers.sniff import read_file, sniff
from devtime.kernel.errors import Invalid

_READ = """
import resource, sys
from devtime.activity.archive import open_archive
from devtime.activity.importers.sniff import read_file
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
file = open(sys.argv[1], "rb")
try:
    archive = open_archive(file)
    for row in read_file(archive.heartbeats if archive else file, 1_800_000_000_000):
        print("row" if row.problem is None else row.problem)
except Exception as error:
    print(type(error).__name__, error)
"""
ROW = b'{"project":"a","time":1741276680}'


@pytest.fixture
def read_apart(tmp_path):
    """Read a file in a process with a gigabyte to live on; answers what was told of its rows."""

    def read(content):
        file = tmp_path / "file"
        file.write_bytes(content)
        run = subprocess.run([sys.executable, "-c", _READ, file], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stderr[-500:]) == (0, "")
        return run.stdout.splitlines()

    return read


# --- numbers and nesting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [b"", b"-"])
def test_a_number_of_thousands_of_digits_costs_no_other_row(read_apart, sign):
    bad = b'{"project":"a","time":1741276680,"n":' + sign + b"7" * 100_000 + b"}"
    assert read_apart(b"[" + ROW + b"," + bad + b"," + ROW + b"]") == ["row"] * 3


def test_a_number_of_thousands_of_digits_is_no_trouble_at_the_head_of_a_file(read_apart):
    assert read_apart(b'{"n":' + b"7" * 50_000 + b',"heartbeats":[' + ROW + b"]}") == ["row"]
    assert sniff(io.BytesIO(b'{"n":' + b"7" * 50_000)) == "generic"


@pytest.mark.parametrize("number", [b"1e9999999999999999999999", b"1e-9999999999999999999999", b"1e" + b"9" * 9_000])
def test_a_number_out_of_all_range_ends_the_file_and_is_told(number):
    rows = list(read_file(io.BytesIO(b"[" + ROW + b"," + number + b"]"), 1_800_000_000_000))
    assert [row.problem is None for row in rows] == [True, False]
    assert "out of all range" in str(rows[-1].problem)


@pytest.mark.parametrize("size", [1, 3, 64, 4_096])
def test_digits_are_cut_wherever_the_chunks_end(size):
    text = b'{"a":' + b"1" * 5_000 + b',"b":123,"c":"' + b"2" * MOST_DIGITS + b'"}' + b"3" * 2_000
    cutter = DigitCutter()
    pieces = [cutter.feed(text[start : start + size]) for start in range(0, len(text), size)]
    wanted = b'{"a":' + b"1" * MOST_DIGITS + b',"b":123,"c":"' + b"2" * MOST_DIGITS + b'"}' + b"3" * MOST_DIGITS
    assert b"".join(pieces) == wanted


DEPTH = 200_000
CLOSED, OPEN = b"]" * DEPTH, b"[" * DEPTH
DEEP = {
    "in a row": b"[" + ROW[:-1] + b',"x":' + OPEN + CLOSED + b"}," + ROW + b"]",
    "beside the rows": b'{"x":' + OPEN + CLOSED + b',"heartbeats":[' + ROW + b"]}",
    "with a text that says otherwise": b"["
    + ROW[:-1]
    + b',"x":["'
    + CLOSED
    + b'",'
    + OPEN
    + CLOSED
    + b"]},"
    + ROW
    + b"]",
}


@pytest.mark.parametrize("content", DEEP.values(), ids=DEEP)
def test_nesting_of_any_depth_takes_no_memory_and_costs_no_other_row(read_apart, content):
    assert read_apart(content)[-1] == "row"


# --- containers -------------------------------------------------------------------------------------------------------


def zip_of_many(count):
    """A zip file whose list of contents names that many files, of which none is there."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, *[0] * 7, 1, *[0] * 6) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 30, 0)
    return b"PK\3\4" + bytes(26) + entry * count + end


def test_a_zip_file_of_very_many_files_is_refused_before_its_list_is_read(read_apart):
    assert read_apart(zip_of_many(2_000_000)) == ["Invalid the zip file holds too many files"]


def zipped(packing, name, content):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        archive.writestr(name, content)
        archive.writestr("settings.json", "{}")
    return target.getvalue()


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_unpack_at_one_go_are_refused(packing):
    with pytest.raises(Invalid, match="packed in a rare way"):
        open_archive(io.BytesIO(zipped(packing, "heartbeats.jsonl", b"\n" * 1_000)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        archive.writestr("rows.jsonl", b"\n" * 1_000)
    with pytest.raises(Invalid, match="packed in a rare way"):
        list(read_file(io.BytesIO(target.getvalue()), 0))


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_other_packed_files_are_no_tables(pack):
    with pytest.raises(Invalid, match="neither JSON nor a table"):
        sniff(io.BytesIO(pack(ROW)))


def test_a_file_holds_so_much_at_the_most_once_unpacked(monkeypatch):
    monkeypatch.setattr(source, "MOST_UNPACKED_BYTES", 1 << 20)
    rows = list(read_file(io.BytesIO((ROW + b"\n") * 50_000), 1_800_000_000_000))
    assert "give it in parts" in str(rows[-1].problem)
    assert 10_000 < len(rows) < 50_000


def test_absences_are_counted_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr(activitywatch, "_MOST_ABSENCES", 3)
    event = b'{"timestamp":"2024-01-01T00:00:00Z","duration":1,"data":{"status":"afk"}}'
    bucket = b'{"buckets":{"aw-watcher-afk_h":{"events":[' + b",".join([event] * 4) + b"]}}}"
    (row,) = read_file(io.BytesIO(bucket), 1_800_000_000_000)
    assert "more than 3 absences" in str(row.problem)
