"""What a widget shows to say whose it is: a short-lived token, signed with the web session of the page it is on.

Nothing is stored. The key is derived from the session, so a token dies with it; what else it needs, that the plugin is
still installed and may run, is asked anew at every use (docs/decisions/0015).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import sha256
from uuid import UUID

import msgspec

from devtime.kernel.clock import MINUTE_MS

LASTS_MS = 15 * MINUTE_MS
DRAFT = UUID(int=0)
"""The plugin of a script that is being written: its author tries it out."""

_PREFIX = "dw_"
_BODY, _MAC, _SESSION = 48, 32, 8
_PURPOSE = b"devtime widget token"


class WidgetClaim(msgspec.Struct, frozen=True):
    """What a token says. Nothing of it is true until `proves` says so. `session` tells sessions of a user apart."""

    user_id: UUID
    plugin_id: UUID
    session: bytes
    expires_ms: int
    body: bytes
    mac: bytes


def sign_widget_token(session_digest: bytes, user_id: UUID, plugin_id: UUID, expires_ms: int) -> str:
    """The token of a plugin on a page of that session."""
    body = user_id.bytes + plugin_id.bytes + _mark(session_digest) + expires_ms.to_bytes(8, "big")
    return _PREFIX + base64.urlsafe_b64encode(body + _sign(session_digest, body)).decode().rstrip("=")


def read_widget_token(text: str) -> WidgetClaim | None:
    """Take a token apart; None when it is none."""
    if not text.startswith(_PREFIX) or len(text) > 160 or not text.isascii():
        return None
    coded = text.removeprefix(_PREFIX)
    try:
        raw = base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _BODY + _MAC:
        return None
    body = raw[:_BODY]
    return WidgetClaim(
        user_id=UUID(bytes=body[:16]),
        plugin_id=UUID(bytes=body[16:32]),
        session=body[32 : 32 + _SESSION],
        expires_ms=int.from_bytes(body[40:], "big"),
        body=body,
        mac=raw[_BODY:],
    )


def proves(claim: WidgetClaim, session_digest: bytes) -> bool:
    """Whether the session of this digest signed the claim."""
    return claim.session == _mark(session_digest) and hmac.compare_digest(_sign(session_digest, claim.body), claim.mac)


def _mark(session_digest: bytes) -> bytes:
    return sha256(_PURPOSE + b" session" + session_digest).digest()[:_SESSION]


def _sign(session_digest: bytes, body: bytes) -> bytes:
    key = hmac.digest(session_digest, _PURPOSE + b" key", "sha256")
    return hmac.digest(key, body, "sha256")
