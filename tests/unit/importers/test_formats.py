"""Files of other tools, small and as they write them: what comes in, what is left out, and that nothing is made up."""

import csv
import io
import json

import pytest

from devtime.activity.importers.sniff import read_file, sniff
from devtime.kernel.clock import to_rfc3339

NOW_MS = 1_800_000_000_000
AGENT = "wakatime/v1.115.2 (linux-6.14.1) go1.24.2 vscode/1.100.0 vscode-wakatime/25.0.3"
MACHINE_ID = "1f9c7a3e-7d0b-4c7c-9a51-0d6f5f1c2b3a"

DUMPED = {
    "id": "0b9f2c5e-1111-4c7c-9a51-0d6f5f1c2b3a",
    "user_id": "0b9f2c5e-2222-4c7c-9a51-0d6f5f1c2b3a",
    "branch": "main",
    "category": "coding",
    "created_at": "2024-01-18T17:46:41Z",
    "cursorpos": 12,
    "dependencies": ["os"],
    "entity": "/home/a/my-app/main.py",
    "is_write": True,
    "language": "Python",
    "lines": 100,
    "lineno": 0,
    "machine_name_id": MACHINE_ID,
    "user_agent_id": "0b9f2c5e-3333-4c7c-9a51-0d6f5f1c2b3a",
    "project": "my-app",
    "time": 1_705_600_000.25,
    "type": "file",
}
WAKAPI = {
    **{name: value for name, value in DUMPED.items() if name not in ("id", "dependencies")},
    "machine_name_id": "laptop",
    "user_agent_id": AGENT,
    "time": 1_705_600_000.0,
    "line_additions": 0,
    "line_deletions": 3,
}
WAKAPI_COLUMNS = [
    "branch",
    "category",
    "entity",
    "is_write",
    "language",
    "project",
    "time",
    "type",
    "user_id",
    "machine_name_id",
    "user_agent_id",
    "created_at",
    "lines",
    "lineno",
    "cursorpos",
    "line_deletions",
    "line_additions",
]


def rows_of(content, skip=0, format_name=""):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(read_file(io.BytesIO(data), NOW_MS, skip, format_name))


def heartbeats_of(content):
    rows = rows_of(content)
    assert [str(row.problem) for row in rows if row.problem] == []
    assert [row.index for row in rows] == list(range(len(rows)))
    return [row.heartbeat for row in rows]


def dump_of(*heartbeats):
    return {
        "user": {"id": "x", "days": []},
        "range": {"start": 1, "end": 2},
        "days": [{"date": "d", "heartbeats": heartbeats}],
    }


def table_of(columns, *rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


# --- WakaTime ---------------------------------------------------------------------------------------------------------


def test_a_wakatime_dump_gives_its_heartbeats_without_durations():
    (heartbeat,) = heartbeats_of(dump_of(DUMPED))
    assert (heartbeat.time_ms, heartbeat.duration_ms) == (1_705_600_000_250, None)
    assert (heartbeat.file, heartbeat.project, heartbeat.branch) == (DUMPED["entity"], "my-app", "main")
    assert (heartbeat.machine, heartbeat.tool, heartbeat.is_write) == (MACHINE_ID, "unknown", True)
    assert heartbeat.extra["user_agent_id"] == DUMPED["user_agent_id"]
    assert heartbeat.extra["lineno"] == 0
    assert not {"id", "user_id", "created_at"} & heartbeat.extra.keys()


def test_days_follow_each_other_and_empty_ones_do_not_matter():
    days = [
        {"date": "a", "heartbeats": []},
        *dump_of(DUMPED)["days"],
        *dump_of({**DUMPED, "time": 1_705_600_001})["days"],
    ]
    assert [beat.time_ms for beat in heartbeats_of({"days": days})] == [1_705_600_000_250, 1_705_600_001_000]


def test_a_dump_of_daily_totals_says_what_to_ask_for():
    (row,) = rows_of(
        {"user": {}, "days": [{"date": "2024-01-01", "projects": [], "grand_total": {"total_seconds": 3}}]}
    )
    assert "dump of heartbeats" in str(row.problem)


# --- Wakapi -----------------------------------------------------------------------------------------------------------


def test_wakapi_gives_machine_and_client_as_text():
    (heartbeat,) = heartbeats_of({"data": [WAKAPI]})
    assert (heartbeat.machine, heartbeat.user_agent, heartbeat.tool, heartbeat.os) == (
        "laptop",
        AGENT,
        "vscode",
        "Linux",
    )
    assert heartbeat.extra == {"type": "file", "lines": 100, "cursorpos": 12, "line_deletions": 3}


def test_wakapis_csv_json_and_dump_are_the_same_heartbeats():
    table = table_of(WAKAPI_COLUMNS, WAKAPI)
    assert sniff(io.BytesIO(table)) == "wakapi"
    assert heartbeats_of(table) == heartbeats_of({"data": [{"id": "7", **WAKAPI, "ai_session": ""}]})
    assert heartbeats_of(table) == heartbeats_of(dump_of(WAKAPI))


def test_a_session_made_of_digits_stays_text():
    (heartbeat,) = heartbeats_of({"data": [{**WAKAPI, "ai_session": "12345", "ai_input_tokens": 9}]})
    assert (heartbeat.session, heartbeat.tokens_in) == ("12345", 9)


# --- ActivityWatch ----------------------------------------------------------------------------------------------------


def bucket_of(name, kind, *events, **more):
    client = name.split("_")[0]
    return {name: {"id": name, "type": kind, "client": client, "hostname": "desk.local", "events": events, **more}}


def event_at(second, duration, **data):
    return {
        "id": second,
        "timestamp": to_rfc3339(1_705_600_000_000 + second * 1000),
        "duration": duration,
        "data": data,
    }


def test_editor_watchers_tell_project_file_and_duration():
    watched = event_at(
        0, 12.5, file="/home/a/my-app/main.py", project="/home/a/my-app", language="python", branch="main"
    )
    windows = bucket_of("aw-watcher-window_desk.local", "currentwindow", event_at(0, 99, app="Code", title="secret"))
    editor = bucket_of("aw-watcher-vscode_desk.local", "app.editor.activity", watched)
    (heartbeat,) = heartbeats_of({"buckets": windows | editor})
    assert (heartbeat.tool, heartbeat.machine, heartbeat.project) == ("vscode", "desk.local", "my-app")
    assert (heartbeat.time_ms, heartbeat.duration_ms, heartbeat.language) == (1_705_600_000_000, 12_500, "python")
    assert (heartbeat.file, heartbeat.branch, heartbeat.activity_type) == ("/home/a/my-app/main.py", "main", "coding")


@pytest.mark.parametrize(
    ("project", "name"),
    [("my-app", "my-app"), ("a/b", "a/b"), ("/home/a/x/", "x"), ("C:\\work\\x", "x"), ("~/x", "x"), (None, "")],
)
def test_a_project_given_as_a_folder_is_named_after_it(project, name):
    event = event_at(0, 1, file="f", project=project)
    (heartbeat,) = heartbeats_of({"buckets": bucket_of("aw-watcher-vim_desk", "app.editor.activity", event)})
    assert (heartbeat.project, heartbeat.tool) == (name, "vim")


def test_without_an_editor_watcher_windows_of_known_tools_count_and_titles_stay_behind():
    windows = [
        event_at(0, 60, app="code.exe", title="secret.py"),
        event_at(60, 60, app="Firefox", title="mail"),
        event_at(120, 60, app="Spotify", title="song"),
        event_at(180, 60, app="jetbrains-idea", title="x"),
        event_at(240, 60, app="Zed", title="x"),
    ]
    found = heartbeats_of({"buckets": bucket_of("aw-watcher-window_desk", "currentwindow", *windows)})
    assert [(beat.tool, beat.duration_ms, beat.extra) for beat in found] == [
        ("vscode", 60_000, {}),
        ("zed", 60_000, {}),
    ]


def test_windows_are_cut_where_nobody_was_there():
    windows = bucket_of("aw-watcher-window_desk.local", "currentwindow", event_at(0, 1000, app="Zed", title=""))
    afk = bucket_of(
        "aw-watcher-afk_desk.local",
        "afkstatus",
        event_at(900, 600, status="afk"),
        event_at(100, 50, status="afk"),
        event_at(140, 60, status="afk"),
        event_at(200, 700, status="not-afk"),
    )
    for buckets in (windows | afk, afk | windows):
        found = heartbeats_of({"buckets": buckets})
        seconds = [((beat.time_ms - 1_705_600_000_000) / 1000, beat.duration_ms / 1000) for beat in found]
        assert seconds == [(0, 100), (200, 700)]


def test_absence_on_one_machine_cuts_nothing_on_another():
    windows = bucket_of("aw-watcher-window_a", "currentwindow", event_at(0, 100, app="Zed"), hostname="a")
    afk = bucket_of("aw-watcher-afk_b", "afkstatus", event_at(0, 100, status="afk"), hostname="b")
    assert [beat.duration_ms for beat in heartbeats_of({"buckets": windows | afk})] == [100_000]


def test_a_bucket_whose_events_come_first_is_known_by_its_name():
    event = event_at(0, 5, file="f", project="p", language="go")
    bucket = {"events": [event], "id": "aw-watcher-vim_desk", "type": "app.editor.activity"}
    (heartbeat,) = heartbeats_of({"buckets": {"aw-watcher-vim_desk": bucket}})
    assert (heartbeat.tool, heartbeat.machine) == ("vim", "desk")


def test_a_bad_event_costs_no_other():
    events = [
        event_at(0, 5, file="f"),
        {"timestamp": "never"},
        {},
        event_at(9, -5, file="f"),
        event_at(10, 5, file="g"),
    ]
    rows = rows_of({"buckets": bucket_of("aw-watcher-vim_desk", "app.editor.activity", *events)})
    assert [row.problem is None for row in rows] == [True, False, False, False, True]


# --- generic ----------------------------------------------------------------------------------------------------------

ROW = {"project": "my-app", "lang": "rust", "time": 1_741_276_680, "editor": "Windsurf", "commit": "abc"}
GENERIC = {
    "array": json.dumps([ROW, ROW | {"time": 1_741_276_700}]).encode(),
    "object": json.dumps({"heartbeats": [ROW, ROW | {"time": 1_741_276_700}], "exported_at": "x"}).encode(),
    "pretty object": json.dumps({"heartbeats": [ROW, ROW | {"time": 1_741_276_700}]}, indent=2).encode(),
    "lines": b"\n\n".join([json.dumps(ROW).encode(), json.dumps(ROW | {"time": 1_741_276_700}).encode()]) + b"\r\n",
    "csv": table_of(list(ROW), ROW, ROW | {"time": 1_741_276_700}),
    "semicolons": table_of(list(ROW), ROW, ROW | {"time": 1_741_276_700}).replace(b",", b";"),
}


@pytest.mark.parametrize("shape", GENERIC)
def test_rows_of_no_tool_come_in_four_shapes_with_one_meaning(shape):
    assert sniff(io.BytesIO(GENERIC[shape])) == "generic"
    first, second = heartbeats_of(GENERIC[shape])
    assert (first.project, first.language, first.tool, first.extra) == ("my-app", "rust", "windsurf", {"commit": "abc"})
    assert (first.time_ms, second.time_ms, first.duration_ms) == (1_741_276_680_000, 1_741_276_700_000, 60_000)


def test_the_documented_csv_columns_are_read():
    content = b"time,project,file,language,branch,duration_seconds,is_write,editor\r\n"
    content += b"2025-03-06T15:58:00+00:00,my-app,src/main.rs,rust,main,45,true,VS Code\r\n"
    (heartbeat,) = heartbeats_of(content)
    assert (heartbeat.duration_ms, heartbeat.is_write, heartbeat.tool) == (45_000, True, "vscode")


def test_each_row_is_read_by_the_dialect_it_speaks():
    items = [ROW, {"tool": "zed", "timestamp": 1_705_600_000_000}, DUMPED]
    found = heartbeats_of(items)
    assert [beat.tool for beat in found] == ["windsurf", "zed", "unknown"]
    assert [beat.duration_ms for beat in found] == [60_000, None, None]


def test_a_row_of_a_table_must_tell_its_time():
    (row,) = rows_of(b"project,language\nmy-app,rust\n")
    assert (row.problem.field, row.heartbeat) == ("time", None)
