"""From bytes to items, for the bodies real clients send and for those nobody should."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.wire import codetrackr
from devtime.wire.batch import decode_items
from devtime.wire.fields import Unreadable
from devtime.wire.origin import Origin

GOOD = {"project": "my-app", "time": 1_705_600_000}
TEXT = json.dumps(GOOD)


def test_arrays_objects_and_envelopes_become_lists():
    assert decode_items(b"[]") == []
    assert decode_items(f"[{TEXT},{TEXT}]".encode()) == [GOOD, GOOD]
    assert decode_items(TEXT.encode()) == [GOOD]
    assert decode_items(f'{{"heartbeats":[{TEXT}]}}'.encode(), "heartbeats") == [GOOD]
    assert decode_items(TEXT.encode(), "heartbeats") == [GOOD]
    assert decode_items(b'{"heartbeats":1}', "heartbeats") == [{"heartbeats": 1}]


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_marks_and_space_before_the_body_do_not_matter(prefix):
    assert decode_items(prefix + f"[{TEXT}]\n".encode()) == [GOOD]


def test_json_inside_a_json_string_is_decoded_twice_but_not_thrice():
    once = json.dumps(f"[{TEXT}]")
    assert decode_items(once.encode()) == [GOOD]
    with pytest.raises(Invalid, match="must be a JSON object"):
        decode_items(json.dumps(once).encode())


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_body_says_so(body):
    with pytest.raises(Invalid, match="empty"):
        decode_items(body)


@pytest.mark.parametrize("body", [b"1", b"null", b"true", b'"x"', b'""'])
def test_a_body_that_is_no_collection_is_refused(body):
    with pytest.raises(Invalid):
        decode_items(body)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'[{"a":1},\n{"b":}]', "line 2, column 6"),
        (b"[1,2", "line 1, column 5"),
        (b"<html>", "line 1, column 1"),
        (b"a=1&b=2", "line 1, column 1"),
        (b"{}{}", "line 1, column 3"),
    ],
)
def test_what_is_no_json_is_refused_with_the_position(body, place):
    with pytest.raises(Invalid, match=place) as caught:
        decode_items(body)
    assert caught.value.field == ""


@pytest.mark.parametrize(
    "bad",
    [
        b'{"project":"\\ud800","time":1705600000}',
        b'{"project":"\xff\xfe","time":1705600000}',
        b'{"project":"a\x00\x01b","time":1705600000}',
        b'{"project":"a","time":1e999}',
        b'{"project":"a","time":NaN}',
        b'{"project":"a","time":' + b"9" * 5000 + b"}",
        b'{"project":"a","x":-Infinity,"time":1705600000}',
        b'{"project":"a","x":' + b"[" * 3000 + b"]" * 3000 + b"}",
        b"[" * 9000 + b"]" * 9000,
    ],
)
@pytest.mark.parametrize("wrap", [b"[%s,%s,%s]", b'{"heartbeats":[%s,%s,%s]}'])
def test_an_item_that_cannot_be_decoded_costs_no_other(bad, wrap):
    items = decode_items(wrap % (TEXT.encode(), bad, TEXT.encode()), "heartbeats")
    assert (len(items), items[0], items[2]) == (3, GOOD, GOOD)
    try:
        heartbeat = codetrackr.read(items[1], Origin("", "", 1_800_000_000_000))
    except Invalid:
        return
    heartbeat.project.encode()
    assert "\0" not in heartbeat.project


def test_an_unreadable_item_is_refused_with_its_own_reason():
    with pytest.raises(Invalid, match="nested too deeply"):
        codetrackr.read(Unreadable("is nested too deeply"), Origin("", "", 0))


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 100_000, b"[" * 20_000 + b"]" * 20_000, b"[" * 5000 + b"1"]
)
def test_brackets_without_end_are_refused(body):
    with pytest.raises(Invalid):
        decode_items(body)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_list_or_refused(body):
    try:
        items = decode_items(body)
    except Invalid:
        return
    assert isinstance(items, list)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(10**30), 10**30)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=4))
def test_what_json_says_comes_out_unchanged(items):
    assert decode_items(json.dumps(items).encode()) == items
