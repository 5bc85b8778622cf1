"""Where a request comes from, where it may be sent on, and what of it may be logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devtime.kernel.settings import Settings
from devtime.server.credentials import Shown, read_credentials
from devtime.server.envelope import redact
from devtime.server.requests import is_same_origin, is_secure, local_path, peer_address

DIRECT = Settings(home=Path("/"))
PROXIED = Settings(home=Path("/"), trust_proxy=True)
KEY = "dt_0123456789abcdef0123456789abcdef"


def _scope(scheme: str = "http", query: str = "", **headers: str) -> dict[str, Any]:
    return {
        "scheme": scheme,
        "query_string": query.encode(),
        "client": ("192.0.2.7", 5),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


def test_only_a_trusted_proxy_names_the_peer() -> None:
    forged = _scope(x_forwarded_for="10.9.9.9, 198.51.100.1")
    assert peer_address(forged, DIRECT) == "192.0.2.7"
    assert peer_address(forged, PROXIED) == "198.51.100.1"
    assert peer_address(_scope(), PROXIED) == "192.0.2.7"


def test_of_several_headers_the_last_is_the_proxy_s() -> None:
    forged = _scope(host="h", origin="http://evil.example")
    names = ("for", "proto", "host")
    for name, lie, truth in zip(
        names, ("10.9.9.9", "https", "evil.example"), ("198.51.100.1", "http", "h"), strict=True
    ):
        forged["headers"] += [(f"x-forwarded-{name}".encode(), value.encode()) for value in (lie, truth)]
    assert peer_address(forged, PROXIED) == "198.51.100.1"
    assert not is_secure(forged, PROXIED)
    assert not is_same_origin(forged, PROXIED)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_a_peer_is_the_same_whatever_port_the_proxy_tells(told: str, address: str) -> None:
    assert peer_address(_scope(x_forwarded_for=told), PROXIED) == address


def test_only_a_trusted_proxy_says_it_was_https() -> None:
    told = _scope(x_forwarded_proto="https")
    assert not is_secure(told, DIRECT)
    assert is_secure(told, PROXIED)
    assert is_secure(_scope("https"), DIRECT)


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"host": "h:1", "origin": "http://h:1"}, True),
        ({"host": "H:1", "origin": "http://h:1"}, True),
        ({"host": "h:1", "origin": "http://h:2"}, False),
        ({"host": "h", "origin": "http://h.evil.example"}, False),
        ({"host": "h", "origin": "http://evil.example?h"}, False),
        ({"host": "h", "origin": "null"}, False),
        ({"host": "h"}, False),
        ({"origin": "http://"}, False),
        ({"host": "h", "origin": "http://["}, False),
        ({"host": "h", "origin": "http://evil.example", "sec_fetch_site": "same-origin"}, True),
        ({"host": "h", "origin": "http://h", "sec_fetch_site": "cross-site"}, False),
        ({"host": "h", "origin": "http://h", "sec_fetch_site": "same-site"}, False),
        ({"host": "h", "origin": "http://outside", "x_forwarded_host": "outside"}, False),
    ],
)
def test_a_page_of_this_server_is_told_from_others(headers: dict[str, str], is_ours: bool) -> None:
    assert is_same_origin(_scope(**headers), DIRECT) is is_ours


def test_behind_a_proxy_the_public_name_is_ours_too() -> None:
    scope = _scope(host="inside:8765", origin="https://outside", x_forwarded_host="outside")
    assert is_same_origin(scope, PROXIED)
    public = Settings(home=Path("/"), public_url="https://outside/")
    assert is_same_origin(_scope(host="inside:8765", origin="https://outside"), public)
    assert not is_same_origin(_scope(host="inside:8765", origin="https://other"), public)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/day/2025-01-15?count=total", "/day/2025-01-15?count=total"),
        ("/", "/"),
        ("", "/"),
        (None, "/"),
        ("day", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("/\x00", "/"),
    ],
)
def test_only_paths_of_our_own_are_gone_to(path: str | None, expected: str) -> None:
    assert local_path(path) == expected


def test_credentials_are_taken_in_their_order_and_never_shown_by_accident() -> None:
    shown = read_credentials(_scope(authorization=f"Bearer {KEY}", cookie="devtime_session=abc"), is_secure=False)
    assert shown == Shown(KEY, None)
    assert KEY not in repr(shown)
    cookie = read_credentials(_scope(cookie='a=b; devtime_session="abc"; devtime_session=other'), is_secure=False)
    assert (cookie.cookie, cookie.has_unread) == ("abc", False)
    assert "abc" not in repr(cookie)
    nonsense = read_credentials(_scope(authorization="Bearer x"), is_secure=False)
    assert (nonsense.key, nonsense.cookie, nonsense.has_unread) == (None, None, True)


def test_over_https_only_the_cookie_bound_to_the_host_counts() -> None:
    scope = _scope(cookie="devtime_session=planted; __Host-devtime_session=good")
    assert read_credentials(scope, is_secure=True).cookie == "good"
    assert read_credentials(_scope(cookie="devtime_session=planted"), is_secure=True).cookie is None


def test_a_key_in_the_query_is_read_unless_the_header_has_one() -> None:
    other = KEY.replace("0", "f")
    assert read_credentials(_scope(query=f"range=7d&api_key={KEY}"), is_secure=False).key == KEY
    assert read_credentials(_scope(query=f"api_key={KEY}", x_api_key=other), is_secure=False).key == other
    assert read_credentials(_scope(query=f"not_api_key={KEY}"), is_secure=False).key is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"api_key={KEY}", "api_key=***"),
        (f"range=today&API_KEY={KEY}&x=1", "range=today&API_KEY=***&x=1"),
        ("token=abc&invite=def&password=ghi&code=j", "token=***&invite=***&password=***&code=***"),
        (f"q={KEY}", "q=dt_***"),
        ("next=%2Fx%3Fapi_key%3Ddt_0123456789abcdef", "next=%2Fx%3Fapi_key%3Ddt_***"),
        ("waka_01234567-89ab-4def-8123-456789abcdef", "waka_***"),
        ("project=monkey=bar", "project=monkey=bar"),
    ],
)
def test_secrets_are_struck_from_what_is_logged(text: str, expected: str) -> None:
    assert redact(text) == expected
