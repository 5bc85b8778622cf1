"""How WakaTime's clients show who they are, and what each kind of key may do there."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

import httpx
import pytest

from desk import Desk

BULK = "/api/v1/users/current/heartbeats.bulk"
BAR = "/api/v1/users/current/statusbar/today"


def spell(key: str, form: str) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and query parameters that show the key."""
    packed = b64encode(key.encode()).decode()
    with_colon = b64encode(f"{key}:".encode()).decode()
    return {
        "basic without colon": ({"Authorization": f"Basic {packed}"}, {}),
        "basic with colon": ({"Authorization": f"Basic {with_colon}"}, {}),
        "bearer": ({"Authorization": f"Bearer {key}"}, {}),
        "packed bearer": ({"Authorization": f"Bearer {packed}"}, {}),
        "query": ({}, {"api_key": key}),
    }[form]


@pytest.mark.parametrize("form", ["basic without colon", "basic with colon", "bearer", "packed bearer", "query"])
async def test_a_key_is_read_in_every_form_and_spelling(desk: Desk, form: str) -> None:
    uuid = str(UUID(desk.key.removeprefix("dt_")))
    for key in (desk.key, uuid, uuid.upper(), f"waka_{uuid}"):
        headers, params = spell(key, form)
        async with desk.stranger() as client:
            response = await client.get(BAR, headers=headers, params=params)
            sent = await client.post(BULK, json=[], headers=headers, params=params)
        assert (response.status_code, sent.status_code) == (200, 201), key


async def test_a_key_spelled_as_a_uuid_passes_the_clients_own_check(desk: Desk) -> None:
    answer = await desk.client.get("/api/v1/users/current/get_api_key")
    key = UUID(answer.json()["data"]["api_key"])
    assert (key.version, key.variant) == (4, "specified in RFC 4122")
    async with desk.stranger() as client:
        again = await client.get("/api/v1/users/current", headers={"Authorization": f"Bearer {key}"})
    assert again.json()["data"]["id"] == str(desk.user.id)


@pytest.mark.parametrize("prefix", ["/api/v1", "/api", "/api/compat/wakatime/v1"])
async def test_a_missing_or_wrong_key_is_401_in_the_clients_shape(desk: Desk, prefix: str) -> None:
    paths = (("POST", "heartbeats.bulk"), ("GET", "statusbar/today"), ("GET", "summaries?start=2026-01-01"))
    async with desk.stranger() as client:
        for shown in (
            {},
            *({"Authorization": f"{each}"} for each in ("Bearer dt_" + "0" * 32, "Basic !!!", "Bearer no")),
        ):
            for method, path in paths:
                response = await client.request(method, f"{prefix}/users/current/{path}", json=[], headers=shown)
                assert response.status_code == 401, (shown, path)
                assert response.json()["error"]
    assert await desk.parts.database.fetchval("SELECT count(*) FROM heartbeats") == 0


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("ingest", {"send", "bar", "user"}),
        ("read", {"bar", "user", "read"}),
        ("full", {"send", "bar", "user", "read", "key"}),
    ],
)
async def test_a_key_does_what_its_scope_says_and_no_more(desk: Desk, scope: str, may: set[str]) -> None:
    key = await desk.make_key(scope)  # pyright: ignore[reportArgumentType]
    headers = {"Authorization": f"Bearer {key}"}
    requests = {
        "send": httpx.Request("POST", f"http://devtime.test{BULK}", headers=headers, json=[]),
        "bar": httpx.Request("GET", f"http://devtime.test{BAR}", headers=headers),
        "user": httpx.Request("GET", "http://devtime.test/api/v1/users/current", headers=headers),
        "read": httpx.Request("GET", "http://devtime.test/api/v1/users/current/projects", headers=headers),
        "key": httpx.Request("GET", "http://devtime.test/api/v1/users/current/get_api_key", headers=headers),
    }
    async with desk.stranger() as client:
        statuses = {what: (await client.send(request)).status_code for what, request in requests.items()}
    assert statuses == {what: (201 if what == "send" else 200) if what in may else 403 for what in requests}
