"""Every way clients send a key, and every way a key can be wrong."""

from __future__ import annotations

import base64

from devtime.accounts.keys import spell_uuid
from serving import Served, bearer


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "bearer": lambda key: {"headers": {"Authorization": f"Bearer {key}"}},
    "bearer in lower case": lambda key: {"headers": {"Authorization": f"bearer {key}"}},
    "bearer of base64": lambda key: {"headers": {"Authorization": f"Bearer {_base64(key)}"}},
    "basic without colon": lambda key: {"headers": {"Authorization": f"Basic {_base64(key)}"}},
    "basic with colon after": lambda key: {"headers": {"Authorization": f"Basic {_base64(key + ':')}"}},
    "basic with colon before": lambda key: {"headers": {"Authorization": f"Basic {_base64(':' + key)}"}},
    "basic without padding": lambda key: {"headers": {"Authorization": f"Basic {_base64(key).rstrip('=')}"}},
    "x-api-key": lambda key: {"headers": {"X-API-Key": key}},
    "query": lambda key: {"params": {"api_key": key}},
}

SPELLINGS = {
    "as made": str,
    "as a UUID": spell_uuid,
    "as a UUID in capitals": lambda key: spell_uuid(key).upper(),
    "bare": lambda key: key.removeprefix("dt_"),
    "with waka_": lambda key: f"waka_{spell_uuid(key)}",
    "in capitals": str.upper,
}


async def test_a_key_is_read_in_every_form_clients_send_it(served: Served) -> None:
    user = await served.user()
    key = await served.key(user.id)
    for form, send in FORMS.items():
        for spelling, spell in SPELLINGS.items():
            answer = await served.client.get("/api/who", **send(spell(key.secret)))
            assert answer.status_code == 200, (form, spelling)
            assert answer.json()["user"] == "ada"


async def test_a_key_nobody_has_is_refused_in_every_form(served: Served) -> None:
    await served.user()
    for form, send in FORMS.items():
        answer = await served.client.get("/api/who", **send("dt_" + "0" * 32))
        assert answer.status_code == 401, form
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "Invalid API key"


NO_KEYS: list[dict[str, str]] = [
    {"Authorization": "Bearer"},
    {"Authorization": "Basic"},
    {"Authorization": "Basic !!!!"},
    {"Authorization": "Bearer ünïcode".encode("latin-1").decode("latin-1")},
    {"Authorization": "Digest abc"},
    {"Authorization": "x" * 5_000},
    {"X-API-Key": "null"},
    {"Cookie": "devtime_session=abc"},
    {"Cookie": "devtime_session=" + "0" * 32 + "." + "x" * 43},
    {},
]


async def test_what_is_no_key_lets_nobody_in(served: Served) -> None:
    for headers in NO_KEYS:
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = await served.client.get("/api/v1/who", headers=encoded)
        assert answer.status_code == 401, headers
        assert set(answer.json()) == {"error"}


async def test_a_key_that_begins_like_another_is_refused(served: Served) -> None:
    user = await served.user()
    key = await served.key(user.id)
    forged = key.secret[:-1] + ("0" if key.secret[-1] != "0" else "1")
    for _ in range(2):
        assert (await served.client.get("/api/who", headers=bearer(forged))).status_code == 401
    assert (await served.client.get("/api/who", headers=bearer(key.secret))).status_code == 200


async def test_credentials_of_a_proxy_in_front_do_not_hide_the_session(served: Served) -> None:
    user = await served.user()
    cookie = await served.cookie(user.id)
    headers = {**cookie, "Authorization": f"Basic {_base64('nginx:secret')}"}
    assert (await served.client.get("/api/who", headers=headers)).json()["user"] == "ada"


async def test_a_wrong_key_is_refused_even_beside_a_good_session(served: Served) -> None:
    user = await served.user()
    headers = {**await served.cookie(user.id), **bearer("dt_" + "a" * 32)}
    assert (await served.client.get("/api/who", headers=headers)).status_code == 401
