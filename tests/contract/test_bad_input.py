"""Whatever is sent as heartbeats gets a clear answer, costs no other item, and never breaks the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from desk import NOON_MS, Desk

HTML = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
DEEP = "[" * 5_000 + "]" * 5_000


@dataclass(frozen=True)
class Door:
    """A route that takes several heartbeats, and one that takes one; how a good heartbeat looks there."""

    several: str
    one: str
    time: str
    scale: int
    base: dict[str, Any]
    texts: tuple[str, ...]

    def item(self, minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
        return {**self.base, self.time: (NOON_MS - round(minutes_ago * 60_000)) / self.scale, **fields}

    def refused(self, response: httpx.Response) -> list[tuple[int, str]]:
        """Places and fields of the items that were refused."""
        answer = response.json()
        if "responses" in answer:
            return [
                (place, *each["errors"]) for place, (each, status) in enumerate(answer["responses"]) if status == 400
            ]
        return [(each["index"], each["field"]) for each in answer.get("rejected", answer.get("errors", ()))]


NATIVE = Door(
    "/api/heartbeat/batch",
    "/api/heartbeat",
    "timestamp",
    1,
    {"tool": "vscode", "project": "orbit"},
    ("tool", "project", "file", "language", "branch", "machine_id", "activity_type", "session_id", "editor", "os"),
)
WAKATIME = Door(
    "/api/v1/users/current/heartbeats.bulk",
    "/api/v1/users/current/heartbeats",
    "time",
    1_000,
    {"entity": "/src/main.py", "type": "file", "project": "orbit"},
    ("entity", "project", "language", "branch", "category", "user_agent", "ai_session"),
)
doors = pytest.mark.parametrize("door", [NATIVE, WAKATIME], ids=["native", "wakatime"])


async def count(desk: Desk) -> int:
    return await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats")


async def forget(desk: Desk) -> None:
    """Begin anew."""
    await desk.parts.database.execute("TRUNCATE heartbeats, activity_slots")


async def send_between_good_ones(desk: Desk, door: Door, item: str) -> httpx.Response:
    """Post the text of an item between two good heartbeats, and see that those are stored."""
    before = await count(desk)
    body = f"[{json.dumps(door.item(2))},{item},{json.dumps(door.item(0))}]"
    response = await desk.client.post(door.several, content=body.encode("utf-8", "surrogatepass"))
    assert response.status_code in (200, 201), response.text
    assert await count(desk) == before + 2 + (0 if door.refused(response) else 1)
    return response


@doors
async def test_what_is_no_heartbeat_is_refused_in_its_place(desk: Desk, door: Door) -> None:
    for item in ("7", "null", "true", '"text"', "[]", "{}", DEEP, '{"a":' * 3_000 + "1" + "}" * 3_000):
        response = await send_between_good_ones(desk, door, item)
        assert [place for place, _ in door.refused(response)] == [1], item[:20]
        single = await desk.client.post(door.one, content=item)
        assert single.status_code == (201 if item in ("[]", DEEP) and door is WAKATIME else 400), item[:20]
        await forget(desk)


NO_TIMES = (
    *("true", "[]", "{}", '"soon"', '""', "-1", "0", "1", "86400", "4102444800", "4102444800000", "1e400", "NaN"),
    *("9" * 400, '"1970-01-01T00:00:00Z"', '"2100-01-01T00:00:00Z"', '"2026-01-15T12:00:00"', '"2026-02-30T12:00:00Z"'),
)


@doors
async def test_a_time_that_cannot_be_is_refused_by_its_name(desk: Desk, door: Door) -> None:
    for time in NO_TIMES:
        item = json.dumps(door.item()).replace(json.dumps(door.item()[door.time]), time)
        response = await send_between_good_ones(desk, door, item)
        assert door.refused(response) == [(1, door.time)], time
        await forget(desk)


@doors
async def test_a_time_in_another_unit_is_the_same_instant(desk: Desk, door: Door) -> None:
    for time in (NOON_MS / 1e3, NOON_MS, NOON_MS * 1e3, NOON_MS * 1e6, f"{NOON_MS}", f"{NOON_MS / 1e3}"):
        await desk.client.post(door.several, json=[door.item(**{door.time: time})])
    rows = await desk.parts.database.fetch('SELECT DISTINCT "time" FROM heartbeats')
    assert [tuple(row) for row in rows] == [(NOON_MS,)]


@doors
async def test_text_of_another_type_is_refused_by_its_name(desk: Desk, door: Door) -> None:
    for value in (5, 1.5, True, [], ["x"], {}, {"x": 1}):
        batch = [door.item(10 + place, **{name: value}) for place, name in enumerate(door.texts)]
        response = await desk.client.post(door.several, json=[*batch, door.item()])
        assert door.refused(response) == list(enumerate(door.texts)), value
    assert await count(desk) == 1


async def test_an_absurd_duration_is_refused_by_its_name(desk: Desk) -> None:
    for duration in ("-1", "1e9", '"long"', "[]", "true", "86401", "-0.001", "1e400"):
        item = json.dumps(NATIVE.item(1))[:-1] + f', "duration": {duration}}}'
        response = await send_between_good_ones(desk, NATIVE, item)
        assert NATIVE.refused(response) == [(1, "duration")], duration
        await forget(desk)


@doors
async def test_flags_and_counts_of_another_type_are_refused_by_their_names(desk: Desk, door: Door) -> None:
    tokens = "tokens_in" if door is NATIVE else "ai_input_tokens"
    bad = [{"is_write": "perhaps"}, {"is_write": []}, {tokens: -1}, {tokens: 1.5}, {tokens: "many"}, {tokens: 10**30}]
    response = await desk.client.post(door.several, json=[door.item(each, **bad[each]) for each in range(len(bad))])
    assert door.refused(response) == list(enumerate(["is_write"] * 2 + [tokens] * 4))


@doors
@pytest.mark.parametrize(
    "text", [r"a\u0000b", r"\u0000", r"\ud800", r"x\udc00y", r"\u0001\u001f", "é\u202e\U0001f600", HTML]
)
async def test_odd_text_is_stored_without_what_no_store_can_hold(desk: Desk, door: Door, text: str) -> None:
    value = text if "\\u" in text else json.dumps(text)[1:-1]
    fields = "".join(f',"{name}":"x{value}"' for name in (*door.texts, "a field nobody knows", f"name {value}"))
    response = await send_between_good_ones(desk, door, json.dumps(door.item(1))[:-1] + fields + "}")
    assert door.refused(response) == []
    for path in (
        "/api/stats?range=all",
        "/api/sessions?range=all",
        "/api/v1/users/current/statusbar/today",
        "/api/v1/users/current/heartbeats?date=2026-01-15",
        "/api/v1/users/current/projects",
    ):
        read = await desk.client.get(path)
        assert (read.status_code, read.headers["content-type"]) == (200, "application/json")
        assert read.headers["x-content-type-options"] == "nosniff"


@doors
async def test_text_longer_than_its_column_is_cut_not_refused(desk: Desk, door: Door) -> None:
    long = {name: f"{name} " + "x" * 20_000 for name in door.texts}
    response = await send_between_good_ones(desk, door, json.dumps(door.item(1, **long)))
    assert door.refused(response) == []


@doors
async def test_unknown_fields_beyond_measure_are_refused(desk: Desk, door: Door) -> None:
    response = await send_between_good_ones(desk, door, json.dumps(door.item(1, notes="x" * 100_000)))
    assert [place for place, _ in door.refused(response)] == [1]


NO_LISTS = (
    *(b"", b" ", b"entity=1", b"{", b"[1,", b'{"heartbeats":', b"\xff\xfe[", b"\x00", b"nul", b'"', b'"[1"', b"<html>"),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"7", b"null", b"true", b'"text"'),
)


@doors
async def test_a_body_that_is_no_list_of_heartbeats_is_a_clear_400(desk: Desk, door: Door) -> None:
    for body in NO_LISTS:
        for route in (door.several, door.one):
            response = await desk.client.post(route, content=body)
            assert response.status_code == 400, (route, body[:20], response.text)
            problem = response.json()
            assert problem.get("detail") or problem.get("error")
    assert await count(desk) == 0


@doors
async def test_a_body_of_eleven_megabytes_is_refused(desk: Desk, door: Door) -> None:
    body = b"[" + b" " * 11_000_000 + json.dumps(door.item()).encode() + b"]"
    for route in (door.several, door.one):
        response = await desk.client.post(route, content=body)
        assert response.status_code == 413
    assert await count(desk) == 0


@doors
async def test_a_hundred_thousand_items_are_all_answered_and_more_are_refused(desk: Desk, door: Door) -> None:
    items = ["0"] * 99_999 + [json.dumps(door.item())]
    response = await desk.client.post(door.several, content=f"[{','.join(items)}]")
    assert response.status_code in (200, 201)
    assert [place for place, _ in door.refused(response)] == list(range(99_999))
    assert await count(desk) == 1
    more = await desk.client.post(door.several, content=f"[{','.join(['0'] * 100_001)}]")
    assert more.status_code == 413
    assert "100,000" in more.text


@doors
async def test_a_route_for_sending_is_not_read_from(desk: Desk, door: Door) -> None:
    response = await desk.client.put(door.several, json=[])
    assert (response.status_code, response.headers["allow"]) == (405, "OPTIONS, POST")
