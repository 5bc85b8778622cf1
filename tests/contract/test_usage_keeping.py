"""What becomes of AI usage with the rest of an account: deleted, veiled, kept for so long, taken along."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from desk import NOON_MS, Desk
from devtime.activity.imports import run_imports
from devtime.activity.settings import lock_user
from devtime.server.usage_rules import lock_usage
from devtime.usage.importing import UsageImport
from devtime.usage.sums import verify_usage
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS
from devtime.worker.activity import apply_retention
from devtime.worker.loop import Work

DAY_MS = 86_400_000


def event(days_ago: int, /, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(days_ago),
        "agent": "claude",
        "model": "m",
        "time_ms": NOON_MS - days_ago * DAY_MS,
        "session": "s",
        "project": "orbit",
        "branch": "main",
        "folder": "-home-ada-orbit",
        "output_tokens": 20,
        **fields,
    }


async def send(desk: Desk, *events: dict[str, Any], machine: str = "laptop") -> None:
    answer = await desk.client.post("/api/usage/events", json={"machine": machine, "events": events})
    assert answer.json()["inserted"] == len(events), answer.text


async def fetch_all(desk: Desk, key: str = "") -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {key}"} if key else None
    answer = await desk.client.get("/api/usage/events?range=all&limit=1000", headers=headers)
    assert answer.status_code == 200
    events = answer.json()["events"]
    totals = (await desk.client.get("/api/usage?range=all", headers=headers)).json()["totals"]
    assert totals["events"] == len(events)
    async with desk.parts.database.transaction() as connection:
        for row in await connection.fetch("SELECT id FROM users"):
            await lock_user(connection, row[0])
            assert (await verify_usage(connection, row[0])).problems == []
    return events


async def keys(desk: Desk) -> list[str]:
    return [each["key"] for each in await fetch_all(desk)]


async def test_deleting_days_deletes_their_usage(desk: Desk) -> None:
    await send(desk, *(event(place) for place in range(5)), event(9, time_ms=NOON_MS - DAY_MS, project="tide"))
    form = {"start": "2026-01-13", "end": "2026-01-14", "confirm": "delete", "project": "orbit"}
    answer = await desk.client.post("/settings/data/delete", data=form)
    assert answer.status_code == 303
    assert await keys(desk) == ["0", "9", "3", "4"]
    form = {"start": "2026-01-01", "end": "2026-01-14", "confirm": "delete"}
    assert (await desk.client.post("/settings/data/delete", data=form)).status_code == 303
    assert await keys(desk) == ["0"]


async def test_deleting_an_account_deletes_its_usage_and_no_others(desk: Desk) -> None:
    _, key = await desk.make_user("bob")
    await send(desk, event(1))
    headers = {"Authorization": f"Bearer {key}"}
    await desk.client.post("/api/usage/events", json={"machine": "m", "events": [event(1)]}, headers=headers)
    answer = await desk.client.post("/settings/delete", data={"confirm_username": "bob"}, headers=headers)
    assert answer.status_code == 303
    for table in ("usage_events", "usage_contexts", "usage_rates", "usage_slots"):
        assert await desk.parts.database.fetchval(f"SELECT count(*) FROM {table}") == 1
    assert await keys(desk) == ["1"]


async def test_privacy_applied_to_the_past_covers_usage(desk: Desk) -> None:
    await send(desk, event(1), event(2, project="secret-work"), event(3, project="", folder="secret-place"))
    form = {"branch_privacy": "hash", "file_privacy": "drop", "exclude_projects": "secret-*"}
    assert (await desk.client.post("/settings/privacy", data=form)).status_code == 303
    assert await keys(desk) == ["1", "2", "3"]
    assert (await desk.client.post("/settings/privacy", data=form | {"apply_to_past": "1"})).status_code == 303
    [kept] = await fetch_all(desk)
    assert (kept["key"], kept["folder"], len(kept["branch"])) == ("1", "", 16)
    assert await desk.parts.database.fetchval("SELECT count(*) FROM usage_contexts") == 1
    again = await desk.client.post("/api/usage/events", json={"machine": "laptop", "events": [event(1), event(4)]})
    assert (again.json()["inserted"], again.json()["duplicates"]) == (1, 1)
    assert {each["branch"] for each in await fetch_all(desk)} == {kept["branch"]}


async def test_usage_is_kept_as_long_as_heartbeats_are(desk: Desk) -> None:
    await send(desk, *(event(place) for place in (0, 6, 7, 8, 20)))
    await desk.parts.database.execute("UPDATE activity_settings SET retention_days = 7")
    parts = desk.parts
    work = Work(parts.settings, parts.database, parts.ingest, desk.clock, None, lambda: False)
    await apply_retention(work)
    assert await keys(desk) == ["0", "6", "7"]


RICH = [
    event(1, key="-9223372036854775808", rank=str(2**63 - 1)),
    event(2, cost_nusd=0, speed="fast", tier="batch", region="us", provider="anthropic", is_sidechain=True),
    event(3, cost_nusd=MOST_COST_NUSD, is_model_guessed=True, project='a"b\n=1+1', branch="", folder=""),
    event(4, **dict.fromkeys(("input_tokens", "cache_read_tokens", "cache_write_tokens"), MOST_TOKENS)),
    event(5, cache_write_1h_tokens=3, extra_tokens=4, reasoning_tokens=5, web_searches=6, output_tokens=0),
]


async def _import(desk: Desk, content: bytes, key: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    answer = await desk.client.post("/api/imports", content=content, headers=headers)
    assert answer.status_code == 202
    usage = UsageImport(desk.parts.database, lock_usage)
    await run_imports(desk.parts.database, desk.parts.ingest, desk.clock, more=usage)
    return (await desk.client.get(f"/api/imports/{answer.json()['id']}", headers=headers)).json()


async def test_an_archive_takes_all_usage_along_and_nothing_is_lost(desk: Desk) -> None:
    await send(desk, *RICH)
    await send(
        desk, *(event(0, key=str(1_000 + place), time_ms=NOON_MS - place) for place in range(1_500)), machine="desk"
    )
    archive = (await desk.client.get("/api/export/archive")).content
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        lines = opened.read("usage.jsonl").splitlines()
        assert json.loads(lines[0])["format"] == "devtime-usage"
        assert len(lines) == 1 + 1_505
        assert b"usage.jsonl" in opened.read("README.txt")
    bob, key = await desk.make_user("bob")
    done = await _import(desk, archive, key)
    assert (done["state"], done["inserted"], done["rejected"]) == ("done", 1_505, 0), done
    told = """
        SELECT e.*, c.*, r.* FROM usage_events e
        JOIN usage_contexts c ON (c.user_id, c.id) = (e.user_id, e.context_id)
        JOIN usage_rates r ON (r.user_id, r.id) = (e.user_id, e.rate_id)
        WHERE e.user_id = $1 ORDER BY e.key
    """
    mine = [
        [value for value in row if value != desk.user.id] for row in await desk.parts.database.fetch(told, desk.user.id)
    ]
    theirs = [[value for value in row if value != bob.id] for row in await desk.parts.database.fetch(told, bob.id)]
    assert mine == theirs
    assert len(mine) == 1_505
    again = await _import(desk, archive, key)
    assert (again["inserted"], again["duplicates"]) == (0, 1_505)


async def test_a_damaged_line_of_an_archive_is_told_and_costs_no_other(desk: Desk) -> None:
    await send(desk, event(1), event(2))
    archive = (await desk.client.get("/api/export/archive")).content
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in opened.namelist():
            content = opened.read(name)
            if name == "usage.jsonl":
                content += b'{"key":"1"}\nnonsense\n[1]\n\n' + b'{"a":' * 20_000 + b"\n" + b"x" * 3_000_000 + b"\n"
                content += json.dumps(event(7) | {"machine": "m\ud800"}).encode()
            changed.writestr(name, content)
    _, key = await desk.make_user("bob")
    done = await _import(desk, made.getvalue(), key)
    assert (done["state"], done["inserted"], done["rejected"]) == ("done", 3, 5), done
    assert len(done["reasons"]) == 5
    assert len(await fetch_all(desk, key)) == 3
