"""One's own account, keys and exports in CodeTrackr's shape, and whether the server is well."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime import __version__
from devtime.store.database import Database

NOW_S = NOON_MS // 1000

ROWS: list[dict[str, Any]] = [
    {"project": "engine", "language": "rust", "file": "src/a,b.rs", "branch": "main", "time": NOW_S - 300,
     "duration": 60, "is_write": True, "editor": "VS Code", "machine": "laptop", "commit": "abc"},
    {"project": "=cmd()", "file": 'quote"d.rs', "time": NOW_S - 200.5, "editor": "Vim", "os": "Linux"},
    {"project": "engine", "time": NOW_S - 100, "duration": 30},
]  # fmt: skip


@pytest.fixture
def account() -> dict[str, Any]:
    """An account with all that can be told of it."""
    return {"email": "ada@example.org", "display_name": "Ada", "timezone": "Europe/Berlin", "role": "admin"}


async def test_my_account_has_every_documented_field(desk: Desk) -> None:
    me = (await desk.client.get("/api/v1/user/me")).json()
    assert me.pop("created_at").endswith("Z")
    assert me == {
        "id": str(desk.user.id),
        "username": "ada",
        "display_name": "Ada",
        "email": "ada@example.org",
        "avatar_url": None,
        "plan": "free",
        "is_public": False,
        "is_admin": True,
        "bio": None,
        "website": None,
        "profile_show_languages": True,
        "profile_show_projects": True,
        "profile_show_activity": True,
        "profile_show_plugins": True,
        "profile_show_streak": True,
        "available_for_hire": False,
        "show_in_leaderboard": False,
        "country": None,
        "timezone": "Europe/Berlin",
    }


async def test_the_profile_changes_by_what_is_sent_and_nothing_else(desk: Desk) -> None:
    update = "/api/v1/user/profile/update"
    changes = {"bio": "I count", "website": "https://ada.example", "is_public": True, "profile_show_streak": False}
    assert (await desk.client.post(update, json=changes)).json() == {"status": "updated"}
    assert (await desk.client.post(update, json={"bio": None, "available_for_hire": True})).status_code == 200
    me = (await desk.client.get("/api/v1/user/me")).json()
    assert {name: me[name] for name in changes} == changes
    assert me["available_for_hire"] is True
    await desk.client.post(update, json={"bio": ""})
    assert (await desk.client.get("/api/v1/user/me")).json()["bio"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"website": "javascript:alert(1)"},
        {"website": "https://" + "a" * 300},
        {"bio": "b" * 2_001},
        {"bio": "a\0b"},
        {"is_public": "yes"},
        [],
        "text",
    ],
)
async def test_a_profile_that_cannot_be_is_refused(desk: Desk, changes: Any) -> None:
    answer = await desk.client.post("/api/v1/user/profile/update", json=changes)
    assert (answer.status_code, "error" in answer.json()) == (400, True)


async def test_keys_are_made_listed_renamed_and_revoked(desk: Desk) -> None:
    made = (await desk.client.post("/api/v1/keys", json={"name": "laptop"})).json()["key"]
    assert set(made) == {"id", "name", "key", "created_at", "scope"}
    assert made["key"].startswith("dt_")
    listed = (await desk.client.get("/api/v1/keys")).json()["keys"]
    assert [set(key) for key in listed] == [{"id", "name", "key_prefix", "last_used_at", "created_at", "scope"}] * 2
    assert listed[1]["key_prefix"] == made["key"][:12]
    assert made["key"] not in json.dumps(listed)
    path = f"/api/v1/keys/{made['id']}"
    assert (await desk.client.patch(path, json={"name": "desk"})).json() == {"message": "Key renamed", "name": "desk"}
    headers = {"X-API-Key": made["key"]}
    async with desk.stranger() as stranger:
        assert (await stranger.get("/api/v1/user/me", headers=headers)).status_code == 200
        assert (await desk.client.delete(path)).json() == {"message": "API key deleted"}
        assert (await stranger.get("/api/v1/user/me", headers=headers)).status_code == 401
    for answer in (await desk.client.delete(path), await desk.client.patch(path, json={"name": "x"})):
        assert (answer.status_code, answer.json()) == (404, {"error": "Key not found"})


async def test_a_key_made_without_a_body_has_a_name_all_the_same(desk: Desk) -> None:
    assert (await desk.client.post("/api/v1/keys")).json()["key"]["name"] == "Default Key"


@pytest.mark.parametrize("asked", [{"name": "n" * 200}, {"name": 5}, {"scope": "root"}, []])
async def test_a_key_that_cannot_be_is_refused(desk: Desk, asked: Any) -> None:
    answer = await desk.client.post("/api/v1/keys", json=asked)
    assert (answer.status_code, "error" in answer.json()) == (400, True)


async def test_a_key_cannot_be_seen_or_revoked_by_another_or_made_by_one_that_may_not(desk: Desk) -> None:
    made = (await desk.client.post("/api/v1/keys", json={})).json()["key"]
    _, other = await desk.make_user("eve")
    headers = {"Authorization": f"Bearer {other}"}
    assert (await desk.client.delete(f"/api/v1/keys/{made['id']}", headers=headers)).status_code == 404
    for scope in ("read", "ingest"):
        limited = {"Authorization": f"Bearer {await desk.make_key(scope)}"}
        assert (await desk.client.post("/api/v1/keys", json={}, headers=limited)).status_code == 403


@pytest.mark.parametrize("key_id", ["x", "11144ce4-b5fb-4960-b4e1-be3eda4dfac0"])
async def test_an_unknown_key_is_not_found(desk: Desk, key_id: str) -> None:
    answer = await desk.client.delete(f"/api/v1/keys/{key_id}")
    assert (answer.status_code, "error" in answer.json()) == (404, True)


async def test_the_json_export_has_the_documented_fields_and_can_be_imported_without_loss(desk: Desk) -> None:
    await desk.client.post("/api/v1/heartbeats", json=ROWS)
    answer = await desk.client.get("/api/v1/export/json")
    assert answer.headers["content-disposition"] == 'attachment; filename="devtime_export.json"'
    exported = answer.json()
    assert list(exported) == ["heartbeats", "exported_at"]
    assert {name: exported["heartbeats"][0][name] for name in list(exported["heartbeats"][0])[:8]} == {
        "time": "2026-01-15T11:55:00Z",
        "project": "engine",
        "file": "src/a,b.rs",
        "language": "rust",
        "branch": "main",
        "duration": 60,
        "is_write": True,
        "editor": "VS Code",
    }
    _, key = await desk.make_user("eve")
    headers = {"Authorization": f"Bearer {key}"}
    imported = await desk.client.post("/api/v1/import", json=exported["heartbeats"], headers=headers)
    assert imported.json() == {"status": "ok", "inserted": 3}
    assert (await desk.client.get("/api/v1/export/json", headers=headers)).json() == exported
    assert (await desk.client.post("/api/v1/import", json=exported["heartbeats"])).json()["duplicates"] == 3


async def test_the_csv_export_begins_with_the_documented_columns_and_survives_quotes(desk: Desk) -> None:
    await desk.client.post("/api/v1/heartbeats", json=ROWS)
    answer = await desk.client.get("/api/v1/export/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert answer.text.startswith("time,project,file,language,branch,duration_seconds,is_write,editor,")
    assert [row["file"] for row in rows] == ["src/a,b.rs", 'quote"d.rs', ""]
    assert rows[1]["project"] == "'=cmd()"
    assert rows[0]["duration_seconds"] == "60"


async def test_an_export_can_be_cut(desk: Desk) -> None:
    await desk.client.post("/api/v1/heartbeats", json=ROWS)
    query = "start=2026-01-15T11:56:00Z&end=2026-01-15T11:58:20Z"
    found = (await desk.client.get(f"/api/v1/export/json?{query}")).json()["heartbeats"]
    assert [row["project"] for row in found] == ["=cmd()"]
    assert (await desk.client.get("/api/v1/export/json?start=2027-01-01")).json()["heartbeats"] == []
    answer = await desk.client.get("/api/v1/export/csv?start=nonsense")
    assert (answer.status_code, answer.json()["error"][:5]) == (400, "start")


async def test_the_server_is_well_and_says_so_to_anybody(desk: Desk) -> None:
    async with desk.stranger() as stranger:
        answer = await stranger.get("/api/v1/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "healthy",
            "services": {"database": "up", "redis": "down"},
            "version": __version__,
            "timestamp": "2026-01-15T12:00:00Z",
        },
    )


async def test_without_its_database_the_server_says_that_it_is_not_well(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(Database, "fetchval", refuse)
    async with desk.stranger() as stranger:
        answer = await stranger.get("/api/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert answer.json()["services"]["database"] == "down"


async def test_what_does_not_exist_is_told_in_the_same_shape(desk: Desk) -> None:
    answer = await desk.client.get("/api/v1/nothing/here")
    assert (answer.status_code, "error" in answer.json()) == (404, True)
