"""What a widget shows: nothing of it can be changed, and only the session that signed it proves it."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

import pytest

from devtime.server.credentials import read_credentials
from devtime.server.envelope import redact
from devtime.server.identity import Identity, Widget
from devtime.server.widget_reach import is_open_to_widgets
from devtime.server.widget_tokens import proves, read_widget_token, sign_widget_token

DIGEST = bytes(range(32))


def token(**changes: int) -> str:
    return sign_widget_token(DIGEST, UUID(int=1), UUID(int=2), changes.get("expires_ms", 1_000))


def widget_identity(*scopes: str) -> Identity:
    widget = Widget(plugin_id=uuid4(), author_id=UUID(int=7), name="w", scopes=scopes)
    return Identity(
        user_id=uuid4(), username="ada", role="member", timezone="UTC", week_start=1, scope="read", widget=widget
    )


def test_a_token_says_what_was_signed() -> None:
    claim = read_widget_token(token())
    assert claim is not None
    assert (claim.user_id, claim.plugin_id, claim.expires_ms) == (UUID(int=1), UUID(int=2), 1_000)
    assert proves(claim, DIGEST)
    assert not proves(claim, bytes(32))


@pytest.mark.parametrize("place", range(80))
def test_no_bit_of_a_token_can_be_changed(place: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(token().removeprefix("dw_") + "=="))
    raw[place] ^= 1
    claim = read_widget_token("dw_" + base64.urlsafe_b64encode(raw).decode().rstrip("="))
    assert claim is not None
    assert not proves(claim, DIGEST)


@pytest.mark.parametrize("text", ["", "dw_", "dw_AAAA", token()[:-2], token() + "AAAA", "dw_" + "é" * 80, token()[3:]])
def test_what_is_no_token_is_not_read_as_one(text: str) -> None:
    assert read_widget_token(text) is None


@pytest.mark.parametrize("name", [b"x-api-key", b"cookie"])
def test_a_token_counts_in_the_authorization_header_only(name: bytes) -> None:
    shown = {b"x-api-key": token(), b"cookie": f"devtime_session={token()}"}[name]
    scope = {"headers": [(name, shown.encode())], "query_string": f"api_key={token()}&token={token()}".encode()}
    assert read_credentials(scope, is_secure=False).widget is None
    scope = {"headers": [(b"authorization", f"Bearer {token()}".encode())], "query_string": b""}
    read = read_credentials(scope, is_secure=False)
    assert read.widget is not None
    assert token() not in repr(read)


def test_no_log_tells_a_token() -> None:
    assert token() not in redact(f"/x/{token()}?a={token()}")


def test_a_widget_reads_and_does_what_was_granted() -> None:
    assert widget_identity().allows("read")
    assert not widget_identity().allows("ingest")
    assert not widget_identity().allows("full")
    assert not widget_identity().allows()
    assert widget_identity("ingest").allows("ingest")
    assert not widget_identity("ingest").allows("full")
    assert widget_identity("write").allows()
    assert not widget_identity("write").allows("ingest")
    assert widget_identity().may_call(UUID(int=7))
    assert not widget_identity("write", "ingest").may_call(UUID(int=8))


@pytest.mark.parametrize(
    "path",
    ["/", "/settings", "/api/keys", "/api/v1/keys", "/api/v1/keys/1", "/api/auth/token", "/widget-token/x", "/live",
     "/api/v1/store/install/1", "/api/import", "/api/v1/stats", "/api/v1/user/me/x", "/api/docs/openapi.json"],
)  # fmt: skip
def test_what_is_not_named_is_closed_to_widgets(path: str) -> None:
    assert not is_open_to_widgets(path)
