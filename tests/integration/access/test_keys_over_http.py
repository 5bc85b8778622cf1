"""`/api/auth/token` and `/api/keys`: making keys, listing, renaming and revoking them."""

from __future__ import annotations

import re
from uuid import UUID

from devtime.accounts.keys import MOST_KEYS
from serving import PASSWORD, Served, bearer


async def test_a_password_gets_a_key(served: Served) -> None:
    ada = await served.user(password=PASSWORD)
    await served.database.execute("UPDATE users SET email = 'ada@example.com' WHERE id = $1", ada.id)
    for who in ({"username": "ada"}, {"email": "Ada@Example.com"}, {"username": "ada@example.com"}):
        answer = await served.client.post("/api/auth/token", json={**who, "password": PASSWORD, "name": "laptop"})
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert re.fullmatch(r"dt_[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", told["key"])
        assert told["token"] == told["key"]
        assert UUID(told["uuid"]).version == 4
        assert (told["name"], told["scope"], told["prefix"]) == ("laptop", "full", told["key"][:12])
        who_am_i = await served.client.get("/api/who", headers=bearer(told["uuid"]))
        assert who_am_i.json()["user"] == "ada"


async def test_a_wrong_password_gets_none_and_is_counted(served: Served) -> None:
    await served.user(password=PASSWORD)
    body = {"username": "ada", "password": "wrong wrong wrong"}
    statuses = [(await served.client.post("/api/auth/token", json=body)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert (await served.client.post("/api/auth/token", json={"password": PASSWORD})).status_code == 400
    assert (await served.client.post("/api/auth/token", json={})).status_code == 401
    assert (await served.client.post("/api/auth/token")).status_code == 401


async def test_a_session_or_a_full_key_gets_a_key_without_password(served: Served) -> None:
    ada = await served.user()
    full, ingest = await served.key(ada.id), await served.key(ada.id, "ingest")
    for headers in (await served.cookie(ada.id), bearer(full.secret)):
        answer = await served.client.post("/api/auth/token", headers=headers, json={"scope": "ingest"})
        assert answer.status_code == 201
        assert answer.json()["scope"] == "ingest"
        assert (await served.client.post("/api/auth/token", headers=headers)).status_code == 201
    assert (await served.client.post("/api/auth/token", headers=bearer(ingest.secret))).status_code == 403


async def test_a_key_is_told_once_and_listed_by_how_it_begins(served: Served) -> None:
    ada = await served.user()
    cookie = await served.cookie(ada.id)
    made = await served.client.post("/api/keys", headers=cookie, json={"name": "<b>zed</b>", "scope": "read"})
    assert made.status_code == 201
    listing = await served.client.get("/api/keys", headers=cookie)
    assert made.json()["key"] not in listing.text
    (listed,) = listing.json()["keys"]
    assert listed == {
        "id": made.json()["id"],
        "name": "<b>zed</b>",
        "prefix": made.json()["key"][:12],
        "scope": "read",
        "created_at": made.json()["created_at"],
        "last_used_at": None,
    }


async def test_when_a_key_was_last_used_is_noted_later(served: Served) -> None:
    ada = await served.user()
    key = await served.key(ada.id)
    for _ in range(3):
        await served.client.get("/api/who", headers=bearer(key.secret))
    assert (await served.client.get("/api/keys", headers=bearer(key.secret))).json()["keys"][0]["last_used_at"] is None
    await served.parts.identities.note_use()
    assert (await served.client.get("/api/keys", headers=bearer(key.secret))).json()["keys"][0]["last_used_at"]


async def test_a_revoked_key_is_refused_at_once(served: Served) -> None:
    ada = await served.user()
    key, other = await served.key(ada.id), await served.key(ada.id)
    assert (await served.client.get("/api/who", headers=bearer(key.secret))).status_code == 200
    answer = await served.client.delete(f"/api/keys/{key.key.id}", headers=bearer(other.secret))
    assert answer.status_code == 204
    assert (await served.client.get("/api/who", headers=bearer(key.secret))).status_code == 401
    assert (await served.client.get("/api/who", headers=bearer(other.secret))).status_code == 200
    assert (await served.client.delete(f"/api/keys/{key.key.id}", headers=bearer(other.secret))).status_code == 404


async def test_a_key_gets_another_name(served: Served) -> None:
    ada = await served.user()
    key = await served.key(ada.id)
    headers = bearer(key.secret)
    renamed = await served.client.patch(f"/api/keys/{key.key.id}", headers=headers, json={"name": " new "})
    assert renamed.json()["keys"][0]["name"] == "new"
    for name in ("", " ", "a\x00b", "x" * 129):
        answer = await served.client.patch(f"/api/keys/{key.key.id}", headers=headers, json={"name": name})
        assert answer.status_code == 400, name
        assert answer.json()["errors"][0]["field"] == "name"


async def test_nobody_reaches_the_keys_of_others(served: Served) -> None:
    ada, eve = await served.user("ada"), await served.user("eve")
    hers, mine = await served.key(ada.id), await served.key(eve.id)
    headers = bearer(mine.secret)
    assert (await served.client.delete(f"/api/keys/{hers.key.id}", headers=headers)).status_code == 404
    renamed = await served.client.patch(f"/api/keys/{hers.key.id}", headers=headers, json={"name": "x"})
    assert renamed.status_code == 404
    assert len((await served.client.get("/api/keys", headers=headers)).json()["keys"]) == 1
    assert (await served.client.get("/api/who", headers=bearer(hers.secret))).status_code == 200


async def test_keys_do_not_multiply_without_end(served: Served) -> None:
    ada = await served.user()
    cookie = await served.cookie(ada.id)
    await served.database.execute(
        "INSERT INTO api_keys (user_id, id, key_prefix, key_hash) "
        "SELECT $1, gen_random_uuid(), 'dt_', '' FROM generate_series(1, $2)",
        ada.id,
        MOST_KEYS,
    )
    answer = await served.client.post("/api/keys", headers=cookie, json={})
    assert answer.status_code == 409
    assert "Maximum 100 API keys" in answer.json()["detail"]


async def test_a_wrong_scope_names_the_field(served: Served) -> None:
    ada = await served.user()
    answer = await served.client.post("/api/keys", headers=await served.cookie(ada.id), json={"scope": "admin"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "scope"


async def test_a_key_is_limited_by_itself_and_by_no_header(served: Served) -> None:
    ada = await served.user()
    one, other = await served.key(ada.id), await served.key(ada.id)
    statuses = [
        (await served.client.post("/api/ingest", headers={**bearer(one.secret), "X-Forwarded-For": f"10.0.0.{n % 9}"}))
        for n in range(102)
    ]
    assert [answer.status_code for answer in statuses[:100]] == [200] * 100
    late = statuses[-1]
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 60
    assert late.headers["content-type"] == "application/problem+json"
    assert (await served.client.post("/api/v1/ingest", headers=bearer(one.secret))).headers["retry-after"]
    assert (await served.client.post("/api/ingest", headers=bearer(other.secret))).status_code == 200
