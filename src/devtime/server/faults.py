"""What went wrong, in words that may be shown: every exception becomes a status, a sentence and the fields at fault."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

import asyncpg
import msgspec
from litestar.exceptions import HTTPException, SerializationException, ValidationException

from devtime.kernel.errors import (
    Conflict,
    DevTimeError,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from devtime.wire.problem import ProblemField

_LOG = logging.getLogger("devtime.server")
_AT = re.compile(r" - at `\$(.*)`$")
_MISSING = re.compile(r"Object missing required field `(.+)`")
_MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '([^']+)'")
_INDEX = re.compile(r"^\[(\d+)\]\.?")

_STATUSES: tuple[tuple[type[DevTimeError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooMany, 429),
    (Unavailable, 503),
)
_DATABASE_IS_AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a rollback over a connection that died while it was used
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


class Fault(msgspec.Struct, frozen=True):
    """The answer to an error, in no particular shape."""

    status: int
    detail: str
    errors: Sequence[ProblemField] = ()
    headers: Mapping[str, str] = {}
    incident: str = ""


class Rejected(DevTimeError):
    """Several things wrong with one request: the answer lists them all."""

    def __init__(self, detail: str, errors: Sequence[ProblemField], status: int = 400) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)
        self.status = status


def describe(error: BaseException) -> Fault:
    """The fault of any exception. One nobody foresaw is logged under a number, and only the number is shown."""
    match error:
        case BaseExceptionGroup():
            return describe(error.exceptions[0])
        case Rejected():
            return Fault(error.status, str(error), error.errors)
        case Invalid():
            return Fault(400, str(error), (ProblemField(error.field, error.reason),))
        case DevTimeError():
            return _of_ours(error)
        case ValidationException() | SerializationException() | HTTPException():
            return _of_litestar(error)
        case msgspec.MsgspecError():
            return _of_msgspec(error)
        case UnicodeDecodeError():
            return Fault(400, "the body is not UTF-8")
        case RecursionError():
            return Fault(400, "the body is nested too deeply")
        case _ if isinstance(error, _DATABASE_IS_AWAY) and not isinstance(error, ValueError):
            _LOG.error("the database is away: %s: %s", type(error).__name__, error)
            return Fault(503, "the database is not available just now; try again", headers={"Retry-After": "5"})
        case _:
            return _of_bug(error)


def _of_ours(error: DevTimeError) -> Fault:
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="DevTime"'
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, error.retry_after_s))
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "5"
    return Fault(status, str(error), headers=headers)


def _of_litestar(error: Exception) -> Fault:
    if isinstance(error, SerializationException) or not isinstance(error, HTTPException):
        return Fault(400, "the body cannot be read")
    if missing := _MISSING_PARAMETER.match(str(error.detail)):
        return Fault(400, "the request is not valid", (ProblemField(missing.group(1), "is missing"),))
    if isinstance(error, ValidationException):
        return Fault(400, "the request is not valid", tuple(_validation_errors(error.extra)))
    if error.status_code >= 500:
        return _of_bug(error)
    detail = {413: "the body is too large", 404: "there is nothing here", 405: "this method is not allowed here"}
    cause = error.__cause__
    while cause is not None and error.status_code == 400:
        if isinstance(cause, msgspec.MsgspecError):
            return _of_msgspec(cause)
        cause = cause.__cause__
    headers = {str(name): str(value) for name, value in (error.headers or {}).items()}
    return Fault(error.status_code, detail.get(error.status_code, error.detail), headers=headers)


def _validation_errors(extra: object) -> list[ProblemField]:
    entries = cast("list[Any]", extra) if isinstance(extra, list) else []
    found: list[ProblemField] = []
    for entry in entries:
        if isinstance(entry, Mapping):
            told = cast("Mapping[str, object]", entry)
            key = str(told.get("key", ""))
            found.append(_field_error("" if key == "data" else key, str(told.get("message", ""))))
    return found


def _field_error(field: str, reason: str, index: int | None = None) -> ProblemField:
    """The error of a field, in our words where the library's own blame the object around it."""
    if missing := _MISSING.fullmatch(reason):
        return ProblemField(f"{field}.{missing.group(1)}".lstrip("."), "is missing", index)
    return ProblemField(field, reason, index)


def _of_msgspec(error: msgspec.MsgspecError) -> Fault:
    if not isinstance(error, msgspec.ValidationError):
        return Fault(400, "the body is not valid JSON")
    text = str(error)
    place = _AT.search(text)
    path = place.group(1) if place else ""
    reason = text[: place.start()] if place else text
    index = _INDEX.match(path)
    field = path[index.end() :] if index else path.removeprefix(".")
    place_in_batch = int(index.group(1)) if index else None
    return Fault(400, "the request is not valid", (_field_error(field, reason, place_in_batch),))


def _of_bug(error: BaseException) -> Fault:
    incident = secrets.token_hex(4)
    _LOG.error("incident %s", incident, exc_info=error)
    return Fault(500, f"something went wrong on the server; its log has more under {incident}", incident=incident)
