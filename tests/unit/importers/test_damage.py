"""Import files that are damaged, packed, cut off or of no format: what can be read is read, the rest is told."""

import csv
import gzip
import io
import json
import zipfile

import pytest

from devtime.activity.importers.sniff import READERS, read_file, sniff
from devtime.kernel.errors import Invalid

NOW_MS = 1_800_000_000_000


def rows_of(content, skip=0, format_name=""):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(read_file(io.BytesIO(data), NOW_MS, skip, format_name))


def heartbeats_of(content):
    rows = rows_of(content)
    assert [str(row.problem) for row in rows if row.problem] == []
    assert [row.index for row in rows] == list(range(len(rows)))
    return [row.heartbeat for row in rows]


def table_of(columns, *rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


# --- files ------------------------------------------------------------------------------------------------------------

ROW = {"project": "my-app", "lang": "rust", "time": 1_741_276_680, "editor": "Windsurf", "commit": "abc"}
GENERIC = {
    "array": json.dumps([ROW, ROW | {"time": 1_741_276_700}]).encode(),
    "object": json.dumps({"heartbeats": [ROW, ROW | {"time": 1_741_276_700}], "exported_at": "x"}).encode(),
    "pretty object": json.dumps({"heartbeats": [ROW, ROW | {"time": 1_741_276_700}]}, indent=2).encode(),
    "lines": b"\n\n".join([json.dumps(ROW).encode(), json.dumps(ROW | {"time": 1_741_276_700}).encode()]) + b"\r\n",
    "csv": table_of(list(ROW), ROW, ROW | {"time": 1_741_276_700}),
    "semicolons": table_of(list(ROW), ROW, ROW | {"time": 1_741_276_700}).replace(b",", b";"),
}


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["array", "object", "lines"])
@pytest.mark.parametrize(
    "bad",
    [
        b"{}",
        b"1",
        b'{"project":"a\\ud800","time":"x"}',
        b'{"project":"\xff","time":1e999}',
        b'{"project":[1]}',
        b"null",
    ],
)
def test_one_bad_row_costs_no_other(shape, bad):
    good = json.dumps(ROW).encode()
    wrap = {"array": b"[%s,%s,%s]", "object": b'{"heartbeats":[%s,%s,%s]}', "lines": b"%s\n%s\n%s"}[shape]
    rows = rows_of(wrap % (good, bad, good), format_name="generic")
    assert [row.index for row in rows] == [0, 1, 2]
    assert [row.problem is None for row in rows] == [True, False, True]


def test_one_bad_line_of_a_table_costs_no_other():
    rows = rows_of(b'project,time\na,1741276680\nb,never\nc,1,2\n\n"d\0",1741276681\n')
    assert [row.problem is None for row in rows] == [True, False, False, True]


def test_a_quote_that_is_never_closed_ends_somewhere():
    content = b'project,time\na,1741276680\n"b,1741276680\n' + b"c,1741276680\n" * 20_000
    rows = rows_of(content)
    assert [row.problem is None for row in rows[:2]] == [True, False]
    assert rows[-1].heartbeat is not None


@pytest.mark.parametrize("ending", [b"", b'{"project"', b'{"project":"a"} garbage', b"NaN]"])
def test_a_file_that_breaks_off_keeps_what_came_before(ending):
    good = json.dumps(ROW).encode()
    rows = rows_of(b"[" + good + b"," + good + b"," + ending)
    assert [row.problem is None for row in rows[:2]] == [True, True]
    assert (rows[-1].heartbeat, rows[-1].problem.field) == (None, "")
    assert "my-app" not in str(rows[-1].problem)


def test_a_line_without_end_is_refused_and_the_next_one_read():
    good = json.dumps(ROW).encode()
    rows = rows_of(good + b'\n{"project":"' + b"x" * 3_000_000 + b'"}\n' + good, format_name="generic")
    assert [row.problem is None for row in rows] == [True, False, True]


@pytest.mark.parametrize(
    "content", [b'["' + b"x" * 40_000_000, b"[{" + b'"a":1,' * 6_000_000, b"[" + b" " * 40_000_000]
)
def test_a_row_without_end_is_refused_before_it_fills_the_memory(content):
    (row,) = rows_of(content, format_name="generic")
    assert "32 MB" in str(row.problem)


def test_nesting_without_end_is_refused():
    rows = rows_of(b"[" + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"," + json.dumps(ROW).encode() + b"]")
    assert [row.problem is None for row in rows] == [False, True]


# --- containers and resuming ------------------------------------------------------------------------------------------


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("shape", GENERIC)
def test_packed_files_and_byte_order_marks_are_read_as_if_they_were_not(shape):
    expected = heartbeats_of(GENERIC[shape])
    assert heartbeats_of(gzip.compress(GENERIC[shape])) == expected
    assert heartbeats_of(zipped(export=GENERIC[shape])) == expected
    assert heartbeats_of(b"\xef\xbb\xbf" + GENERIC[shape]) == expected
    assert heartbeats_of(gzip.compress(b"\xef\xbb\xbf\r\n" + GENERIC[shape])) == expected


def test_an_archive_of_several_files_is_refused_and_one_with_clutter_is_not():
    with pytest.raises(Invalid, match="2 files"):
        rows_of(zipped(a=b"[]", b=b"[]"))
    assert len(heartbeats_of(zipped(**{"a": GENERIC["array"], "__MACOSX/a": b"x"}))) == 2
    with pytest.raises(Invalid, match="cannot be opened"):
        rows_of(b"PK\x03\x04 and nothing else")


def test_a_packed_file_that_is_damaged_says_so():
    packed = gzip.compress(json.dumps([ROW] * 50_000).encode())
    rows = rows_of(packed[: len(packed) // 2])
    assert rows[0].heartbeat is not None
    assert "damaged" in str(rows[-1].problem)


@pytest.mark.parametrize("shape", GENERIC)
@pytest.mark.parametrize("skip", [0, 1, 2, 5])
def test_an_import_goes_on_where_it_stopped(shape, skip):
    assert rows_of(GENERIC[shape], skip) == rows_of(GENERIC[shape])[skip:]
    assert rows_of(GENERIC[shape])[0].heartbeat is not None


# --- sniffing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"days":[]}', "wakatime"),
        (b'{"user":{"buckets":1},"range":{},"days":[]}', "wakatime"),
        (b'{"buckets":{}}', "activitywatch"),
        (b'{"data":[]}', "wakapi"),
        (b'{"start":1,"data":[]}', "wakapi"),
        (b'{"format":"devtime-heartbeats","version":1}\n', "devtime"),
        (b"  [ ]", "generic"),
        (b'{"heartbeats":[]}', "generic"),
        (b'"project","time"\n', "generic"),
        (b"Entity;Time;Project\n", "wakapi"),
    ],
)
def test_formats_are_told_by_their_beginning_and_the_file_stays_where_it_was(content, name):
    file = io.BytesIO(b"skipped" + content + b" " * 100_000)
    file.seek(7)
    assert sniff(file) == name
    assert file.tell() == 7
    assert name in READERS


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"\x89PNG\r\n", b"hello", b"<html>", b"{", b"{nonsense", b"a,b,c\n1,2,3"]
)
def test_what_is_no_import_is_refused(content):
    with pytest.raises(Invalid):
        rows_of(content)
