"""`/api/imports` and `/api/export`: files in, files out, over HTTP."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import pytest

from desk import NOON_MS, Desk
from devtime.accounts.keys import KeyScope, create_key
from devtime.activity.import_jobs import imports_folder
from devtime.activity.imports import run_imports
from devtime.activity.settings import fetch_settings

NOW_S = NOON_MS // 1000
ROWS = [{"project": "a", "time": NOW_S - 60 * number, "duration": 60} for number in range(1, 31)]
CONTENT = json.dumps(ROWS).encode()


async def _work(desk: Desk) -> None:
    await run_imports(desk.parts.database, desk.parts.ingest, desk.clock)


def _is_problem(answer: Any, status: int) -> bool:
    return (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def _spooled(desk: Desk) -> list[str]:
    return [path.name for path in imports_folder(desk.parts.settings.home).iterdir()]


async def test_a_bare_body_is_taken_in_and_imported_by_the_worker(desk: Desk) -> None:
    answer = await desk.client.post("/api/imports?name=rows.json", content=CONTENT)
    assert answer.status_code == 202
    waiting = answer.json()
    assert (waiting["state"], waiting["name"], waiting["bytes_total"]) == ("waiting", "rows.json", len(CONTENT))
    await _work(desk)
    done = (await desk.client.get(f"/api/imports/{waiting['id']}")).json()
    assert done == waiting | {"state": "done", "read": 30, "inserted": 30, "bytes_read": len(CONTENT)}
    assert (await desk.client.get("/api/imports")).json() == {"imports": [done]}
    assert _spooled(desk) == []
    assert (await desk.client.get("/api/v1/stats/summary")).json()["total_seconds"] == 1_800


@pytest.mark.parametrize("packed", [CONTENT, gzip.compress(CONTENT)], ids=["plain", "gzip"])
async def test_the_file_of_a_form_is_taken_in(desk: Desk, packed: bytes) -> None:
    files = {"file": ("C:\\dumps\\my rows.json", packed, "application/json")}
    answer = await desk.client.post("/api/imports", files=files, data={"kind": "generic", "other": "x"})
    assert (answer.status_code, answer.json()["name"], answer.json()["kind"]) == (202, "my rows.json", "generic")
    await _work(desk)
    assert (await desk.client.get("/api/imports")).json()["imports"][0]["inserted"] == 30


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"", {}),
        (b"--x\r\n\r\n", {"Content-Type": "multipart/form-data"}),
        (b"no form", {"Content-Type": "multipart/form-data; boundary=x"}),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc', {
            "Content-Type": "multipart/form-data; boundary=x"}),
        (b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nauto\r\n--x--\r\n', {
            "Content-Type": "multipart/form-data; boundary=x"}),
        (b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"a" * 5_000 + b"\r\n--x--\r\n", {
            "Content-Type": "multipart/form-data; boundary=x"}),
    ],
    ids=["nothing", "no boundary", "no form", "half a form", "no file", "a long field"],
)  # fmt: skip
async def test_what_is_no_file_is_refused_and_leaves_nothing_behind(
    desk: Desk, content: bytes, headers: dict[str, str]
) -> None:
    answer = await desk.client.post("/api/imports", content=content, headers=headers)
    assert _is_problem(answer, 400)
    assert _spooled(desk) == []
    assert (await desk.client.get("/api/imports")).json() == {"imports": []}


async def test_an_unknown_kind_is_refused_with_the_kinds_there_are(desk: Desk) -> None:
    answer = await desk.client.post("/api/imports?kind=excel", content=CONTENT)
    assert _is_problem(answer, 400)
    assert "wakatime" in answer.json()["detail"]
    assert _spooled(desk) == []


async def test_a_file_that_says_nothing_fails_with_a_reason(desk: Desk) -> None:
    made = (await desk.client.post("/api/imports", content=b"\x89PNG\r\n\x1a\n" * 100)).json()
    await _work(desk)
    failed = (await desk.client.get(f"/api/imports/{made['id']}")).json()
    assert failed["state"] == "failed"
    assert failed["error"]


async def test_bad_rows_are_told_by_their_index(desk: Desk) -> None:
    rows: list[Any] = [*ROWS, {"project": 7}, None]
    made = (await desk.client.post("/api/imports", json=rows)).json()
    await _work(desk)
    done = (await desk.client.get(f"/api/imports/{made['id']}")).json()
    assert (done["inserted"], done["rejected"]) == (30, 2)
    assert [(reason["index"], reason["field"]) for reason in done["reasons"]] == [(30, "project"), (31, "")]


async def test_an_import_that_waits_can_be_deleted(desk: Desk) -> None:
    made = (await desk.client.post("/api/imports", content=CONTENT)).json()
    path = f"/api/imports/{made['id']}"
    assert (await desk.client.delete(path)).status_code == 204
    assert _spooled(desk) == []
    await _work(desk)
    assert (await desk.client.get("/api/v1/stats/summary")).json()["total_seconds"] == 0
    for answer in (await desk.client.get(path), await desk.client.delete(path)):
        assert _is_problem(answer, 404)


async def test_imports_are_one_s_own_and_need_the_right_key(desk: Desk) -> None:
    made = (await desk.client.post("/api/imports", content=CONTENT)).json()
    _, other = await desk.make_user("eve")
    for method in ("GET", "DELETE"):
        answer = await desk.client.request(
            method, f"/api/imports/{made['id']}", headers={"Authorization": f"Bearer {other}"}
        )
        assert _is_problem(answer, 404)
    reading = {"Authorization": f"Bearer {await desk.make_key('read')}"}
    assert _is_problem(await desk.client.post("/api/imports", content=CONTENT, headers=reading), 403)
    async with desk.stranger() as stranger:
        assert _is_problem(await stranger.post("/api/imports", content=CONTENT), 401)
    assert len(_spooled(desk)) == 1


async def test_the_eleventh_import_that_waits_is_refused(desk: Desk) -> None:
    for _ in range(10):
        assert (await desk.client.post("/api/imports", content=CONTENT)).status_code == 202
    assert _is_problem(await desk.client.post("/api/imports", content=CONTENT), 409)
    assert len(_spooled(desk)) == 10


@pytest.mark.parametrize("kind", ["json", "csv", "archive"])
async def test_every_export_of_one_account_can_be_imported_into_another(desk: Desk, kind: str) -> None:
    await desk.client.post("/api/v1/import", content=CONTENT)
    exported = await desk.client.get(f"/api/export/{kind}")
    assert exported.headers["content-disposition"].startswith("attachment")
    _, other = await desk.make_user("eve")
    headers = {"Authorization": f"Bearer {other}"}
    made = await desk.client.post("/api/imports", content=exported.content, headers=headers)
    await _work(desk)
    done = (await desk.client.get(f"/api/imports/{made.json()['id']}", headers=headers)).json()
    assert (done["state"], done["inserted"], done["rejected"]) == ("done", 30, 0)
    for path in ("/api/export/csv", "/api/v1/export/csv"):
        theirs = (await desk.client.get(path, headers=headers)).text
        assert theirs == (await desk.client.get(path)).text


@pytest.mark.parametrize(("scope", "brought"), [("full", 7), ("ingest", None)])
async def test_only_a_key_that_may_choose_settings_brings_those_of_an_archive(
    desk: Desk, scope: KeyScope, brought: int | None
) -> None:
    await desk.client.post("/api/v1/import", content=CONTENT)
    await desk.client.post("/settings/data/retention", data={"retention_days": "7"})
    exported = await desk.client.get("/api/export/archive")
    other, _ = await desk.make_user("eve")
    key = await create_key(desk.parts.database, other.id, scope, scope)
    headers = {"Authorization": f"Bearer {key.secret}"}
    made = await desk.client.post("/api/imports", content=exported.content, headers=headers)
    await _work(desk)
    assert (await desk.client.get(f"/api/imports/{made.json()['id']}", headers=headers)).json()["inserted"] == 30
    assert (await fetch_settings(desk.parts.database, other.id)).retention_days == brought


async def test_the_archive_holds_the_account_and_no_secret(desk: Desk) -> None:
    answer = await desk.client.get("/api/export/archive")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert json.loads(texts["profile.json"])["username"] == "ada"
    assert [key["prefix"] for key in json.loads(texts["keys.json"])] == [desk.key[:12]]
    assert not [name for name, text in texts.items() if desk.key in text or "password" in text]


async def test_an_export_can_be_cut_to_days(desk: Desk) -> None:
    await desk.client.post("/api/v1/import", content=CONTENT)
    for query, count in (
        ("start=2026-01-15&end=2026-01-15", 30),
        ("end=2026-01-14", 0),
        ("start=2026-01-15T11:50:00Z", 10),
    ):
        lines = (await desk.client.get(f"/api/export/json?{query}")).text.splitlines()
        assert len(lines) == 1 + count
    assert _is_problem(await desk.client.get("/api/export/csv?end=never"), 400)


async def test_the_archive_needs_a_key_that_may_do_everything(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {await desk.make_key('read')}"}
    assert _is_problem(await desk.client.get("/api/export/archive", headers=headers), 403)
