"""How handlers tell the OpenAPI document what their types cannot: bodies that are read raw, and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema

from devtime.wire.problem import PlainError, Problem

_MEANINGS = {
    400: "Something about the request is wrong; it says what.",
    401: "No key, or one that is wrong or revoked.",
    403: "The key may not do this.",
    404: "There is no such thing.",
    409: "It exists already, or changed meanwhile.",
    413: "The body is too large.",
    422: "It was understood, and failed.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "The database is away; try again.",
    504: "It took too long and was stopped.",
}
USUAL = (400, 401, 403, 503)
"""What any call of a signed-in user may be answered."""


@dataclass
class RawSchema(Schema):
    """A schema written by hand."""

    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_schema(self) -> dict[str, Any]:
        """The schema as it was written."""
        return dict(self.raw)


def takes(schema: Mapping[str, Any], *media_types: str) -> type[Operation]:
    """An operation whose body, read raw by the handler, has this schema."""

    @dataclass
    class TakesBody(Operation):
        def __post_init__(self) -> None:
            media = OpenAPIMediaType(schema=RawSchema(raw=schema))
            content = {media_type: media for media_type in media_types or ("application/json",)}
            self.request_body = RequestBody(content=content, required=True)

    return TakesBody


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The errors of DevTime's own API."""
    return {status: _spec(Problem, status, "application/problem+json") for status in statuses}


def plain_errors(*statuses: int) -> dict[int, ResponseSpec]:
    """The errors of the compatible APIs."""
    return {status: _spec(PlainError, status, "application/json") for status in statuses}


def _spec(shape: type, status: int, media_type: str) -> ResponseSpec:
    return ResponseSpec(shape, generate_examples=False, description=_MEANINGS[status], media_type=media_type)
