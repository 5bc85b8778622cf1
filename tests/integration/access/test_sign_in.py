"""Signing in and out in a browser: passwords, cookies, sessions, and requests other sites make a browser send."""

from __future__ import annotations

import asyncio
import re

import pytest
from argon2 import PasswordHasher

from devtime.accounts.members import disable_account, enable_account
from devtime.accounts.passwords import Passwords
from devtime.accounts.policy import change_policy
from devtime.accounts.sessions import LASTS_MS, list_sessions, revoke_sessions
from devtime.accounts.users import list_members
from devtime.kernel.clock import now_ms
from devtime.server.credentials import Shown
from devtime.server.limits import Limits
from devtime.store.address import Address
from serving import ORIGIN, PASSWORD, Served, serving

FROM_HERE = {"Origin": ORIGIN}
UNSAFE = {
    "another site": {"Origin": "https://evil.example"},
    "another port": {"Origin": f"{ORIGIN}:8080"},
    "a sandboxed frame": {"Origin": "null"},
    "nowhere": {},
    "another site, as the browser says": {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    "a neighbour, as the browser says": {"Sec-Fetch-Site": "same-site"},
}


async def _log_in(served: Served, **more: str) -> str:
    """Sign in as ada; answers the Set-Cookie header."""
    form = {"username": "ada", "password": PASSWORD, **more}
    answer = await served.client.post("/login", data=form, headers=FROM_HERE)
    assert answer.status_code == 303, answer.text
    return answer.headers["set-cookie"]


async def test_the_right_password_signs_in_and_goes_where_one_wanted(served: Served) -> None:
    await served.user(password=PASSWORD)
    asked = await served.client.get("/page?a=1&b=2", follow_redirects=False)
    assert asked.status_code == 303
    assert asked.headers["location"] == "/login?next=/page%3Fa%3D1%26b%3D2"
    form = {"username": " Ada ", "password": PASSWORD, "next": "/page?a=1&b=2"}
    answer = await served.client.post("/login", data=form, headers=FROM_HERE, follow_redirects=False)
    assert answer.headers["location"] == "/page?a=1&b=2"
    page = await served.client.get("/page")
    assert page.status_code == 200
    assert "ada" in page.text


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(served: Served) -> None:
    await served.user(password=PASSWORD)
    cookie = (await _log_in(served)).lower()
    assert cookie.startswith("devtime_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


async def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(database_address: Address) -> None:
    async with serving(database_address, base_url="https://testserver.local") as served:
        await served.user(password=PASSWORD)
        form = {"username": "ada", "password": PASSWORD}
        headers = {"Origin": "https://testserver.local"}
        answer = await served.client.post("/login", data=form, headers=headers, follow_redirects=False)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-devtime_session=")
        assert "secure" in cookie.lower()
        assert answer.headers["strict-transport-security"]


@pytest.mark.parametrize(("is_trusted", "name"), [(True, "__Host-devtime_session"), (False, "devtime_session")])
async def test_only_a_trusted_proxy_says_that_it_was_https(
    database_address: Address, is_trusted: bool, name: str
) -> None:
    async with serving(database_address, trust_proxy=is_trusted) as served:
        await served.user(password=PASSWORD)
        headers = {**FROM_HERE, "X-Forwarded-Proto": "https"}
        form = {"username": "ada", "password": PASSWORD}
        answer = await served.client.post("/login", data=form, headers=headers, follow_redirects=False)
        assert answer.headers["set-cookie"].startswith(f"{name}=")


WRONG_LOGINS: list[dict[str, str]] = [
    {"username": "ada", "password": "not the password"},
    {"username": "nobody", "password": PASSWORD},
    {"username": "nobody@example.com", "password": PASSWORD},
    {"username": "ada\x00", "password": PASSWORD},
    {"username": "owner", "password": ""},
    {"username": "<script>alert(1)</script>", "password": "x"},
    {},
]


async def test_wrong_credentials_are_told_apart_by_nobody(served: Served) -> None:
    await served.owner()
    await served.user(password=PASSWORD)
    for form in WRONG_LOGINS:
        answer = await served.client.post("/login", data=form, headers=FROM_HERE, follow_redirects=False)
        assert answer.status_code == 400, form
        assert "The user name or the password is wrong." in answer.text
        assert "set-cookie" not in answer.headers
        assert "<script>alert" not in answer.text


async def test_a_name_nobody_has_costs_the_same_hashing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    await served.user(password=PASSWORD)
    hashed: list[str] = []
    verify = Passwords.verify

    async def counting(self: Passwords, stored: str | None, password: str) -> bool:
        hashed.append("known" if stored else "unknown")
        return await verify(self, stored, password)

    monkeypatch.setattr(Passwords, "verify", counting)
    for name in ("ada", "nobody"):
        await served.client.post("/login", data={"username": name, "password": "wrong wrong"}, headers=FROM_HERE)
    assert hashed == ["known", "unknown"]


async def test_signing_in_begins_a_new_session_and_ends_the_one_the_browser_came_with(served: Served) -> None:
    eve, ada = await served.user("eve"), await served.user("ada", password=PASSWORD)
    planted = await served.cookie(eve.id)
    form = {"username": "ada", "password": PASSWORD}
    answer = await served.client.post("/login", data=form, headers={**planted, **FROM_HERE}, follow_redirects=False)
    assert answer.status_code == 303
    assert planted["Cookie"].partition("=")[2] not in answer.headers["set-cookie"]
    assert await list_sessions(served.database, eve.id) == []
    assert len(await list_sessions(served.database, ada.id)) == 1
    served.client.cookies.clear()
    assert (await served.client.get("/api/who", headers=planted)).status_code == 401


async def test_a_session_id_made_up_by_an_attacker_is_never_taken_over(served: Served) -> None:
    ada = await served.user(password=PASSWORD)
    chosen = f"{ada.id.hex}.{'A' * 43}"
    form = {"username": "ada", "password": PASSWORD}
    headers = {**FROM_HERE, "Cookie": f"devtime_session={chosen}"}
    answer = await served.client.post("/login", data=form, headers=headers, follow_redirects=False)
    assert chosen not in answer.headers["set-cookie"]
    served.client.cookies.clear()
    refused = await served.client.get("/api/who", headers={"Cookie": f"devtime_session={chosen}"})
    assert refused.status_code == 401


ELSEWHERE = ["https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nX: y", "javascript:x"]


async def test_after_signing_in_nobody_is_sent_to_another_site(served: Served) -> None:
    await served.user(password=PASSWORD)
    for target in ELSEWHERE:
        form = {"username": "ada", "password": PASSWORD, "next": target}
        answer = await served.client.post("/login", data=form, headers=FROM_HERE, follow_redirects=False)
        assert answer.headers["location"] == "/", target


async def test_signing_out_ends_the_session_everywhere(served: Served) -> None:
    ada = await served.user()
    cookie = await served.cookie(ada.id)
    assert (await served.client.get("/api/who", headers=cookie)).status_code == 200
    answer = await served.client.post("/logout", headers=cookie, follow_redirects=False)
    assert answer.headers["location"] == "/login"
    assert 'devtime_session=""' in answer.headers["set-cookie"] or "devtime_session=;" in answer.headers["set-cookie"]
    assert (await served.client.get("/api/who", headers=cookie)).status_code == 401


async def test_a_session_counts_for_changes_only_from_pages_of_this_server(served: Served) -> None:
    ada = await served.user()
    cookie = {"Cookie": (await served.cookie(ada.id))["Cookie"]}
    for where, told in UNSAFE.items():
        headers = {**cookie, **told}
        for path in ("/api/change", "/api/keys", "/api/auth/token", "/logout", "/login"):
            answer = await served.client.post(path, headers=headers, json={}, follow_redirects=False)
            assert answer.status_code == 403, (path, where)
        assert (await served.client.get("/api/who", headers=headers)).status_code == 200
    assert len(await list_sessions(served.database, ada.id)) == 1


async def test_a_key_counts_wherever_the_request_comes_from(served: Served) -> None:
    ada = await served.user()
    key = await served.key(ada.id)
    headers = {"Authorization": f"Bearer {key.secret}", "Origin": "https://elsewhere.example"}
    assert (await served.client.post("/api/change", headers=headers)).status_code == 200


async def test_a_disabled_account_is_let_in_by_nothing(served: Served) -> None:
    owner, ada = await served.owner(), await served.user(password=PASSWORD)
    key, cookie = await served.key(ada.id), await served.cookie(ada.id)
    bearer = {"Authorization": f"Bearer {key.secret}"}
    for headers in (bearer, cookie):
        assert (await served.client.get("/api/who", headers=headers)).status_code == 200
    await disable_account(served.database, owner.id, ada.id)
    served.parts.identities.forget(ada.id)
    for headers in (bearer, cookie):
        assert (await served.client.get("/api/who", headers=headers)).status_code == 401
    form = {"username": "ada", "password": PASSWORD}
    answer = await served.client.post("/login", data=form, headers=FROM_HERE, follow_redirects=False)
    assert answer.status_code == 400
    await enable_account(served.database, owner.id, ada.id)
    served.parts.identities.forget(ada.id)
    assert (await served.client.get("/api/who", headers=bearer)).status_code == 200
    assert (await served.client.get("/api/who", headers=cookie)).status_code == 401


async def test_a_session_ends_thirty_days_after_it_was_last_used(served: Served) -> None:
    ada = await served.user()
    cookie = await served.cookie(ada.id)
    before = (await list_sessions(served.database, ada.id))[0]
    assert before.expires_ms - before.created_ms == LASTS_MS
    await asyncio.sleep(0.01)
    assert (await served.client.get("/api/who", headers=cookie)).status_code == 200
    await served.parts.identities.note_use()
    after = (await list_sessions(served.database, ada.id))[0]
    assert after.last_seen_ms > before.last_seen_ms
    assert after.expires_ms == after.last_seen_ms + LASTS_MS
    await served.database.execute("UPDATE web_sessions SET expires_at = $1", now_ms() - 1)
    served.parts.identities.forget_all()
    assert (await served.client.get("/api/who", headers=cookie)).status_code == 401


async def test_only_digests_of_secrets_are_stored(served: Served) -> None:
    ada = await served.user(password=PASSWORD)
    key = await served.key(ada.id)
    value = (await served.cookie(ada.id))["Cookie"].partition("=")[2]
    secrets = [PASSWORD, key.secret, key.secret[13:], value.partition(".")[2]]
    tables = await served.database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'devtime'")
    for table in tables:
        rows = await served.database.fetch(f'SELECT t::text FROM "{table[0]}" t')
        for row in rows:
            assert not any(secret in row[0] for secret in secrets), table[0]


async def test_the_same_address_may_not_guess_for_ever(served: Served) -> None:
    await served.user(password=PASSWORD)
    statuses: list[int] = []
    for _ in range(8):
        form = {"username": "ada", "password": "wrong wrong wrong"}
        answer = await served.client.post("/login", data=form, headers=FROM_HERE)
        statuses.append(answer.status_code)
    assert statuses == [400] * 5 + [429] * 3
    assert int(answer.headers["retry-after"]) >= 1
    form = {"username": "ada", "password": PASSWORD, "X-Forwarded-For": "1.2.3.4"}
    headers = {**FROM_HERE, "X-Forwarded-For": "10.1.2.3"}
    assert (await served.client.post("/login", data=form, headers=headers)).status_code == 429


async def test_an_old_password_hash_is_renewed_at_the_next_sign_in(served: Served) -> None:
    cheap = "$argon2id$v=19$m=8,t=1,p=1$"
    ada = await served.user()
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert weak.startswith(cheap)
    await served.database.execute("UPDATE users SET password_hash = $2 WHERE id = $1", ada.id, weak)
    await _log_in(served)
    assert not (await served.database.fetchval("SELECT password_hash FROM users WHERE id = $1", ada.id)).startswith(
        cheap
    )


async def test_ending_the_other_sessions_keeps_this_one(served: Served) -> None:
    ada = await served.user()
    here, there = await served.cookie(ada.id), await served.cookie(ada.id)
    who = await served.parts.identities.identify(_shown(here))
    assert who is not None
    await revoke_sessions(served.database, ada.id, keep=who.session_digest or b"")
    served.parts.identities.forget(ada.id)
    assert (await served.client.get("/api/who", headers=here)).status_code == 200
    assert (await served.client.get("/api/who", headers=there)).status_code == 401


def _shown(cookie: dict[str, str]) -> Shown:
    return Shown(None, re.sub("^[^=]*=", "", cookie["Cookie"]))


HOSTILE_BODIES = {
    "not text": (b"username=%ff%fe&password=%ff\xff", "application/x-www-form-urlencoded"),
    "a NUL": (
        b"username=ada%00&password=%00%00%00%00%00%00%00%00%00%00&token=%00",
        "application/x-www-form-urlencoded",
    ),
    "surrogates": (b"username=%ed%a0%80&password=%ed%a0%80aaaaaaaaaaaa", "application/x-www-form-urlencoded"),
    "many fields": (b"&".join(b"f%d=1" % n for n in range(20_000)), "application/x-www-form-urlencoded"),
    "JSON": (b'{"username": ["ada"], "password": {}}', "application/json"),
    "a broken multipart": (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    "a multipart without boundary": (b"--x\r\n", "multipart/form-data"),
    "a file for a field": (
        b'--x\r\nContent-Disposition: form-data; name="username"; filename="a"\r\n\r\nada\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "a lot": (b"username=" + b"a" * 5_000_000, "application/x-www-form-urlencoded"),
    "nothing": (b"", ""),
}


async def test_forms_take_any_bytes_without_a_fault(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "open")
    monkeypatch.setattr(Limits, "take_login", lambda *_: None)
    for path in ("/login", "/welcome", "/signup"):
        for name, (body, kind) in HOSTILE_BODIES.items():
            headers = {**FROM_HERE, "Content-Type": kind}
            answer = await served.client.post(path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (path, name, answer.status_code, answer.text[:300])
    assert len(await list_members(served.database)) == 1
