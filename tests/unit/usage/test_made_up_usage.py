"""The made-up developers' agents used what their heartbeats can have left: the same each time, and format-true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from devtime.demo.histories import live
from devtime.demo.people import make_person
from devtime.demo.responses import answer_heartbeats
from devtime.pricing.pricer import open_pricer
from devtime.usage.stored import to_stored
from devtime.wire.agents import tool_of
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.usage_batch import MachineEvent, event_fields, read_usage_event

NOW_MS = 1_790_000_000_000
PERSON = make_person(1, "Europe/Berlin")


@pytest.fixture(scope="module")
def heartbeats() -> list[Heartbeat]:
    return list(live(PERSON, NOW_MS, 60))


@pytest.fixture(scope="module")
def told(heartbeats: list[Heartbeat]) -> Sequence[MachineEvent]:
    return list(answer_heartbeats(PERSON.seed, heartbeats))


def test_the_same_past_used_the_same(heartbeats: list[Heartbeat], told: Sequence[MachineEvent]) -> None:
    assert list(answer_heartbeats(PERSON.seed, heartbeats)) == told
    assert len({each.event.key for each in told}) == len(told) > 1_000


def test_a_server_would_take_every_event_as_it_is(told: Sequence[MachineEvent]) -> None:
    for each in told:
        fields = msgspec.json.decode(msgspec.json.encode(event_fields(each)))
        assert read_usage_event(fields, NOW_MS) == each.event


def test_every_response_belongs_to_a_heartbeat_of_its_agent(
    heartbeats: list[Heartbeat], told: Sequence[MachineEvent]
) -> None:
    seen = {(beat.tool, beat.machine, beat.project, beat.branch) for beat in heartbeats if beat.session}
    used = {(tool_of(each.event.agent), each.machine, each.event.project, each.event.branch) for each in told}
    assert used == seen
    sessions = {each.event.session for each in told}
    assert len(sessions) == len({beat.session for beat in heartbeats if beat.session})
    assert all(len(session) == 36 for session in sessions)


def test_models_have_prices_and_caches_are_used_as_agents_use_them(
    told: Sequence[MachineEvent], tmp_path: Path
) -> None:
    pricer = open_pricer(tmp_path, {}, now_ms=NOW_MS)
    rates = {to_stored(each).rate for each in told}
    assert pricer.unpriced(rates) == []
    agents = Counter(each.event.agent for each in told)
    assert agents["claude"] > agents["codex"] > agents["opencode"] > 0
    prompts = sum(each.event.prompt_tokens for each in told)
    cached = sum(each.event.cache_read_tokens for each in told)
    assert 0.7 < cached / prompts < 0.97
    assert {each.event.cost_nusd is not None for each in told if each.event.agent == "opencode"} == {True}
    assert max(each.event.prompt_tokens for each in told) < 200_000
