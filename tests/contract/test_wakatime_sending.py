"""Heartbeats as WakaTime's clients send them, and answers that none of them chokes on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from desk import NOON_MS, Desk

NOON = NOON_MS / 1_000
PREFIXES = ("/api/v1", "/api", "/api/compat/wakatime/v1")
BULK = "/api/v1/users/current/heartbeats.bulk"
CLI = "wakatime/1.90.0 (linux-6.1.0-x86_64) go1.22 vscode/1.99.0 vscode-wakatime/24.9.2"


def beat(minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
    return {
        "entity": "/src/orbit/main.py",
        "type": "file",
        "time": NOON - minutes_ago * 60,
        "project": "orbit",
        **fields,
    }


async def stored(desk: Desk, columns: str = "c.project, c.language, c.branch") -> list[tuple[Any, ...]]:
    rows = await desk.parts.database.fetch(
        f"SELECT {columns} FROM heartbeats h JOIN contexts c ON c.id = h.context_id JOIN lanes l ON l.id = h.lane_id "
        'LEFT JOIN files f ON f.id = h.file_id LEFT JOIN clients k ON k.id = h.client_id ORDER BY h."time", h.identity'
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_heartbeats_are_taken_under_every_prefix(desk: Desk, prefix: str) -> None:
    response = await desk.client.post(f"{prefix}/users/current/heartbeats.bulk", json=[beat(1), beat()])
    assert response.status_code == 201
    assert [status for _, status in response.json()["responses"]] == [201, 201]
    bar = await desk.client.get(f"{prefix}/users/current/statusbar/today")
    assert bar.json()["data"]["grand_total"]["total_seconds"] == 60


@pytest.mark.parametrize("doubled", ["/users/current", "/heartbeats", "/users/current/heartbeats.bulk"])
async def test_an_api_url_that_is_too_long_works_all_the_same(desk: Desk, doubled: str) -> None:
    response = await desk.client.post(f"/api/v1{doubled}/users/current/heartbeats.bulk", json=[beat()])
    assert response.status_code == 201
    assert len(await stored(desk)) == 1


async def test_answers_stand_in_the_order_sent_and_hold_an_id_and_nothing_else(desk: Desk) -> None:
    batch = [beat(minutes, category="ai coding", type="url") for minutes in (3, 9, 1, 5)]
    first = (await desk.client.post(BULK, json=batch)).json()["responses"]
    again = (await desk.client.post(BULK, json=batch[::-1])).json()["responses"]
    assert all(list(answer) == ["data"] and list(answer["data"]) == ["id"] for answer, _ in first)
    ids = [UUID(answer["data"]["id"]) for answer, _ in first]
    assert len(set(ids)) == 4
    assert [UUID(answer["data"]["id"]) for answer, _ in again] == ids[::-1]
    assert {status for _, status in again} == {201}
    assert len(await stored(desk)) == 4


async def test_a_bad_item_is_dropped_by_every_client_and_costs_no_other(desk: Desk) -> None:
    batch = [beat(2), beat(1, time="soon"), beat(1, entity=None), beat(1, time=3.0), beat()]
    response = await desk.client.post(BULK, json=batch)
    assert response.status_code == 201
    answers = response.json()["responses"]
    assert [status for _, status in answers] == [201, 400, 400, 400, 201]
    for (answer, status), field in zip(answers[1:4], ("time", "entity", "time"), strict=True):
        assert status == 400
        assert list(answer) == ["errors"]
        assert list(answer["errors"]) == [field]
        assert all(isinstance(reasons, list) and reasons for reasons in answer["errors"].values())
    assert len(await stored(desk)) == 2


async def test_a_batch_of_nothing_but_bad_items_never_fails_as_a_whole(desk: Desk) -> None:
    response = await desk.client.post(BULK, json=[beat(time=0), beat(time=-1), 7, None])
    assert response.status_code == 201
    assert [status for _, status in response.json()["responses"]] == [400] * 4
    assert all(isinstance(answer, dict) and answer["errors"] for answer, _ in response.json()["responses"])


async def test_heartbeats_of_years_ago_are_taken(desk: Desk) -> None:
    months_old = [beat(minutes) for minutes in (525_600, 525_601, 1_051_200)]
    response = await desk.client.post(BULK, json=months_old)
    assert [status for _, status in response.json()["responses"]] == [201] * 3


@pytest.mark.parametrize("count", [0, 1, 10, 25, 100, 1000])
async def test_a_request_may_hold_as_many_as_clients_send(desk: Desk, count: int) -> None:
    response = await desk.client.post(BULK, json=[beat(each / 10) for each in range(count)])
    assert (response.status_code, len(response.json()["responses"])) == (201, count)
    assert len(await stored(desk)) == count


async def test_one_heartbeat_is_answered_as_one_and_an_array_as_bulk(desk: Desk) -> None:
    url = "/api/v1/users/current/heartbeats"
    one = await desk.client.post(url, json=beat())
    assert (one.status_code, list(one.json())) == (201, ["data"])
    several = await desk.client.post(url, json=[beat()])
    assert several.json() == {"responses": [[one.json(), 201]]}
    bad = await desk.client.post(url, json=beat(time=None))
    assert bad.status_code == 400
    assert bad.json()["errors"] == [{"field": "time", "reason": "is required"}]


async def test_a_body_without_a_json_content_type_is_read(desk: Desk) -> None:
    for content_type in ("text/plain;charset=UTF-8", "application/octet-stream", ""):
        headers = {"Content-Type": content_type} if content_type else {}
        response = await desk.client.post(BULK, content=json.dumps([beat()]), headers=headers)
        assert [status for _, status in response.json()["responses"]] == [201]


async def test_json_inside_a_json_string_is_decoded_twice(desk: Desk) -> None:
    response = await desk.client.post(BULK, json=json.dumps([beat(1), beat()]))
    assert [status for _, status in response.json()["responses"]] == [201, 201]
    single = await desk.client.post("/api/v1/users/current/heartbeats", json=json.dumps([beat()]))
    assert list(single.json()) == ["responses"]


async def test_a_byte_order_mark_is_no_obstacle(desk: Desk) -> None:
    response = await desk.client.post(BULK, content=b"\xef\xbb\xbf" + json.dumps([beat()]).encode())
    assert [status for _, status in response.json()["responses"]] == [201]


@pytest.mark.parametrize("scale", [1, 1_000, 1_000_000, 1_000_000_000])
async def test_times_in_any_unit_and_as_text_are_the_same_instant(desk: Desk, scale: int) -> None:
    for time in (int(NOON * scale), str(int(NOON * scale))):
        await desk.client.post(BULK, json=[beat(time=time)])
    assert {row[0] for row in await stored(desk, 'h."time"')} == {NOON_MS}


async def test_a_missing_or_empty_category_is_told_by_the_type(desk: Desk) -> None:
    batch = [
        beat(3, category=None),
        beat(2, type="domain"),
        beat(1, type="url", category=None),
        beat(0, category="Designing"),
    ]
    await desk.client.post(BULK, json=batch)
    assert [row[0] for row in await stored(desk, "c.activity_type")] == ["coding", "browsing", "browsing", "designing"]


async def test_last_placeholders_are_filled_from_what_came_before(desk: Desk) -> None:
    last = {"project": "<<LAST_PROJECT>>", "branch": "<<LAST_BRANCH>>", "language": "<<LAST_LANGUAGE>>"}
    lonely = await desk.client.post(BULK, json=[beat(60, **last)])
    assert lonely.json()["responses"][0][1] == 201
    await desk.client.post(BULK, json=[beat(9, branch="main", language="Python"), beat(2, project="later")])
    await desk.client.post(BULK, json=[beat(7, **last), beat(6, project="notes", branch="dev"), beat(5, **last)])
    assert await stored(desk) == [
        ("", "", ""),
        ("orbit", "Python", "main"),
        ("orbit", "Python", "main"),
        ("notes", "", "dev"),
        ("notes", "Python", "dev"),
        ("later", "", ""),
    ]


@pytest.mark.parametrize(
    ("agent", "sent", "kept"),
    [
        ("go1.22", quote("Ada's laptop", safe=""), "Ada's laptop"),
        ("Python3.11.7.final.0", "ada%20raw", "ada%20raw"),
        ("go1.22", "plain-name", "plain-name"),
    ],
)
async def test_the_machine_is_named_by_its_header(desk: Desk, agent: str, sent: str, kept: str) -> None:
    headers = {"User-Agent": CLI.replace("go1.22", agent), "X-Machine-Name": sent}
    await desk.client.post(BULK, json=[beat()], headers=headers)
    assert await stored(desk, "c.machine") == [(kept,)]


async def test_a_user_agent_of_the_heartbeat_beats_the_header(desk: Desk) -> None:
    own = "wakatime/1.90.0 (darwin-23.1-arm64) go1.22 vim/9.1 vim-wakatime/11.3.0"
    await desk.client.post(BULK, json=[beat(1), beat(0, user_agent=own)], headers={"User-Agent": CLI})
    assert await stored(desk, "c.tool, c.editor, c.os, k.user_agent") == [
        ("vscode", "VS Code", "Linux", CLI),
        ("vim", "Vim", "macOS", own),
    ]


async def test_an_agents_heartbeats_keep_session_tokens_and_line_changes(desk: Desk) -> None:
    agent = "wakatime/2.10.0 (linux-6.1-x86_64) go1.26 opus/4.1-medium Claude/2.1.118 vscode/1.99 vscode-wakatime/30.2"
    ai = {
        "ai_session": "s-1",
        "ai_input_tokens": 1200,
        "ai_output_tokens": 80,
        "ai_line_changes": -3,
        "lines_in_file": 9,
    }
    await desk.client.post(BULK, json=[beat(category="ai coding", **ai)], headers={"User-Agent": agent})
    rows = await stored(desk, "c.tool, c.editor, c.activity_type, l.session, h.tokens_in, h.tokens_out, h.extra")
    assert rows == [
        (
            *("claude-code", "VS Code", "ai coding", "s-1", 1200, 80),
            {"type": "file", "ai_line_changes": -3, "lines_in_file": 9},
        )
    ]


async def test_a_body_that_is_no_json_is_told_in_the_clients_own_shape(desk: Desk) -> None:
    response = await desk.client.post(BULK, content=b"entity=main.py")
    assert response.status_code == 400
    assert "not JSON" in response.json()["error"]


async def test_reports_of_plugin_errors_need_no_key_and_are_not_kept(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    report = {"platform": "linux", "plugin": "vim", "cli_version": "1.90.0", "logs": "a secret path", "is_panic": False}
    async with desk.stranger() as client:
        for prefix in PREFIXES:
            with caplog.at_level("INFO"):
                response = await client.post(f"{prefix}/plugins/errors", json=report)
            assert (response.status_code, response.text) == (201, "{}")
        too_long = await client.post("/api/v1/plugins/errors", content=b"x" * 300_000)
    assert too_long.status_code == 413
    assert "secret path" not in caplog.text
