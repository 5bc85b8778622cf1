"""What DevTime exports, DevTime imports, and nothing is lost or changed; a spreadsheet finds no formula in it."""

import csv
import gzip
import io
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtime.activity import exporters
from devtime.activity.importers.sniff import read_file, sniff
from devtime.activity.importers.stored import read_any
from devtime.kernel.errors import Invalid
from devtime.wire import codetrackr
from devtime.wire.fields import MOST_DURATION_S, keep_extra
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin
from devtime.wire.text import LIMITS, clean
from devtime.wire.times import EARLIEST_MS

NOW_MS = 1_800_000_000_000

STRANGE = st.text(st.characters() | st.sampled_from("=+-@'\",;\t\r\n\0\ud800é "), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | STRANGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRANGE, inner, max_size=3),
    max_leaves=6,
)
EXTRA = st.dictionaries(STRANGE, JSON, max_size=4).map(lambda extra: keep_extra(extra, frozenset()))


def text_for(field):
    return STRANGE.map(lambda text: clean(text, field))


HEARTBEATS = st.builds(
    Heartbeat,
    time_ms=st.integers(EARLIEST_MS, NOW_MS),
    identity=st.integers(-(2**63), 2**63 - 1),
    **{field: text_for(field) for field in LIMITS},
    duration_ms=st.none() | st.integers(0, MOST_DURATION_S * 1000),
    is_write=st.booleans(),
    tokens_in=st.none() | st.integers(0, 2**53),
    tokens_out=st.none() | st.integers(0, 2**53),
    extra=EXTRA,
)


def _json_lines(heartbeats, exported_ms):
    return [exporters.json_header(exported_ms), *map(exporters.json_line, heartbeats)]


def _table(heartbeats):
    return [exporters.csv_header(), *map(exporters.csv_line, heartbeats)]


def imported(pieces):
    file = io.BytesIO(b"".join(pieces))
    assert sniff(file) == "devtime"
    rows = list(read_file(file, NOW_MS))
    assert [str(row.problem) for row in rows if row.problem] == []
    return [row.heartbeat for row in rows]


@given(st.lists(HEARTBEATS, max_size=5))
def test_json_lines_come_back_equal(heartbeats):
    assert imported(_json_lines(heartbeats, NOW_MS)) == heartbeats


@given(st.lists(HEARTBEATS, max_size=5))
def test_csv_comes_back_equal(heartbeats):
    assert imported(_table(heartbeats)) == heartbeats


@given(HEARTBEATS)
def test_no_cell_of_the_csv_begins_as_a_formula(heartbeat):
    content = b"".join(_table([heartbeat])).decode()
    header, cells = list(csv.reader(io.StringIO(content, newline="")))
    assert header == list(exporters.CSV_COLUMNS)
    assert len(cells) == len(header)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


@given(HEARTBEATS)
def test_no_line_of_the_csv_has_a_break_in_it(heartbeat):
    assert exporters.csv_line(heartbeat).count(b"\n") == 1


def test_every_column_of_a_heartbeat_is_exported():
    fields = {field if field != "time_ms" else "time" for field in Heartbeat.__struct_fields__}
    assert fields == set(exporters.CSV_COLUMNS)


BEAT = Heartbeat(time_ms=1_705_600_000_123, identity=-2, tool="vscode", project="=1+1", file="a,b", editor="VS Code")


def test_json_lines_begin_with_what_they_are_and_leave_out_what_is_absent():
    header, line = _json_lines([BEAT], NOW_MS)
    assert json.loads(header) == {"format": "devtime-heartbeats", "version": 1, "exported_at": "2027-01-15T08:00:00Z"}
    assert json.loads(line) == {
        "time": "2024-01-18T17:46:40.123Z",
        "identity": "hfffffffffffffffe",
        "tool": "vscode",
        "activity_type": "coding",
        "project": "=1+1",
        "file": "a,b",
        "editor": "VS Code",
        "is_write": False,
    }


def test_a_packed_export_is_read_from_the_row_one_wants():
    beats = [msgspec.structs.replace(BEAT, identity=number) for number in range(5)]
    file = io.BytesIO(gzip.compress(b"".join(_json_lines(beats, NOW_MS))))
    rows = list(read_file(file, NOW_MS, 3))
    assert [(row.index, row.heartbeat) for row in rows] == [(3, beats[3]), (4, beats[4])]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identity": "nonsense"}, "identity"),
        ({"identity": None}, "identity"),
        ({"identity": 5}, "identity"),
        ({"time": "x"}, "time"),
        ({"duration_ms": 86_400_001}, "duration_ms"),
        ({"extra": []}, "extra"),
        ({"extra": "{"}, "extra"),
        ({"tool": 1}, "tool"),
    ],
)
def test_a_line_somebody_changed_is_refused_and_no_other(change, field):
    header, line = _json_lines([BEAT], NOW_MS)
    changed = json.dumps(json.loads(line) | change).encode() + b"\n"
    rows = list(read_file(io.BytesIO(header + line + changed + line), NOW_MS))
    assert [row.heartbeat == BEAT for row in rows] == [True, False, True]
    assert rows[1].problem.field == field


DOCUMENTED = ["time", "project", "file", "language", "branch", "duration_seconds", "is_write", "editor"]


@settings(deadline=None)
@given(st.lists(HEARTBEATS, max_size=5))
def test_the_documented_csv_begins_with_the_documented_columns_and_comes_back_equal(heartbeats):
    lines = [exporters.codetrackr_csv_line(beat, 45_400) for beat in heartbeats]
    content = exporters.codetrackr_csv_header() + b"".join(lines)
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert header[:8] == DOCUMENTED
    assert [(row[5], row[6]) for row in rows] == [("45", "true" if beat.is_write else "false") for beat in heartbeats]
    assert imported([content]) == heartbeats


@settings(deadline=None)
@given(st.lists(HEARTBEATS, max_size=5))
def test_the_documented_json_has_the_documented_fields_first_and_comes_back_equal(heartbeats):
    items = [exporters.codetrackr_json_item(beat, 60_000) for beat in heartbeats]
    content = b'{"heartbeats":[' + b",".join(items) + b'],"exported_at":"2027-01-15T08:00:00Z"}'
    names = ["time", "project", "file", "language", "branch", "duration", "is_write", "editor"]
    assert [list(item)[:8] for item in json.loads(content)["heartbeats"]] == [names] * len(heartbeats)
    rows = list(read_file(io.BytesIO(content), NOW_MS))
    assert [row.heartbeat for row in rows] == heartbeats


def test_an_exported_row_is_told_by_its_identity_wherever_it_is_met():
    item = json.loads(exporters.codetrackr_json_item(BEAT, 60_000))
    assert {name: item[name] for name in ("time", "project", "duration", "language", "identity", "tool")} == {
        "time": "2024-01-18T17:46:40.123Z",
        "project": "=1+1",
        "duration": 60,
        "language": None,
        "identity": "hfffffffffffffffe",
        "tool": "vscode",
    }
    assert read_any(item, NOW_MS) == BEAT
    assert read_any(item | {"identity": "mine"}, NOW_MS) != BEAT


@given(st.dictionaries(st.sampled_from(["project", "file", "lang", "branch", "editor", "os", "odd"]), STRANGE))
def test_what_came_in_by_a_dialect_goes_out_and_comes_back_equal(item):
    try:
        heartbeat = codetrackr.read({"time": 1_705_600_000, **item}, Origin("", "", NOW_MS))
    except Invalid:
        return
    assert imported(_table([heartbeat])) == [heartbeat]
    assert imported(_json_lines([heartbeat], NOW_MS)) == [heartbeat]
