"""Halves of surrogate pairs in a stream cut at any place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.activity.importers.escapes import SurrogateMender


def mend(text, size):
    mender = SurrogateMender()
    data = text.encode()
    pieces = [mender.feed(data[start : start + size], False) for start in range(0, len(data), size)]
    return (b"".join(pieces) + mender.feed(b"", True)).decode()


@pytest.mark.parametrize("size", range(1, 16))
@pytest.mark.parametrize(
    ("escaped", "mended"),
    [
        (r"a\ud83d\ude00b", r"a\ud83d\ude00b"),
        (r"\uD83D\uDE00\uD83D", r"\uD83D\uDE00\ufffd"),
        (r"\ude00\ud83d", r"\ufffd\ufffd"),
        (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
        (r"\\ud83d", r"\\ud83d"),
        (r"\\\ud83d", r"\\\ufffd"),
        (r"\\\\ud83d\\\\\ude00", r"\\\\ud83d\\\\\ufffd"),
        (r"\ud83dx\ude00", r"\ufffdx\ufffd"),
        (r"\u00e9\n\"\ud7ff\ue000", r"\u00e9\n\"\ud7ff\ue000"),
    ],
)
def test_only_halves_are_replaced(escaped, mended, size):
    assert mend(escaped, size) == mended


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\\u\ud83d\ude00d8")), st.integers(1, 20))
def test_what_is_mended_decodes_to_the_same_text_without_halves(text, size):
    encoded = json.dumps(text)
    without_halves = "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in json.loads(encoded))
    assert json.loads(mend(encoded, size)) == without_halves
