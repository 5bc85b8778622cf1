"""Usage events as machines send them: read item by item, and read back the same when they are spelled anew."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS, UsageEvent
from devtime.wire.usage_batch import MachineEvent, decode_usage_batch, event_fields, read_key, read_usage_event

NOW_MS = 1_768_478_400_000


def item(**fields: Any) -> dict[str, Any]:
    return {"key": "7", "agent": "claude", "model": "claude-opus-4-5", "time_ms": NOW_MS, **fields}


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("7", 7),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775807", 2**63 - 1),
        ("0x7", 7),
        ("0xffffffffffffffff", -1),
        ("0x8000000000000000", -(2**63)),
        ("0x7FFFFFFFFFFFFFFF", 2**63 - 1),
        (-5, -5),
    ],
)
def test_a_key_is_decimal_or_hexadecimal(spelled: object, key: int) -> None:
    assert read_key(spelled) == key


@pytest.mark.parametrize(
    "spelled", [None, "", "x", "9223372036854775808", 2**63, -(2**63) - 1, 1.0, True, [], "0x", "0x" + "f" * 17, "٣"]
)
def test_anything_else_is_no_key(spelled: object) -> None:
    with pytest.raises(Invalid, match="key"):
        read_key(spelled)


def test_the_working_folder_is_never_read() -> None:
    event = read_usage_event(item(cwd="/home/ada/secret"), NOW_MS)
    assert event.cwd == ""
    assert "secret" not in str(event_fields(MachineEvent("m", msgspec.structs.replace(event, cwd="/secret"))))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"agent": ""}, "agent"),
        ({"agent": None}, "agent"),
        ({"model": " \x00"}, "model"),
        ({"model": ["x"]}, "model"),
        ({"time_ms": None}, "time_ms"),
        ({"time_ms": 5_000}, "time_ms"),
        ({"time_ms": NOW_MS + 86_400_001}, "time_ms"),
        ({"time_ms": "yesterday"}, "time_ms"),
        ({"input_tokens": -1}, "input_tokens"),
        ({"output_tokens": MOST_TOKENS + 1}, "output_tokens"),
        ({"output_tokens": 2**63}, "output_tokens"),
        ({"cache_read_tokens": 1.5}, "cache_read_tokens"),
        ({"cache_write_1h_tokens": True}, "cache_write_1h_tokens"),
        ({"web_searches": {}}, "web_searches"),
        ({"cost_nusd": MOST_COST_NUSD + 1}, "cost_nusd"),
        ({"cost_nusd": -1}, "cost_nusd"),
        ({"rank": "many"}, "rank"),
        ({"rank": 2**63}, "rank"),
        ({"is_sidechain": "perhaps"}, "is_sidechain"),
        ({"session": 7}, "session"),
    ],
)
def test_a_field_that_cannot_be_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_usage_event(item(**fields), NOW_MS)
    assert refused.value.field == field


def test_texts_are_cleaned_and_cut() -> None:
    event = read_usage_event(item(project="a\x00b\ud800" + "x" * 999, model=" m\n", agent="Claude"), NOW_MS)
    assert event.project == "ab\ufffd" + "x" * 253
    assert (event.model, event.agent) == ("m", "claude")


@pytest.mark.parametrize("body", [b"", b"7", b"[]", b'["x"]', b'[{"machine":"m"}]', b"{", b'"{}"', b'{"machine":""}'])
def test_a_body_that_is_no_batch_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        decode_usage_batch(body)


def test_the_machine_may_be_told_by_the_request() -> None:
    assert decode_usage_batch(b"{}", "laptop").machine == "laptop"
    assert decode_usage_batch(b'{"machine": "desk"}', "laptop").machine == "desk"


_counts = st.integers(0, MOST_TOKENS)
_texts = st.sampled_from(["", "a", "Ünï", "x" * 32])
events = st.builds(
    UsageEvent,
    key=st.integers(-(2**63), 2**63 - 1),
    rank=st.integers(-(2**63), 2**63 - 1),
    agent=st.sampled_from(["claude", "codex"]),
    time_ms=st.integers(946_684_800_000, NOW_MS),
    session=_texts,
    model=st.sampled_from(["gpt-5", "m"]),
    provider=_texts,
    folder=_texts,
    project=_texts,
    branch=_texts,
    input_tokens=_counts,
    output_tokens=_counts,
    cache_read_tokens=_counts,
    cache_write_tokens=_counts,
    cache_write_1h_tokens=_counts,
    extra_tokens=_counts,
    reasoning_tokens=_counts,
    web_searches=_counts,
    cost_nusd=st.none() | st.integers(0, MOST_COST_NUSD),
    speed=_texts,
    tier=_texts,
    region=_texts,
    is_sidechain=st.booleans(),
    is_model_guessed=st.booleans(),
)


@given(events)
def test_an_event_spelled_as_json_reads_back_the_same(event: UsageEvent) -> None:
    spelled = msgspec.json.decode(msgspec.json.encode(event_fields(MachineEvent("m", event))))
    assert spelled["machine"] == "m"
    assert read_usage_event(spelled, NOW_MS) == event


def fault_of(field: str, value: object) -> str | None:
    """The field that an item with this value is refused for; None when it is taken."""
    try:
        read_usage_event(item(**{field: value}), NOW_MS)
    except Invalid as refused:
        return refused.field
    return None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_value_of_any_field_breaks_the_reading(value: object) -> None:
    faults = {field: fault_of(field, value) for field in UsageEvent.__struct_fields__}
    assert all(fault in (None, field) for field, fault in faults.items())
