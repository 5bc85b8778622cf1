"""Items made to break or to tire the reader: text that grows, text that is kept, bodies that take long to refuse."""

import sys

import msgspec
import pytest

from devtime.kernel.errors import Invalid
from devtime.wire import codetrackr, native, wakatime
from devtime.wire.batch import decode_items
from devtime.wire.origin import Origin
from devtime.wire.text import LIMITS
from devtime.wire.tools import display_name, tool_slug
from devtime.wire.useragent import parse_user_agent

ORIGIN = Origin("", "", 1_800_000_000_000)
GROWING = "\u0130" * 300
"""A letter that is two in lower case."""

READERS = [
    pytest.param(native.read, {"timestamp": 1_705_600_000_000}, id="native"),
    pytest.param(codetrackr.read, {"time": 1_705_600_000}, id="codetrackr"),
    pytest.param(wakatime.read, {"time": 1_705_600_000}, id="wakatime"),
]
NAMES = (
    "tool", "activity_type", "category", "project", "file", "entity", "language", "branch", "machine", "machine_id",
    "hostname", "editor", "os", "operating_system", "user_agent", "session_id", "ai_session",
)  # fmt: skip


@pytest.mark.parametrize(("read", "item"), READERS)
def test_no_letter_grows_a_field_beyond_its_column(read, item):
    heartbeat = msgspec.structs.asdict(read(item | dict.fromkeys(NAMES, GROWING), ORIGIN))
    assert {field: len(heartbeat[field]) for field in LIMITS if len(heartbeat[field]) > LIMITS[field]} == {}


@pytest.mark.parametrize("learn", [parse_user_agent, tool_slug, display_name])
def test_long_names_are_not_remembered_whole(learn):
    name = "n" * 1_000_000
    before = sys.getrefcount(name)
    learn(name)
    assert sys.getrefcount(name) == before


DEEP = b"[" * 5_000 + b"]" * 5_000


def test_a_string_that_never_ends_is_searched_for_its_end_once():
    # Were it searched anew from each of its quotes, this would take days.
    with pytest.raises(Invalid, match="never ends"):
        decode_items(b"[" + DEEP + b',"' + b'\\"' * 2_000_000)


def test_a_body_to_be_taken_apart_by_hand_may_not_hold_any_number_of_items():
    with pytest.raises(Invalid, match="100,000 items"):
        decode_items(b"[" + DEEP + b",1" * 200_000 + b"]")
