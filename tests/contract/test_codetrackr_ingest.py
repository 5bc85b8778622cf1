"""Heartbeats in CodeTrackr's dialect: what is taken, and that anything else gets a clear answer and costs no other."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.accounts.keys import create_key, revoke_key

NOW_S = NOON_MS // 1000
ONE, MANY, IMPORT = "/api/v1/heartbeat", "/api/v1/heartbeats", "/api/v1/import"
ROUTES = (ONE, MANY, IMPORT)

BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"hello",
    "half an array": b'[{"project": "a"}',
    "half an object": b'{"project":',
    "a number": b"42",
    "null": b"null",
    "a string": b'"hello"',
    "bytes that are no text": b"\xff\xfe\x00",
    "deep nesting": b"[" * 200_000,
}
"""Bodies that are refused as a whole."""

BAD_ITEMS: dict[str, tuple[Any, str]] = {
    "no object": (7, ""),
    "an array": ([], ""),
    "null": (None, ""),
    "no project": ({"file": "a.rs"}, "project"),
    "an empty project": ({"project": " "}, "project"),
    "a project of NULs": ({"project": "\0\0"}, "project"),
    "a number as project": ({"project": 1}, "project"),
    "an object as file": ({"project": "a", "file": {}}, "file"),
    "a list as language": ({"project": "a", "language": ["rust"]}, "language"),
    "a text as time": ({"project": "a", "time": "yesterday"}, "time"),
    "a true time": ({"project": "a", "time": True}, "time"),
    "a negative time": ({"project": "a", "time": -5}, "time"),
    "the year 1970": ({"project": "a", "time": 1}, "time"),
    "the year 2100": ({"project": "a", "time": 4_102_444_800}, "time"),
    "a time without a zone": ({"project": "a", "time": "2026-01-15T12:00:00"}, "time"),
    "a negative duration": ({"project": "a", "duration": -1}, "duration"),
    "an absurd duration": ({"project": "a", "duration": 1e9}, "duration"),
    "a text as duration": ({"project": "a", "duration": "long"}, "duration"),
    "a text as flag": ({"project": "a", "is_write": "maybe"}, "is_write"),
    "deep nesting": ({"project": "a", "odd": json.loads("[" * 500 + "]" * 500)}, ""),
    "a huge unknown field": ({"project": "a", "odd": "x" * 20_000}, ""),
}
"""Items that are refused, and the field at fault."""

TIMES = {
    "seconds": NOW_S,
    "a float": float(NOW_S),
    "milliseconds": NOON_MS,
    "microseconds": NOON_MS * 1_000,
    "nanoseconds": NOON_MS * 1_000_000,
    "text": str(NOW_S),
    "RFC 3339": "2026-01-15T12:00:00Z",
    "RFC 3339 elsewhere": "2026-01-15T13:00:00+01:00",
    "null": None,
}
"""Ways to tell the same instant."""

ODD_ITEMS: dict[str, Any] = {
    "NUL": {"project": "a\0b", "file": "\0"},
    "HTML": {
        name: "<script>alert(1)</script>"
        for name in ("project", "file", "language", "branch", "editor", "os", "machine", "commit")
    },
    "nulls everywhere": {
        "project": "a",
        **dict.fromkeys(("file", "lang", "branch", "editor", "os", "machine", "duration")),
    },
    "a very long name": {"project": "p" * 5_000, "file": "/" + "f" * 20_000},
    "other scripts": {"project": "プロジェクト", "branch": "ветка", "file": "文件.rs"},
    "unknown fields": {"project": "a", "odd": {"nested": [1, 2, {"x": None}]}},
}
"""Items that look wrong and are taken."""


async def _count(desk: Desk) -> int:
    count: int = await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats")
    return count


def _is_error(answer: Any, status: int) -> bool:
    body = answer.json()
    return answer.status_code == status and isinstance(body["error"], str) and len(body["error"]) > 3


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_a_body_that_is_no_heartbeats_is_refused_in_words(desk: Desk, route: str, body: bytes) -> None:
    answer = await desk.client.post(route, content=body)
    assert _is_error(answer, 400)
    assert await _count(desk) == 0


@pytest.mark.parametrize(("item", "field"), BAD_ITEMS.values(), ids=BAD_ITEMS.keys())
async def test_a_bad_heartbeat_is_refused_with_its_field(desk: Desk, item: Any, field: str) -> None:
    answer = await desk.client.post(ONE, json=item)
    assert _is_error(answer, 400)
    assert answer.json()["errors"][0]["field"] == field or not isinstance(item, dict)
    assert await _count(desk) == 0


@pytest.mark.parametrize("route", [MANY, IMPORT])
@pytest.mark.parametrize(("item", "field"), BAD_ITEMS.values(), ids=BAD_ITEMS.keys())
async def test_a_bad_item_is_told_by_its_index_and_costs_no_other(
    desk: Desk, route: str, item: Any, field: str
) -> None:
    answer = await desk.client.post(route, json=[{"project": "a"}, item, {"project": "b"}])
    body = answer.json()
    assert (answer.status_code, body["status"], body["inserted"]) == (200, "ok", 2)
    [rejected] = body["rejected"]
    assert (rejected["index"], rejected["field"]) == (1, field)
    assert rejected["reason"]
    assert await _count(desk) == 2


@pytest.mark.parametrize("route", [MANY, IMPORT])
async def test_a_batch_of_nothing_but_bad_items_is_no_error_a_queue_would_choke_on(desk: Desk, route: str) -> None:
    answer = await desk.client.post(route, json=[{}, {"project": 1}])
    assert answer.status_code == 200
    assert (answer.json()["inserted"], [each["index"] for each in answer.json()["rejected"]]) == (0, [0, 1])


@pytest.mark.parametrize("route", [MANY, IMPORT])
async def test_an_empty_batch_inserts_nothing(desk: Desk, route: str) -> None:
    answer = await desk.client.post(route, json=[])
    assert (answer.status_code, answer.json()["inserted"]) == (200, 0)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("time", TIMES.values(), ids=TIMES.keys())
async def test_an_instant_is_understood_however_it_is_told(desk: Desk, route: str, time: Any) -> None:
    item = {"project": "a", "time": time}
    answer = await desk.client.post(route, json=item if route == ONE else [item])
    assert answer.status_code == 200
    assert await desk.parts.database.fetchval('SELECT "time" FROM heartbeats') == NOON_MS


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("item", ODD_ITEMS.values(), ids=ODD_ITEMS.keys())
async def test_an_odd_item_is_taken(desk: Desk, route: str, item: Any) -> None:
    answer = await desk.client.post(route, json=item if route == ONE else [item])
    assert answer.status_code == 200, answer.text
    assert await _count(desk) == 1


@pytest.mark.parametrize("route", ROUTES)
async def test_lone_surrogates_are_mended(desk: Desk, route: str) -> None:
    item = b'{"project": "a\\ud800b", "file": "\\udfff"}'
    answer = await desk.client.post(route, content=item if route == ONE else b"[" + item + b"]")
    assert answer.status_code == 200
    project, path = await desk.parts.database.fetchrow("SELECT project, path FROM contexts, files")
    assert (project, path) == ("a\ufffdb", "\ufffd")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("media_type", ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", ""])
async def test_a_body_is_read_whatever_it_is_called(desk: Desk, route: str, media_type: str) -> None:
    answer = await desk.client.post(route, content=b'{"project": "a"}', headers={"Content-Type": media_type})
    assert answer.status_code == 200
    assert await _count(desk) == 1


@pytest.mark.parametrize("route", ROUTES)
async def test_a_body_that_was_encoded_twice_is_decoded_twice(desk: Desk, route: str) -> None:
    item = {"project": "a"}
    answer = await desk.client.post(route, json=json.dumps(item if route == ONE else [item]))
    assert answer.status_code == 200
    assert await _count(desk) == 1


async def test_several_heartbeats_are_no_single_one(desk: Desk) -> None:
    answer = await desk.client.post(ONE, json=[{"project": "a"}, {"project": "b"}])
    assert _is_error(answer, 400)
    assert "/api/v1/heartbeats" in answer.json()["error"]


async def test_the_same_batch_twice_is_one_batch(desk: Desk) -> None:
    batch = [{"project": "a", "time": NOW_S - number} for number in range(5)]
    first = (await desk.client.post(MANY, json=batch)).json()
    second = (await desk.client.post(MANY, json=[*batch, *batch])).json()
    assert first == {"status": "ok", "inserted": 5, "duplicates": 0, "rejected": []}
    assert second == {"status": "ok", "inserted": 0, "duplicates": 10, "rejected": []}
    assert await _count(desk) == 5


async def test_the_order_of_a_batch_is_no_matter(desk: Desk) -> None:
    batch = [{"project": "a", "time": NOW_S - 3_600 + 60 * number} for number in range(30)]
    await desk.client.post(MANY, json=batch[::-2])
    await desk.client.post(MANY, json=batch[::2])
    summary = (await desk.client.get("/api/v1/stats/summary")).json()
    assert summary["total_seconds"] == 29 * 60


async def test_language_and_lang_are_the_same(desk: Desk) -> None:
    batch = [
        {"project": "a", "lang": "rust", "time": NOW_S - 240, "duration": 60},
        {"project": "a", "language": "rust", "time": NOW_S - 120, "duration": 60},
    ]
    await desk.client.post(MANY, json=batch)
    assert (await desk.client.get("/api/v1/stats/languages")).json()["total_seconds"] == 120


async def test_the_answer_to_one_heartbeat_tells_when_it_happened(desk: Desk) -> None:
    answer = await desk.client.post(ONE, json={"project": "a", "time": NOW_S - 60.5})
    assert answer.json() == {"status": "ok", "recorded_at": "2026-01-15T11:58:59.500Z"}


async def test_an_import_is_worth_a_minute_unless_it_says_otherwise(desk: Desk) -> None:
    rows = [{"project": "a", "time": NOW_S - 7_200}, {"project": "b", "time": NOW_S - 3_600, "duration": 10}]
    await desk.client.post(IMPORT, json=rows)
    await desk.client.post(MANY, json=[{"project": "c", "time": NOW_S - 1_800}])
    projects = (await desk.client.get("/api/v1/stats/projects")).json()["projects"]
    assert {entry["project"]: entry["seconds"] for entry in projects} == {"a": 60, "b": 10, "c": 0}


async def test_what_privacy_keeps_out_is_counted_apart(desk: Desk) -> None:
    await desk.parts.database.execute("UPDATE activity_settings SET exclude_projects = '{secret*}'")
    rows = [{"project": "secret-work"}, {"project": "open"}]
    assert (await desk.client.post(MANY, json=rows)).json()["excluded"] == 1
    assert (await desk.client.post(IMPORT, json=rows)).json() == {
        "status": "ok", "inserted": 0, "duplicates": 1, "excluded": 1,
    }  # fmt: skip


async def test_a_hundred_thousand_rows_are_imported_in_one_request(desk: Desk) -> None:
    rows = [
        {"project": f"p{number % 20}", "lang": "rust", "time": NOW_S - 30 * number, "duration": 30}
        for number in range(100_000)
    ]
    rows[77_777] = {"project": 5}
    answer = await desk.client.post(IMPORT, json=rows, timeout=300)
    assert answer.json() == {
        "status": "ok",
        "inserted": 99_999,
        "rejected": [{"index": 77_777, "field": "project", "reason": "must be text"}],
    }
    assert await _count(desk) == 99_999


async def test_a_long_import_that_breaks_off_is_refused_before_anything_is_recorded(desk: Desk) -> None:
    rows = json.dumps([{"project": "a" * 200, "time": NOW_S - number} for number in range(6_000)]).encode()
    answer = await desk.client.post(IMPORT, content=rows[:-40])
    assert _is_error(answer, 400)
    assert await _count(desk) == 0


async def test_a_long_import_that_is_no_array_is_refused(desk: Desk) -> None:
    answer = await desk.client.post(IMPORT, content=b'{"project": "' + b"a" * 2_000_000 + b'"}')
    assert _is_error(answer, 400)


async def test_long_and_short_imports_of_the_same_rows_are_the_same_rows(desk: Desk) -> None:
    rows = [{"project": "a" * 300, "time": NOW_S - number - 0.25, "x": [1.5, {"y": None}]} for number in range(4_000)]
    assert (await desk.client.post(IMPORT, json=rows)).json()["inserted"] == 4_000
    for start in range(0, 4_000, 1_000):
        part = (await desk.client.post(IMPORT, json=rows[start : start + 1_000])).json()
        assert (part["inserted"], part["duplicates"]) == (0, 1_000)


async def test_more_bad_rows_than_are_told_are_counted(desk: Desk) -> None:
    answer = (await desk.client.post(IMPORT, json=[{}] * 1_500)).json()
    assert (len(answer["rejected"]), answer["rejected_total"]) == (1_000, 1_500)


@pytest.mark.parametrize("route", [ONE, MANY])
async def test_a_body_of_more_than_ten_megabytes_is_too_large(desk: Desk, route: str) -> None:
    answer = await desk.client.post(route, content=b'{"project": "' + b"a" * 10 * 1024 * 1024 + b'"}')
    assert _is_error(answer, 413)


@pytest.mark.parametrize("route", ROUTES)
async def test_only_keys_that_may_send_send(desk: Desk, route: str) -> None:
    new = await create_key(desk.parts.database, desk.user.id, "gone")
    await revoke_key(desk.parts.database, desk.user.id, new.key.id)
    reading = await desk.make_key("read")
    sending = await desk.make_key("ingest")
    body = json.dumps({"project": "a"} if route == ONE else [{"project": "a"}]).encode()
    async with desk.stranger() as stranger:
        for key, status in ((new.secret, 401), ("ct_xyz123", 401), ("", 401), (reading, 403), (sending, 200)):
            headers = {"X-API-Key": key} if key else {}
            answer = await stranger.post(route, content=body, headers=headers)
            assert answer.status_code == status
            assert status == 200 or _is_error(answer, status)
    assert await _count(desk) == 1


async def test_the_key_is_read_as_clients_show_it(desk: Desk) -> None:
    basic = base64.b64encode(desk.key.encode()).decode()
    shown = ({"X-API-Key": desk.key}, {"Authorization": f"Bearer {desk.key}"}, {"Authorization": f"Basic {basic}"})
    async with desk.stranger() as stranger:
        for headers in shown:
            answer = await stranger.post(ONE, json={"project": "a"}, headers=headers)
            assert answer.status_code == 200
