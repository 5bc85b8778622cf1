"""AI usage through DevTime's own API: what machines send, and what hostile bodies cannot do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.activity.settings import lock_user
from devtime.usage.sums import verify_usage

ROUTE = "/api/usage/events"


def event(key: object = "1", minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "agent": "claude",
        "model": "claude-opus-4-5-20251101",
        "time_ms": NOON_MS - round(minutes_ago * 60_000),
        "session": "s1",
        "project": "orbit",
        "branch": "main",
        "input_tokens": 10,
        "output_tokens": 20,
        **fields,
    }


def batch(*events: object, machine: str = "laptop", **fields: Any) -> dict[str, Any]:
    return {"machine": machine, "events": list(events), **fields}


async def send(desk: Desk, *events: object, **fields: Any) -> dict[str, Any]:
    response = await desk.client.post(ROUTE, json=batch(*events, **fields))
    assert response.status_code == 200, response.text
    return response.json()


async def stored(desk: Desk) -> dict[int, tuple[Any, ...]]:
    """Key → machine, project, branch, folder, input."""
    rows = await desk.parts.database.fetch(
        "SELECT e.key, c.machine, c.project, c.branch, c.folder, e.input_tokens"
        " FROM usage_events e JOIN usage_contexts c ON c.user_id = e.user_id AND c.id = e.context_id"
    )
    async with desk.parts.database.transaction() as connection:
        await lock_user(connection, desk.user.id)
        assert (await verify_usage(connection, desk.user.id)).problems == []
    return {row[0]: tuple(row)[1:] for row in rows}


async def test_a_batch_is_stored_when_it_is_answered_and_changes_nothing_when_sent_again(desk: Desk) -> None:
    counts = {"ok": True, "inserted": 2, "changed": 0, "duplicates": 0, "excluded": 0, "withdrawn": 0, "rejected": []}
    assert await send(desk, event("1"), event("0xff", 5)) == counts
    assert await send(desk, event("1"), event("255", 5)) == counts | {"inserted": 0, "duplicates": 2}
    assert set(await stored(desk)) == {1, 255}


async def test_keys_keep_all_their_64_bits(desk: Desk) -> None:
    await send(desk, event("-9223372036854775808"), event("0x7fffffffffffffff"), event(9007199254740993))
    assert set(await stored(desk)) == {-(2**63), 2**63 - 1, 9007199254740993}


async def test_of_one_key_the_event_of_larger_rank_counts_whoever_sends_it(desk: Desk) -> None:
    await send(desk, event(rank=5, input_tokens=50))
    assert (await send(desk, event(rank=4, input_tokens=99), machine="desktop"))["duplicates"] == 1
    assert (await stored(desk))[1] == ("laptop", "orbit", "main", "", 50)
    assert (await send(desk, event(rank=6, input_tokens=60), machine="desktop"))["changed"] == 1
    assert (await stored(desk))[1] == ("desktop", "orbit", "main", "", 60)


async def test_only_the_machine_an_event_came_from_can_withdraw_it(desk: Desk) -> None:
    await send(desk, event("1"), event("2"))
    assert (await send(desk, machine="desktop", withdrawn=["1", "2"]))["withdrawn"] == 0
    assert (await send(desk, withdrawn=["0x1", "77"]))["withdrawn"] == 1
    assert set(await stored(desk)) == {2}


async def test_excluded_projects_are_not_kept_and_branches_are_hashed_or_dropped(desk: Desk) -> None:
    await desk.parts.database.execute(
        "UPDATE activity_settings SET exclude_projects = '{secret-*}', branch_privacy = 'hash', file_privacy = 'drop'"
    )
    answer = await send(desk, event("1", project="Secret-Work"), event("2", folder="-home-ada-orbit"))
    assert (answer["inserted"], answer["excluded"]) == (1, 1)
    [(machine, project, branch, folder, _)] = (await stored(desk)).values()
    assert (machine, project, folder) == ("laptop", "orbit", "")
    assert len(branch) == 16
    assert branch != "main"
    assert (await send(desk, event("2", folder="-home-ada-orbit")))["duplicates"] == 1


async def test_where_the_agent_worked_is_stored_nowhere(desk: Desk) -> None:
    await send(desk, event(cwd="/home/ada/hidden-place", prompt="hidden-place"))
    for table in ("usage_events", "usage_contexts", "usage_rates", "usage_slots"):
        rows = await desk.parts.database.fetch(f"SELECT t::text FROM {table} t")
        assert rows
        assert "hidden-place" not in str([row[0] for row in rows])


BAD: list[Any] = [
    None, 7, 1.5, True, "event", [], [[]], {}, {"key": "1"}, event(key=None), event(key=2**63), event(key="1e3"),
    event(key={}), event(rank=[]), event(agent=7), event(agent=""), event(model=None), event(time_ms="soon"),
    event(time_ms=-1), event(time_ms=0), event(time_ms=1e300), event(time_ms=NOON_MS + 2 * 86_400_000),
    event(input_tokens=-1), event(input_tokens=2**63), event(output_tokens=10**11), event(output_tokens="many"),
    event(cache_read_tokens=[1]), event(cost_nusd=2**63), event(cost_nusd=-5), event(session={"a": 1}),
    event(is_sidechain=[]), event(project=["orbit"]),
]  # fmt: skip


async def test_bad_items_are_told_by_their_place_and_cost_no_other(desk: Desk) -> None:
    answer = await send(desk, *BAD, event("42"), withdrawn=["x", None, 1.5, "3"])
    assert answer["inserted"] == 1
    assert [each["index"] for each in answer["rejected"]] == [*range(len(BAD)), 0, 1, 2]
    assert all(each["reason"] for each in answer["rejected"])
    assert [each["field"] for each in answer["rejected"]][-3:] == ["withdrawn"] * 3
    assert set(await stored(desk)) == {42}


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "7", "[]", '"text"', "{", "[{}]", "{}", '{"machine": 7}', '{"machine": ""}',
        '{"machine": "m", "events": {}}', '{"machine": "m", "events": "all"}', '{"machine": "m", "withdrawn": 5}',
        "[" * 100_000, '{"machine":"m","events":' + "[" * 50_000 + "]" * 50_000 + "}", "\x00", "NaN",
    ],
)  # fmt: skip
async def test_a_body_that_is_no_batch_is_refused(desk: Desk, body: str) -> None:
    response = await desk.client.post(ROUTE, content=body)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert await stored(desk) == {}


@pytest.mark.parametrize(
    "body",
    [
        '{"machine": "m", "events": [{"key": "1", "agent": "a", "model": "m", "time_ms": NaN}]}',
        '{"machine": "m", "events": [{"key": "1", "agent": "a", "model": "m", "time_ms": 1e999}]}',
        '{"machine": "m", "events": [{"key": 1' + "0" * 5_000 + "}]}",
        '{"machine": "m", "events": [' + '{"a":' * 300 + "1" + "}" * 300 + "]}",
    ],
)
async def test_numbers_and_nesting_no_one_can_mean_are_refused_item_by_item(desk: Desk, body: str) -> None:
    response = await desk.client.post(ROUTE, content=body)
    assert response.status_code == 200
    assert [each["index"] for each in response.json()["rejected"]] == [0]


async def test_surrogates_controls_and_endless_names_are_cleaned(desk: Desk) -> None:
    body = json.dumps(batch(event(project="a\ud800\x00b", branch="\udfff", folder="f" * 100_000, model="m\x07")))
    response = await desk.client.post(ROUTE, content=body)
    assert response.json()["inserted"] == 1
    assert (await stored(desk))[1][1:4] == ("a\ufffdb", "\ufffd", "f" * 512)


async def test_a_name_told_twice_in_an_object_counts_once(desk: Desk) -> None:
    twice = '{"machine": "m", "machine": "n", "events": [{"key":"1","key":"2","agent":"a","model":"m","time_ms":%d}]}'
    response = await desk.client.post(ROUTE, content=twice % NOON_MS)
    assert response.json()["inserted"] == 1
    assert [(key, row[0]) for key, row in (await stored(desk)).items()] == [(2, "n")]


async def test_the_same_key_many_times_in_a_batch_is_one_event(desk: Desk) -> None:
    answer = await send(desk, *(event(rank=place % 7, input_tokens=place) for place in range(1_000)))
    assert (answer["inserted"], answer["duplicates"]) == (1, 999)
    assert (await stored(desk))[1][-1] == max(place for place in range(1_000) if place % 7 == 6)


@pytest.mark.parametrize(
    "body",
    [batch(*[{}] * 2_001), batch(*[{}] * 1_000_000), batch(withdrawn=["1"] * 2_001)],
    ids=["2001", "10^6", "keys"],
)
async def test_more_than_a_batch_may_hold_is_refused_whole(desk: Desk, body: dict[str, Any]) -> None:
    response = await desk.client.post(ROUTE, content=json.dumps(body))
    assert response.status_code == 413


async def test_the_largest_numbers_add_up_without_breaking_anything(desk: Desk) -> None:
    most = {name: 10**10 for name in ("input_tokens", "output_tokens", "cache_read_tokens", "web_searches")}
    answer = await send(desk, *(event(str(key), **most, cost_nusd=10**12) for key in range(2_000)))
    assert answer["inserted"] == 2_000
    assert len(await stored(desk)) == 2_000
    await desk.parts.database.execute("UPDATE usage_slots SET cost_nusd = cost_nusd * 1000000000")
    assert (await send(desk, event("3000", **most, cost_nusd=10**12)))["inserted"] == 1


async def test_a_key_that_only_reads_sends_nothing_and_one_that_only_sends_may(desk: Desk) -> None:
    for scope, status in (("read", 403), ("ingest", 200)):
        headers = {"Authorization": f"Bearer {await desk.make_key(scope)}"}  # type: ignore[arg-type]
        assert (await desk.client.post(ROUTE, json=batch(event()), headers=headers)).status_code == status
    async with desk.stranger() as stranger:
        assert (await stranger.post(ROUTE, json=batch(event()))).status_code == 401


async def test_no_users_events_touch_another_ones(desk: Desk) -> None:
    _, key = await desk.make_user("bob")
    await send(desk, event("1", input_tokens=11))
    headers = {"Authorization": f"Bearer {key}"}
    theirs = batch(event("1", rank=9, input_tokens=99), withdrawn=["1"])
    assert (await desk.client.post(ROUTE, json=theirs, headers=headers)).json()["inserted"] == 1
    assert (await desk.client.post(ROUTE, json=batch(withdrawn=["1"]), headers=headers)).json()["withdrawn"] == 1
    assert (await stored(desk))[1] == ("laptop", "orbit", "main", "", 11)
