"""What strangers put into an item: unknown fields, text no column holds, anything at all; never more than Invalid."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.wire import codetrackr, native, wakatime
from devtime.wire.fields import MOST_EXTRA_BYTES, MOST_EXTRA_DEPTH
from devtime.wire.origin import Origin, read_origin
from devtime.wire.text import LIMITS
from devtime.wire.times import EARLIEST_MS, MOST_AHEAD_MS

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


# --- extra ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("read", "item"), READERS)
def test_what_devtime_does_not_know_is_kept_as_it_was_sent(read, item):
    sent = {"a": [1, 2.5, None, {"b": False}], "big": 2**70, "text": " spaced \t", "é": "\u200bx"}
    assert read({**item, **sent, "nothing": None}, ORIGIN).extra == sent


@pytest.mark.parametrize(("read", "item"), READERS)
def test_extra_is_bounded_in_size_and_depth(read, item):
    def nested(levels):
        value = 1
        for _ in range(levels):
            value = [value]
        return value

    assert read({**item, "deep": nested(MOST_EXTRA_DEPTH)}, ORIGIN).extra["deep"] == nested(MOST_EXTRA_DEPTH)
    for levels in (MOST_EXTRA_DEPTH + 1, 500, 5_000):
        assert "nested" in refusal(read, {**item, "deep": nested(levels)})[1]
    fitting = "x" * (MOST_EXTRA_BYTES - len('{"long":""}'))
    assert read({**item, "long": fitting}, ORIGIN).extra["long"] == fitting
    assert "bytes" in refusal(read, {**item, "long": fitting + "x"})[1]
    assert refusal(read, {**item, "huge": 10**5000})[0] == ""
    assert "nested" in refusal(read, {**item, "deep": ["\ud800", nested(900)]})[1]


@pytest.mark.parametrize(("read", "item"), READERS)
def test_extra_holds_nothing_that_jsonb_refuses(read, item):
    extra = read({**item, "a\0": ["b\0\ud800", {"c\ud800": float("nan")}, float("inf")]}, ORIGIN).extra
    assert extra == {"a": ["b\ufffd", {"c\ufffd": None}, None]}


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("read", "item"), READERS)
def test_control_characters_go_and_long_text_is_cut(read, item):
    heartbeat = read({**item, "branch": "\0a\x1b[31m\tb\ud800\x85\n", "language": "x" * 1_000}, ORIGIN)
    assert heartbeat.branch == "a[31m b\ufffd"
    assert heartbeat.language == "x" * LIMITS["language"]


@pytest.mark.parametrize(
    ("header", "machine"),
    [
        ("my-laptop", "my-laptop"),
        ("My+Laptop%27s", "My Laptop's"),
        ("caf%C3%A9", "café"),
        ("100% mine", "100% mine"),
        ("José", "José"),
        ("José".encode().decode("latin-1"), "José"),
        ("", ""),
        ("%00", ""),
    ],
)
def test_the_machine_name_is_unescaped_when_it_was_escaped(header, machine):
    assert read_origin(AGENT, header, NOW_MS).machine == machine


def test_the_python_client_sends_its_machine_name_raw():
    assert read_origin("wakatime/13.1.0 (Linux-5) Python3.9.1 x/1 x-wakatime/1", "c++box", NOW_MS).machine == "c++box"


# --- anything at all --------------------------------------------------------------------------------------------------

STRANGE = st.text(st.characters(exclude_categories=()) | st.sampled_from("\0\ud800\x1b"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | STRANGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRANGE, inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    native._KNOWN | codetrackr._KNOWN | wakatime._KNOWN | {"type", "plugin", "alternate_project", "entity_type"}
)


@pytest.mark.parametrize(("read", "item"), READERS)
@given(anything=st.dictionaries(st.sampled_from(NAMES) | STRANGE, JSON, max_size=8) | JSON, keep=st.booleans())
def test_anything_is_read_clean_or_refused(read, item, anything, keep):
    if keep and isinstance(anything, dict):
        anything = {**anything, **item}
    try:
        heartbeat = read(anything, ORIGIN)
    except Invalid:
        return
    texts = {name: getattr(heartbeat, name) for name in LIMITS}
    for name, text in texts.items():
        assert isinstance(text, str)
        assert len(text) <= LIMITS[name]
        assert "\0" not in text
        text.encode()
    assert b"\\u0000" not in msgspec.json.encode(heartbeat.extra).replace(b"\\\\", b"")
    assert EARLIEST_MS <= heartbeat.time_ms <= NOW_MS + MOST_AHEAD_MS
    assert -(2**63) <= heartbeat.identity < 2**63
    assert read(anything, ORIGIN).identity == heartbeat.identity
