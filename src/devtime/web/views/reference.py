"""The API reference (`/api/docs`): an OpenAPI document, reduced to what the page shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a property of a body. `place` is path, query, header, cookie or `""` for a body."""

    name: str
    type: str
    is_required: bool
    description: str
    place: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered: its media type, its properties and an example."""

    media_type: str
    type: str
    fields: tuple[Field, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its status, what it means, its bodies."""

    status: str
    description: str
    bodies: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    is_deprecated: bool
    needs_key: bool
    parameters: tuple[Field, ...]
    requests: tuple[Body, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Endpoints under one tag."""

    id: str
    name: str
    description: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """`/api/docs`; made by `devtime.web.reference.describe(document)`."""

    title: str
    version: str
    description: str
    groups: tuple[Group, ...]
    json_href: str
