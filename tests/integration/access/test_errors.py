"""What goes wrong is answered in the shape of the API that was asked, says where, and shows nothing inside."""

from __future__ import annotations

import gzip
import logging

import httpx
import pytest

from serving import Served, bearer

FAILURES = {
    "invalid": (400, "time: is in the future"),
    "missing": (404, "no such project"),
    "conflict": (409, "it is there already"),
    "many": (429, "too many"),
    "unavailable": (503, "the database is down"),
    "away": (503, "the database is not available just now; try again"),
    "deep": (400, "the body is nested too deeply"),
    "group": (404, "in a group"),
}


@pytest.fixture
async def signed(served: Served) -> dict[str, str]:
    """Headers of somebody with a full key."""
    return bearer((await served.key((await served.user()).id)).secret)


async def test_failures_have_their_status_in_every_dialect(served: Served) -> None:
    for name, (status, detail) in FAILURES.items():
        problem = await served.client.get(f"/api/raise/{name}")
        assert problem.headers["content-type"] == "application/problem+json"
        told = problem.json()
        assert (problem.status_code, told["status"], told["detail"]) == (status, status, detail)
        assert told["type"] == "about:blank"
        assert told["title"]
        plain = await served.client.get(f"/api/v1/raise/{name}")
        assert (plain.status_code, plain.json()["error"]) == (status, detail)
        assert plain.headers["content-type"] == "application/json"
        page = await served.client.get(f"/raise/{name}")
        assert page.status_code == status
        assert page.headers["content-type"].startswith("text/html")
        assert detail in page.text


async def test_the_field_at_fault_is_named(served: Served) -> None:
    expected = [{"field": "time", "reason": "is in the future"}]
    assert (await served.client.get("/api/raise/invalid")).json()["errors"] == expected
    assert (await served.client.get("/api/v1/raise/invalid")).json()["errors"] == expected


async def test_who_must_wait_is_told_how_long(served: Served) -> None:
    for path in ("/api/raise/many", "/api/v1/raise/many", "/raise/many"):
        assert (await served.client.get(path)).headers["retry-after"] == "7"
    assert (await served.client.get("/api/raise/away")).headers["retry-after"]


async def test_a_bug_is_logged_under_a_number_and_only_the_number_is_shown(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/api/raise/bug", "/api/v1/raise/bug", "/raise/bug"):
        caplog.clear()
        with caplog.at_level(logging.ERROR, "devtime.server"):
            answer = await served.client.get(path)
        assert answer.status_code == 500
        assert "secret internals" not in answer.text
        assert "ZeroDivision" not in answer.text
        incident = caplog.records[0].getMessage().rpartition(" ")[2]
        assert incident in answer.text
        assert "ZeroDivisionError: secret internals" in caplog.text


WRONG_BODIES: list[tuple[bytes, dict[str, object]]] = [
    (b"not json", {"detail": "the body is not valid JSON"}),
    (b"", {"status": 400}),
    (b'{"count": 1}', {"errors": [{"field": "name", "reason": "is missing"}]}),
    (b'{"name": 5}', {"errors": [{"field": "name", "reason": "Expected `str`, got `int`"}]}),
    (b"[1, 2]", {"status": 400}),
    (b'{"name": "\\ud800"}', {"status": 400}),
    (b'{"name": "\xff"}', {"status": 400}),
    (b"[" * 200_000, {"status": 400}),
    (b'{"name": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, {"status": 400}),
]


async def test_a_typed_body_that_is_wrong_is_a_400(served: Served) -> None:
    headers = {"Content-Type": "application/json"}
    for body, expected in WRONG_BODIES:
        answer = await served.client.post("/api/body", content=body, headers=headers)
        assert answer.status_code == 400, (body[:30], answer.text)
        told = answer.json()
        assert {name: told.get(name) for name in expected} == expected


async def test_a_body_over_the_limit_is_a_413(served: Served) -> None:
    async def endless():
        for _ in range(11):
            yield b" " * 1024 * 1024

    headers = {"Content-Type": "application/json"}
    declared = await served.client.post("/api/body", content=b" " * (10 * 1024 * 1024 + 1), headers=headers)
    chunked = await served.client.post("/api/body", content=endless(), headers=headers)
    for answer in (declared, chunked):
        assert answer.status_code == 413
        assert answer.json()["detail"] == "the body is too large"


async def test_paths_nobody_serves_answer_in_the_shape_of_their_neighbours(served: Served) -> None:
    assert (await served.client.get("/api/nothing")).json()["status"] == 404
    assert (await served.client.get("/api/v1/nothing")).json() == {"error": "there is nothing here"}
    assert (await served.client.get("/api/compat/wakatime/v1/nothing")).json() == {"error": "there is nothing here"}
    page = await served.client.get("/nothing/<script>alert(1)</script>")
    assert page.status_code == 404
    assert "<script>alert" not in page.text
    assert (await served.client.get("/nothing.json")).headers["content-type"] == "application/problem+json"
    assert (await served.client.get("/api/number/nan")).status_code == 404


async def test_a_method_nobody_serves_is_told_the_ones_there_are(served: Served) -> None:
    answer = await served.client.delete("/api/who")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, OPTIONS"


async def test_every_answer_carries_the_security_headers(served: Served) -> None:
    document = "/api/docs/openapi.json"
    for path in ("/login", "/page", "/api/who", "/api/v1/who", "/nothing", "/api/raise/bug", document):
        headers = (await served.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert "strict-transport-security" not in headers


async def test_other_origins_are_given_no_leave_to_read(served: Served, signed: dict[str, str]) -> None:
    headers = {**signed, "Origin": "https://elsewhere.example"}
    answer = await served.client.get("/api/who", headers=headers)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = await served.client.options("/api/ingest", headers=asked)
    assert not [name for name in preflight.headers if name.startswith("access-control")]


async def test_pages_are_compressed_for_browsers_that_take_it(served: Served, signed: dict[str, str]) -> None:
    plain = await served.client.get("/page", headers={**signed, "Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    request = served.client.build_request("GET", "/page", headers={**signed, "Accept-Encoding": "gzip"})
    response = await served.client.send(request, stream=True)
    raw = b"".join([part async for part in response.aiter_raw()])
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) == len(raw) < len(plain.content)
    assert gzip.decompress(raw) == plain.content


async def test_the_log_of_requests_holds_no_key(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    user = await served.user()
    key = (await served.key(user.id)).secret
    cookie = await served.cookie(user.id)
    with caplog.at_level(logging.DEBUG):
        # The client's own log is not the server's.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        for headers, params in (
            (bearer(key), {}),
            ({}, {"api_key": key}),
            ({}, {"API_KEY": key.upper(), "range": "today"}),
            (cookie, {"token": "a-one-time-token", "invite": "an-invitation"}),
            (bearer("dt_" + "e" * 32), {"next": f"/x?api_key={key}"}),
        ):
            await served.client.get("/api/who", headers=headers, params=params)
            await served.client.get(f"/api/{key}", headers=headers)
    log = caplog.text
    assert '"path":"/api/who"' in log
    assert '"status":401' in log
    assert "range=today" in log
    for secret in (key, key[12:], key.upper(), cookie["Cookie"][50:], "a-one-time-token", "an-invitation", "e" * 20):
        assert secret not in log


async def test_the_document_names_the_calls_and_how_to_sign_in(served: Served) -> None:
    document = (await served.client.get("/api/docs/openapi.json")).json()
    assert document["info"]["title"] == "DevTime"
    assert "/api/keys" in document["paths"]
    assert {"bearer", "basic", "header", "query"} == set(document["components"]["securitySchemes"])
    assert "/login" not in document["paths"]


async def test_hosts_that_are_no_hosts_are_refused_without_a_fault(served: Served) -> None:
    answer: httpx.Response = await served.client.get("/api/who", headers={"Host": "exa mple/<x>"})
    assert answer.status_code == 400
