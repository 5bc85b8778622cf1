"""Blots secrets out of what is logged. Only logs: what a probe shows is its own affair."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SHORTEST = 12
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*")
_KEY = re.compile(r"\b(?:sk-|pk-|api_|key_|secret_)[A-Za-z0-9_-]{12,}")
_SESSION = re.compile(r"devin-session-token\$[^\s\"']+")
_ACCOUNT = re.compile(r"\b(account=)([^\s&\"',;]+)")
_BEARER = re.compile(r"\b([Bb]earer )([A-Za-z0-9._~+/=-]{8,})")
_PATH = re.compile(r"(?<![\w/:.])/(?:Users|home|opt|private|var|tmp|Applications)/[^\s\"',;:)\]}]+")
_URL = re.compile(r"\bhttps?://[^\s\"'<>]+\?[^\s\"'<>]+")
_PARAMETERS = (
    "key",
    "token",
    "secret",
    "password",
    "auth",
    "bearer",
    "credential",
    "user",
    "account_id",
    "profile_arn",
    "email",
    "login",
)
_FIELDS = (
    "name|email|login|username|user_name|first_name|last_name|full_name|display_name|phone|address|user|user_id|userId|"
    "org_id|orgId|organization_id|organizationId|organization|team_id|teamId|account_id|accountId|account_uuid|uuid|"
    "access_token|accessToken|refresh_token|refreshToken|id_token|idToken|session_token|sessionToken|token|api_key|"
    "apiKey|secret|client_secret|clientSecret|password|authorization|cookie|profile_arn|profileArn|csrf_token|csrfToken"
)
_FIELD = re.compile(rf'("(?:{_FIELDS})"\s*:\s*")((?:[^"\\]|\\.)*)(")')


def blot(value: str) -> str:
    """A secret as it may be shown: its ends, or nothing of a short one."""
    return "[REDACTED]" if len(value) <= _SHORTEST else f"{value[:4]}...{value[-4:]}"


def redact(message: str) -> str:
    """A line of log without secrets, without what tells who somebody is, and without paths."""
    message = _URL.sub(lambda found: redact_url(found[0]), message)
    message = _JWT.sub(lambda found: blot(found[0]), message)
    message = _SESSION.sub(lambda found: blot(found[0]), message)
    message = _KEY.sub(lambda found: blot(found[0]), message)
    message = _BEARER.sub(lambda found: found[1] + blot(found[2]), message)
    message = _ACCOUNT.sub(lambda found: found[1] + blot(found[2]), message)
    message = _FIELD.sub(lambda found: found[1] + blot(found[2]) + found[3] if found[2] else found[0], message)
    return _PATH.sub("[PATH]", message)


def redact_url(url: str) -> str:
    """An address whose telling parameters are blotted, without user and password."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "[REDACTED]"
    told = [(name, blot(value) if _is_telling(name) else value) for name, value in query]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(told, safe="[]"), ""))


def redact_body(body: str, most_bytes: int = 500) -> str:
    """A body without secrets, then cut."""
    cut = redact(body).encode("utf-8", "replace")[:most_bytes]
    return cut.decode("utf-8", "ignore")


def _is_telling(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _PARAMETERS)
