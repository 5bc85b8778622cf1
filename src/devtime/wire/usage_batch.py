"""What machines send of their agents' usage: events and withdrawn keys, read item by item; and events spelled anew.

Fields are called as those of `UsageEvent`. `cwd` and whatever else is not known is left unread. Keys are 64-bit
numbers, which JavaScript cannot hold: they are text, in decimal or (after `0x`) in hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.batch import decode_items, is_array
from devtime.wire.fields import as_object, read_count, read_flag, read_text
from devtime.wire.text import clean
from devtime.wire.times import parse_instant
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS, UsageEvent

MOST_EVENTS = 2_000
"""Events, and withdrawn keys, of one batch."""

_DECIMAL = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_HEXADECIMAL = re.compile(r"0x([0-9a-f]{1,16})", re.ASCII | re.IGNORECASE)
_LEAST, _BEYOND = -(2**63), 2**63


class UsageBatch(msgspec.Struct, frozen=True):
    """A body taken apart: nothing of its items is read yet."""

    machine: str
    events: list[object]
    withdrawn: list[object]


class MachineEvent(msgspec.Struct, frozen=True):
    """An event and the machine whose log told it."""

    machine: str
    event: UsageEvent


def decode_usage_batch(body: bytes, machine: str = "") -> UsageBatch:
    """The parts of the body; `machine` is who sent it if the body does not tell. Raises Invalid."""
    items = [] if is_array(body) else decode_items(body)
    if len(items) != 1:
        raise Invalid("", "must be a JSON object with machine and events")
    whole = as_object(items[0])
    machine = read_text(whole, "machine", "machine") or machine
    if not machine:
        raise Invalid("machine", "is required: the name of the machine whose logs these are")
    return UsageBatch(machine, _read_list(whole, "events"), _read_list(whole, "withdrawn"))


def read_usage_event(item: object, received_ms: int) -> UsageEvent:
    """The event of one decoded item. Raises Invalid(field, reason)."""
    item = as_object(item)
    agent, model = read_text(item, "agent", "agent").lower(), read_text(item, "model", "model")
    if not agent or not model:
        raise Invalid("model" if agent else "agent", "is required")
    value = item.get("time_ms")
    if value is None:
        raise Invalid("time_ms", "is required")
    return UsageEvent(
        key=read_key(item.get("key")),
        rank=_read_rank(item.get("rank")),
        agent=clean(agent, "agent"),
        time_ms=parse_instant(value, received_ms, "time_ms"),
        model=model,
        session=read_text(item, "session", "session"),
        provider=read_text(item, "provider", "provider"),
        folder=read_text(item, "folder", "folder"),
        project=read_text(item, "project", "project"),
        branch=read_text(item, "branch", "branch"),
        speed=read_text(item, "speed", "speed"),
        tier=read_text(item, "tier", "tier"),
        region=read_text(item, "region", "region"),
        input_tokens=_read_number(item, "input_tokens", MOST_TOKENS) or 0,
        output_tokens=_read_number(item, "output_tokens", MOST_TOKENS) or 0,
        cache_read_tokens=_read_number(item, "cache_read_tokens", MOST_TOKENS) or 0,
        cache_write_tokens=_read_number(item, "cache_write_tokens", MOST_TOKENS) or 0,
        cache_write_1h_tokens=_read_number(item, "cache_write_1h_tokens", MOST_TOKENS) or 0,
        extra_tokens=_read_number(item, "extra_tokens", MOST_TOKENS) or 0,
        reasoning_tokens=_read_number(item, "reasoning_tokens", MOST_TOKENS) or 0,
        web_searches=_read_number(item, "web_searches", MOST_TOKENS) or 0,
        cost_nusd=_read_number(item, "cost_nusd", MOST_COST_NUSD),
        is_sidechain=read_flag(item, "is_sidechain"),
        is_model_guessed=read_flag(item, "is_model_guessed"),
    )


def read_key(value: object, field: str = "key") -> int:
    """A key as it is spelled in JSON. Raises Invalid."""
    if value is None:
        raise Invalid(field, "is required")
    if type(value) is str:
        text = value.strip()
        if found := _HEXADECIMAL.fullmatch(text):
            return int.from_bytes(bytes.fromhex(found[1].rjust(16, "0")), signed=True)
        if _DECIMAL.fullmatch(text):
            value = int(text)
    if type(value) is not int or not _LEAST <= value < _BEYOND:
        raise Invalid(field, "must be a 64-bit number, as decimal text or as 0x and hexadecimal digits")
    return value


def event_fields(told: MachineEvent) -> dict[str, Any]:
    """The event as JSON tells it, its machine among the fields; what is absent is left out. It reads back the same."""
    fields = msgspec.structs.asdict(told.event) | {"key": str(told.event.key), "machine": told.machine}
    fields["rank"] = str(told.event.rank) if told.event.rank else 0
    cost_nusd = fields.pop("cost_nusd")
    del fields["cwd"]
    told_fields = {name: value for name, value in fields.items() if value not in ("", 0, False)}
    return told_fields if cost_nusd is None else told_fields | {"cost_nusd": cost_nusd}


def _read_list(whole: Mapping[str, Any], name: str) -> list[object]:
    value = whole.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise Invalid(name, "must be a list")
    return cast("list[object]", value)


def _read_rank(value: object) -> int:
    return 0 if value is None else read_key(value, "rank")


def _read_number(item: Mapping[str, Any], name: str, most: int) -> int | None:
    number = read_count(item, name)
    if number is not None and number > most:
        raise Invalid(name, "is too large")
    return number
