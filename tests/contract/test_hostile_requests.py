"""Requests made to break a handler, to tire the server or to fill its disk: each is refused, none is an incident."""

from __future__ import annotations

import pytest

from desk import Desk
from devtime.activity.import_jobs import imports_folder
from devtime.server import uploads

ORIGIN = {"Origin": "http://devtime.test"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/range?project=%00", 200),
        ("/heartbeats?branch=%00a", 200),
        ("/heartbeats.csv?tool=%00", 200),
        ("/range?" + "project=a&" * 101, 400),
        ("/heartbeats.json?" + "&".join(f"tool={number}" for number in range(5_000)), 400),
        ("/heartbeats?page=%C2%B2", 400),
        ("/heartbeats?page=" + "1" * 5_000, 400),
        ("/static/%00", 404),
        ("/static/css/main.css%00.txt", 404),
        ("/static/" + "a" * 5_000, 404),
        ("/login?next=/%E2%98%83", 303),
    ],
)
async def test_an_address_that_cannot_be_meant_breaks_nothing(desk: Desk, path: str, status: int) -> None:
    assert (await desk.client.get(path)).status_code == status


@pytest.mark.parametrize(
    "host", ["devtime.test:99999", "[", "a b", "user@devtime.test", "devtime.test/x", "devtime.test, evil.example", "é"]
)
async def test_a_host_that_cannot_be_one_is_refused(desk: Desk, host: str) -> None:
    answer = await desk.client.get("/connect", headers={b"Host": host.encode()})
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("host", ["devtime.test", "DEVTIME.test:8765", "192.0.2.1:1", "[2001:db8::1]:8765", "my_host"])
async def test_every_host_that_can_be_one_is_answered(desk: Desk, host: str) -> None:
    assert (await desk.client.get("/login", headers={"Host": host}, follow_redirects=False)).status_code == 303


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "http://é", "null"])
async def test_an_origin_that_cannot_be_one_is_not_ours(desk: Desk, origin: str) -> None:
    headers = {b"Origin": origin.encode()}
    async with desk.stranger() as stranger:
        assert (await stranger.post("/login", data={"username": "a"}, headers=headers)).status_code == 403


@pytest.mark.parametrize("path", ["/login", "/signup", "/welcome", "/settings/theme"])
async def test_forms_anybody_may_send_are_short(desk: Desk, path: str) -> None:
    async with desk.stranger() as stranger:
        headers = {**ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        assert (await stranger.post(path, content=b"a&" * 50_000, headers=headers)).status_code == 413


async def test_a_password_may_not_come_in_megabytes(desk: Desk) -> None:
    async with desk.stranger() as stranger:
        answer = await stranger.post("/api/auth/token", json={"username": "a", "password": "b" * 100_000})
    assert answer.status_code == 413


async def test_two_long_lists_of_patterns_are_a_form_that_is_taken(desk: Desk) -> None:
    patterns = "\n".join(f"{number}/" + "\u00e4" * 250 for number in range(200))
    form = {"exclude_projects": patterns, "exclude_file_patterns": patterns}
    assert (await desk.client.post("/settings/privacy", data=form)).status_code == 303


@pytest.mark.parametrize("project", ["\0", "a\0b"])
async def test_deleting_a_project_no_name_can_be_deletes_what_its_name_is_without_that(
    desk: Desk, project: str
) -> None:
    form = {"start": "2026-01-01", "end": "2026-01-02", "project": project, "confirm": "delete"}
    assert (await desk.client.post("/settings/data/delete", data=form)).status_code == 303


@pytest.mark.parametrize("path", ["/api/imports", "/api/v1/import", "/settings/data/import"])
async def test_uploads_leave_room_on_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(uploads, "KEPT_FREE_BYTES", 1 << 62)
    answer = await desk.client.post(path, content=b'[{"project":"a"}]')
    assert answer.status_code == 503
    assert "disk is almost full" in answer.text
    assert list(imports_folder(desk.parts.settings.home).iterdir()) == []


@pytest.mark.parametrize(
    "path", ["/", "/range.json", "/settings/keys", "/api/stats", "/api/v1/users/current", "/api/keys", "/nowhere"]
)
async def test_nothing_keeps_what_is_somebodys_own(desk: Desk, path: str) -> None:
    assert (await desk.client.get(path)).headers["cache-control"] == "no-store"


async def test_files_of_the_pages_may_be_kept(desk: Desk) -> None:
    answer = await desk.client.get("/static/css/main.css")
    assert "no-store" not in answer.headers.get("cache-control", "")
    assert "etag" in answer.headers


@pytest.mark.parametrize(
    ("body", "count"),
    [(b'"\\u005b]"', 0), (b'"\\n[]"', 0), (b'"\\n[{%s},{%s}]"', 2)],
)
async def test_an_array_in_a_strange_spelling_is_answered_as_an_array(desk: Desk, body: bytes, count: int) -> None:
    beats = [rb"\"entity\":\"%d.py\",\"time\":1700000000" % number for number in range(count)]
    answer = await desk.client.post("/api/v1/users/current/heartbeats", content=body % tuple(beats))
    assert answer.status_code == 201
    assert [status for _, status in answer.json()["responses"]] == [201] * count
