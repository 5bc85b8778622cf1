"""`host.http` against real sockets: what is sent, what comes back, and everything that can go wrong on the way."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from probe_running import http, raw_server

if TYPE_CHECKING:
    from pathlib import Path

    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_nothing_is_added_but_accept(bench: ProbeBench) -> None:
    async with raw_server(http()) as (url, seen):
        await bench.value(f"ctx.host.http.request({{ url: '{url}/x?y=1', headers: {{ 'X-One': 'a b' }} }})")
    head, _, body = seen[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "GET /x?y=1 HTTP/1.1"
    assert sorted(line.partition(":")[0].lower() for line in lines[1:]) == ["accept", "host", "x-one"]
    assert b"*/*" in head
    assert body == b""


@pytest.mark.parametrize(
    ("options", "line", "body"),
    [
        ("method: 'POST', bodyText: 'é'", b"POST / HTTP/1.1", "é".encode()),
        ("method: 'POST', bodyText: ''", b"POST / HTTP/1.1", b""),
        ("method: 'PROPFIND'", b"PROPFIND / HTTP/1.1", b""),
        ("method: undefined, bodyText: null, headers: null", b"GET / HTTP/1.1", b""),
    ],
)
async def test_methods_and_bodies(bench: ProbeBench, options: str, line: bytes, body: bytes) -> None:
    async with raw_server(http()) as (url, seen):
        await bench.value(f"ctx.host.http.request({{ url: '{url}', {options} }})")
    assert seen[0].startswith(line)
    assert seen[0].partition(b"\r\n\r\n")[2] == body


@pytest.mark.parametrize(
    ("reply", "status", "text"),
    [
        (http("{}"), 200, "{}"),
        (http("no", "401 Unauthorized"), 401, "no"),
        (http("slow down", "429 Too Many Requests"), 429, "slow down"),
        (http("broken", "503 Service Unavailable"), 503, "broken"),
        (http("", "204 No Content"), 204, ""),
        (http("", "302 Found", {"Location": "/elsewhere"}), 302, ""),
        (http("é".encode()), 200, "é"),
        (http("é".encode("latin-1"), headers={"Content-Type": "text/plain; charset=iso-8859-1"}), 200, "é"),
        (http("€".encode("cp1252"), headers={"Content-Type": "text/plain; charset=windows-1252"}), 200, "€"),
        (http("é".encode("utf-16"), headers={"Content-Type": "text/plain; charset=utf-16"}), 200, "é"),
        (http("日".encode("shift_jis"), headers={"Content-Type": 'text/plain; charset="shift_jis"'}), 200, "日"),
        (http("é".encode(), headers={"Content-Type": "text/plain; charset=nonsense"}), 200, "é"),
        (http("é".encode(), headers={"Content-Type": "text/plain; charset=base64"}), 200, "é"),
        (http(b"a\xffb"), 200, "a\ufffdb"),
        (http(b"\xef\xbb\xbfbom"), 200, "bom"),
        (http("", "299 Odd"), 299, ""),
    ],
)
async def test_any_status_and_encoding_is_an_answer(bench: ProbeBench, reply: bytes, status: int, text: str) -> None:
    async with raw_server(reply) as (url, seen):
        answered = await bench.value(
            f"{{ const r = ctx.host.http.request({{ url: '{url}' }}); return [r.status, r.bodyText] }}"
        )
    assert answered == [status, text]
    assert len(seen) == 1


async def test_nothing_is_unpacked(bench: ProbeBench) -> None:
    async with raw_server(http(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"})) as (url, _):
        assert await bench.value(f"ctx.host.http.request({{ url: '{url}' }}).bodyText") != "{}"


async def test_names_of_headers_are_small_and_the_last_of_several_counts(bench: ProbeBench) -> None:
    reply = http(headers={"X-One": "1", "x-one": "2", "Retry-After": "7"})
    async with raw_server(reply) as (url, _):
        headers = await bench.value(f"ctx.host.http.request({{ url: '{url}' }}).headers")
    assert isinstance(headers, dict)
    assert (headers["x-one"], headers["retry-after"]) == ("2", "7")


async def test_no_cookie_is_kept(bench: ProbeBench) -> None:
    async with raw_server(http(headers={"Set-Cookie": "a=b"})) as (url, seen):
        await bench.value(f"{{ for (let n = 0; n < 2; n++) ctx.host.http.request({{ url: '{url}' }}) }}")
    assert len(seen) == 2
    assert b"cookie" not in seen[1].lower()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("url: 'nonsense'", "invalid url"),
        ("url: 'file:///etc/passwd'", "invalid url"),
        ("url: 'http://127.0.0.1:1/'", "http request failed"),
        ("url: 'http://no-such-host.invalid/'", "http request failed"),
        ("method: 'GE T'", "invalid http method"),
        ("method: 'GET\\r\\nX: y'", "invalid http method"),
        ("headers: { 'a b': 'c' }", "invalid header name"),
        ("headers: { 'a': 'b\\r\\nX-Evil: 1' }", "invalid value of header"),
        ("headers: { 'a': 'snow☃' }", "invalid value of header"),
        ("headers: { a: 5 }", "invalid request: "),
        ("timeoutMs: 1.5", "invalid request: "),
        ("timeoutMs: -1", "invalid request: "),
        ("url: 5", "invalid request: "),
    ],
)
async def test_what_cannot_be_sent_is_an_error(bench: ProbeBench, options: str, told: str) -> None:
    async with raw_server(http()) as (url, seen):
        error = await bench.value(f"ctx.host.http.request({{ url: '{url}', {options} }})")
    assert isinstance(error, dict)
    assert error["name"] == "Error"
    assert str(error["message"]).startswith(told)
    assert seen == []


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        http(headers={"X-Odd": "é"}),
        http(b"x" * (6 << 20)),
    ],
)
async def test_an_answer_that_is_none_is_an_error(bench: ProbeBench, reply: bytes) -> None:
    async with raw_server(reply) as (url, _):
        error = await bench.value(f"ctx.host.http.request({{ url: '{url}' }})")
    assert isinstance(error, dict)
    assert error["name"] == "Error"


async def test_an_endless_answer_is_cut_off(bench: ProbeBench) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n" + b"x" * (7 << 20)
    async with raw_server(reply) as (url, _):
        error = await bench.value(f"ctx.host.http.request({{ url: '{url}' }})")
    assert error == {"name": "Error", "message": "http response is larger than 5242880 bytes"}


async def test_a_server_that_hangs_is_left(bench: ProbeBench) -> None:
    async with raw_server(None) as (url, _):
        error = await bench.value(f"ctx.host.http.request({{ url: '{url}', timeoutMs: 100 }})")
    assert error == {"name": "Error", "message": "http request failed: operation timed out"}


async def test_a_request_at_an_origin_can_be_sent_to_another(bench: ProbeBench) -> None:
    async with raw_server(http('{"a":1}')) as (url, seen):
        bench.vary(rewrites={"https://api.example.com": url})
        answered = await bench.value("ctx.util.requestJson({ url: 'https://api.example.com/v1/x?y=z' }).json")
    assert answered == {"a": 1}
    assert seen[0].startswith(b"GET /v1/x?y=z HTTP/1.1")


async def test_a_proxy_is_asked_in_the_servers_place(bench: ProbeBench) -> None:
    async with raw_server(http("from the proxy")) as (url, seen):
        bench.vary(proxy=url)
        told = await bench.value("ctx.host.http.request({ url: 'http://a.example/x' }).bodyText")
    assert told == "from the proxy"
    assert seen[0].startswith(b"GET http://a.example/x HTTP/1.1")


@pytest.mark.parametrize(("headers", "waits"), [({"Retry-After": "90"}, 90), ({}, 300), ({"Retry-After": "soon"}, 300)])
async def test_a_server_that_wants_to_be_left_alone_is_heard(
    bench: ProbeBench, headers: dict[str, str], waits: int
) -> None:
    async with raw_server(http("", "429 Too Many Requests", headers)) as (url, _):
        snapshot = await bench.body(f"ctx.host.http.request({{ url: '{url}' }}); throw 'later'")
    assert snapshot.retry_after_s == waits


async def test_secrets_do_not_reach_the_log(bench: ProbeBench) -> None:
    async with raw_server(http('{"access_token":"abcdefghijklmnop"}', "400 Bad Request")) as (url, _):
        snapshot = await bench.body(
            f"ctx.host.http.request({{ url: '{url}/?token=qrstuvwxyzabcdef' }}); "
            "ctx.host.log.info('sk-abcdefghijklmnopq'); throw 'x'"
        )
    told = "\n".join(line.text for line in snapshot.logs)
    assert told.count("[plugin:trial]") == len(snapshot.logs) == 2
    assert "abcdefghijklmnop" not in told
    assert "qrstuvwxyzabcdef" not in told


async def test_a_certificate_nobody_vouches_for_is_refused_unless_told_otherwise(
    bench: ProbeBench, tmp_path: Path
) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not there to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: ASYNC221
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with raw_server(http("secret"), context) as (url, _):
        error = await bench.value(f"ctx.host.http.request({{ url: '{url}' }})")
        careless = f"ctx.host.http.request({{ url: '{url}', dangerouslyIgnoreTls: true }}).bodyText"
        assert await bench.value(careless) == "secret"
    assert isinstance(error, dict)
    assert "certificate" in str(error["message"]).lower()
