"""The three dialects, field by field: what they require, default, understand and refuse."""

import pytest

from devtime.kernel.errors import Invalid
from devtime.wire import codetrackr, native, wakatime
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin

NOW_MS = 1_800_000_000_000
AGENT = "wakatime/v1.115.2 (linux-6.14.1) go1.24.2 vscode/1.100.0 vscode-wakatime/25.0.3"
ORIGIN = Origin(AGENT, "laptop", NOW_MS)
NOBODY = Origin("", "", NOW_MS)

NATIVE = {"tool": "vscode", "timestamp": 1_705_600_000_000, "activity_type": "coding"}
CODETRACKR = {"project": "my-app", "time": 1_705_600_000}
WAKATIME = {"entity": "/home/a/my-app/main.py", "time": 1_705_600_000.0}

READERS = [
    pytest.param(native.read, NATIVE, id="native"),
    pytest.param(codetrackr.read, CODETRACKR, id="codetrackr"),
    pytest.param(codetrackr.read_import, CODETRACKR, id="import"),
    pytest.param(wakatime.read, WAKATIME, id="wakatime"),
]


def refusal(read, item, origin=ORIGIN):
    with pytest.raises(Invalid) as caught:
        read(item, origin)
    return caught.value.field, caught.value.reason


# --- the shapes in the documents -------------------------------------------------------------------------------------


def test_the_plans_heartbeat_fills_every_column():
    heartbeat = native.read(
        {
            **NATIVE,
            "project": "my-app",
            "file": "src/index.ts",
            "language": "typescript",
            "branch": "main",
            "machine_id": "desk",
            "is_write": True,
            "lines": 120,
            "cursor_line": 14,
            "tokens_in": 12,
            "tokens_out": 34,
            "session_id": "s1",
            "duration": 1.5,
        },
        NOBODY,
    )
    assert heartbeat == Heartbeat(
        time_ms=1_705_600_000_000,
        identity=heartbeat.identity,
        tool="vscode",
        activity_type="coding",
        project="my-app",
        file="src/index.ts",
        language="typescript",
        branch="main",
        machine="desk",
        editor="VS Code",
        session="s1",
        duration_ms=1_500,
        is_write=True,
        tokens_in=12,
        tokens_out=34,
        extra={"lines": 120, "cursor_line": 14},
    )


def test_the_documented_codetrackr_import_row_is_read():
    item = {
        "project": "my-app",
        "lang": "rust",
        "file": "src/main.rs",
        "branch": "main",
        "commit": "abc",
        "editor": "Windsurf",
        "os": "macOS",
        "time": 1741276680,
        "duration": 60,
    }
    heartbeat = codetrackr.read_import(item, ORIGIN)
    assert (heartbeat.tool, heartbeat.editor, heartbeat.language) == ("windsurf", "Windsurf", "rust")
    assert (heartbeat.time_ms, heartbeat.duration_ms) == (1_741_276_680_000, 60_000)
    assert heartbeat.extra == {"commit": "abc"}
    assert (heartbeat.machine, heartbeat.user_agent) == ("", "")


def test_a_wakatime_cli_heartbeat_is_read():
    item = {
        **WAKATIME,
        "type": "file",
        "category": None,
        "project": "my-app",
        "branch": "main",
        "language": "Python",
        "is_write": None,
        "lines": 100,
        "dependencies": ["os"],
        "ai_session": "s",
        "ai_input_tokens": 10,
        "ai_output_tokens": 20,
        "ai_cached_input_tokens": 3,
        "ai_line_changes": -4,
        "human_line_changes": 0,
        "cursorpos": None,
    }
    heartbeat = wakatime.read(item, ORIGIN)
    assert (heartbeat.tool, heartbeat.editor, heartbeat.os, heartbeat.machine) == (
        "vscode",
        "VS Code",
        "Linux",
        "laptop",
    )
    assert (heartbeat.file, heartbeat.activity_type, heartbeat.is_write) == (item["entity"], "coding", False)
    assert (heartbeat.session, heartbeat.tokens_in, heartbeat.tokens_out) == ("s", 10, 20)
    assert heartbeat.duration_ms is None
    assert heartbeat.extra == {
        "type": "file",
        "lines": 100,
        "dependencies": ["os"],
        "ai_cached_input_tokens": 3,
        "ai_line_changes": -4,
        "human_line_changes": 0,
    }


# --- required and defaulted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "item", "field"),
    [
        (codetrackr.read, {}, "project"),
        (codetrackr.read, {"project": None}, "project"),
        (codetrackr.read, {"project": " \0 "}, "project"),
        (codetrackr.read_import, {"time": 1741276680}, "project"),
        (native.read, {"tool": "vscode"}, "timestamp"),
        (native.read, {"tool": "vscode", "timestamp": None}, "timestamp"),
        (wakatime.read, {"time": 1741276680}, "entity"),
        (wakatime.read, {"entity": "", "time": 1741276680}, "entity"),
        (wakatime.read, {"entity": "a"}, "time"),
        (wakatime.read, {"entity": "a", "time": None}, "time"),
    ],
)
def test_a_missing_required_field_is_named(read, item, field):
    assert refusal(read, item) == (field, "is required")


def test_a_native_heartbeat_without_a_tool_takes_it_from_the_user_agent_or_is_refused():
    item = {"timestamp": NATIVE["timestamp"]}
    assert native.read(item, ORIGIN).tool == "vscode"
    assert native.read(item, ORIGIN).activity_type == "coding"
    assert refusal(native.read, item, Origin("curl/8.5.0", "", NOW_MS)) == ("tool", "is required")
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    assert refusal(native.read, item, Origin(browser, "", NOW_MS)) == ("tool", "is required")


def test_a_codetrackr_heartbeat_without_a_time_happened_when_it_came():
    heartbeat = codetrackr.read({"project": "core-engine", "language": "rust", "duration": 60}, ORIGIN)
    assert (heartbeat.time_ms, heartbeat.duration_ms, heartbeat.language) == (NOW_MS, 60_000, "rust")


def test_an_import_is_worth_a_minute_and_a_heartbeat_nothing_unless_declared():
    assert codetrackr.read(CODETRACKR, ORIGIN).duration_ms is None
    assert codetrackr.read_import(CODETRACKR, ORIGIN).duration_ms == 60_000
    assert codetrackr.read_import({**CODETRACKR, "duration": 0}, ORIGIN).duration_ms == 0


def test_nothing_known_of_the_client_is_an_unknown_tool():
    assert codetrackr.read(CODETRACKR, NOBODY).tool == "unknown"
    assert wakatime.read(WAKATIME, NOBODY).tool == "unknown"
    page = Origin("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0", "", NOW_MS)
    assert codetrackr.read(CODETRACKR, page).tool == "unknown"


# --- the same word in other spellings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("read", "item"), READERS)
def test_lang_and_language_are_one_field(read, item):
    assert read({**item, "lang": "rust"}, ORIGIN).language == "rust"
    assert read({**item, "language": "rust"}, ORIGIN).language == "rust"
    assert read({**item, "language": None, "lang": "rust"}, ORIGIN).language == "rust"
    assert read({**item, "language": "go", "lang": "rust"}, ORIGIN).language == "go"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("VS Code", "vscode"),
        ("Visual Studio Code", "vscode"),
        ("vscode", "vscode"),
        ("Code", "vscode"),
        ("IntelliJ IDEA", "intellij"),
        ("Neovim", "neovim"),
        ("nvim", "neovim"),
        ("Claude Code", "claude-code"),
        ("codex", "codex"),
        ("Zed", "zed"),
        ("Sublime Text", "sublime"),
        ("Android Studio", "android-studio"),
        ("My Editor 2!", "my-editor-2"),
        ("微信", "微信"),
        ("Notepad++", "notepad++"),
        ("!!!", "unknown"),
    ],
)
def test_tools_have_one_name_each(name, slug):
    assert codetrackr.read({**CODETRACKR, "editor": name}, NOBODY).tool == slug
    assert native.read({**NATIVE, "tool": name}, NOBODY).tool == slug


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        (False, False),
        (None, False),
        (1, True),
        (0, False),
        (1.0, True),
        ("true", True),
        ("False", False),
        ("1", True),
    ],
)
@pytest.mark.parametrize(("read", "item"), READERS)
def test_is_write_is_read_leniently(read, item, value, flag):
    assert read({**item, "is_write": value}, ORIGIN).is_write is flag


@pytest.mark.parametrize(
    ("kind", "activity_type"),
    [("file", "coding"), ("app", "coding"), ("domain", "browsing"), ("url", "browsing"), (None, "coding")],
)
def test_the_default_category_follows_the_type_of_the_entity(kind, activity_type):
    assert wakatime.read({**WAKATIME, "type": kind}, ORIGIN).activity_type == activity_type
    assert wakatime.read({**WAKATIME, "type": kind, "category": "AI Coding"}, ORIGIN).activity_type == "ai coding"


def test_names_of_the_web_client_are_understood():
    page = Origin("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36", "", NOW_MS)
    item = {**WAKATIME, "alternate_project": "site", "plugin": "vscode/1.99.0 vscode-wakatime/30.2", "lines_in_file": 7}
    heartbeat = wakatime.read(item, page)
    assert (heartbeat.tool, heartbeat.os, heartbeat.project) == ("vscode", "Windows", "site")
    assert heartbeat.extra == {"alternate_project": "site", "plugin": item["plugin"], "lines_in_file": 7}
    assert wakatime.read({**item, "project": "real"}, page).project == "real"


def test_a_heartbeats_own_user_agent_beats_the_header():
    own = "wakatime/v1.1 (darwin-23) go1.26 opus/4.1 Claude/2.1.118 zed/0.200 zed-wakatime/1.0"
    heartbeat = wakatime.read({**WAKATIME, "user_agent": own}, ORIGIN)
    assert (heartbeat.user_agent, heartbeat.tool, heartbeat.editor, heartbeat.os) == (
        own,
        "claude-code",
        "Zed",
        "macOS",
    )


# --- identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("read", "item"), READERS)
def test_identity_is_of_what_the_item_says_and_not_of_who_carries_it(read, item):
    identity = read(item, ORIGIN).identity
    other = Origin(AGENT.replace("vscode", "vim"), "elsewhere", NOW_MS + 1)
    assert read(dict(reversed(item.items())), other).identity == identity
    assert read({**item, "branch": None, "unknown": None}, ORIGIN).identity == identity
    assert read({**item, "branch": "x"}, ORIGIN).identity != identity
    assert read({**item, "unknown": "x"}, ORIGIN).identity != identity


@pytest.mark.parametrize(("read", "item"), READERS)
def test_cleaning_never_makes_two_items_one(read, item):
    texts = ["a" * 5000, "a" * 5001, "b\ud800", "b\ud801", "b\0", "b"]
    assert len({read({**item, "file": text, "branch": text}, ORIGIN).identity for text in texts}) == len(texts)


def test_the_same_instant_in_another_unit_is_the_same_heartbeat():
    times = [1_705_600_000, 1_705_600_000.0, "1705600000000", "2024-01-18T17:46:40Z"]
    assert len({codetrackr.read({**CODETRACKR, "time": time}, ORIGIN).identity for time in times}) == 1


# --- placeholders -----------------------------------------------------------------------------------------------------


def test_placeholders_are_filled_from_the_heartbeat_before_and_keep_their_identity():
    marked = {**WAKATIME, "project": "<<LAST_PROJECT>>", "branch": "<<LAST_BRANCH>>", "language": "<<LAST_LANGUAGE>>"}
    items = [marked, {**WAKATIME, "project": "two", "time": 1_705_600_001}, {**marked, "time": 1_705_600_002}]
    read = [wakatime.read(item, ORIGIN) for item in items]
    assert [wakatime.needs_last(heartbeat) for heartbeat in read] == [True, False, True]
    last = {"project": "one", "branch": "main"}
    filled = wakatime.fill_last(read, last)
    assert [heartbeat.project for heartbeat in filled] == ["one", "two", "two"]
    assert [heartbeat.branch for heartbeat in filled] == ["main", "", "main"]
    assert [heartbeat.language for heartbeat in filled] == ["", "", ""]
    assert [heartbeat.identity for heartbeat in filled] == [heartbeat.identity for heartbeat in read]
    assert last == {"project": "two", "branch": "main", "language": ""}


# --- refused values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-1, -0.001, 86_401, 1e300, "a", [], {}, True, "-5", float("nan"), float("inf")])
def test_an_absurd_duration_is_refused(value):
    assert refusal(codetrackr.read, {**CODETRACKR, "duration": value})[0] == "duration"
    assert refusal(native.read, {**NATIVE, "duration": value})[0] == "duration"


@pytest.mark.parametrize(
    ("value", "duration_ms"), [(0, 0), (86_400, 86_400_000), (0.0004, 0), (1.2345, 1_234), ("60", 60_000)]
)
def test_a_declared_duration_is_kept_in_milliseconds(value, duration_ms):
    assert codetrackr.read({**CODETRACKR, "duration": value}, ORIGIN).duration_ms == duration_ms


@pytest.mark.parametrize("value", [-1, 1.5, "x", True, [], 2**54, float("nan")])
def test_token_counts_are_whole_and_not_negative(value):
    assert refusal(native.read, {**NATIVE, "tokens_in": value})[0] == "tokens_in"
    assert refusal(wakatime.read, {**WAKATIME, "ai_output_tokens": value})[0] == "ai_output_tokens"


@pytest.mark.parametrize("value", [1, True, [], {"a": 1}, 1.5])
@pytest.mark.parametrize(("read", "item"), READERS)
def test_text_that_is_no_text_is_refused_with_its_field(read, item, value):
    assert refusal(read, {**item, "branch": value}) == ("branch", "must be text")


@pytest.mark.parametrize("item", [None, 1, "x", [], [{}], True, 1.5])
@pytest.mark.parametrize(("read", "_"), READERS)
def test_an_item_that_is_no_object_is_refused(read, item, _):
    assert refusal(read, item) == ("", "must be a JSON object")
