"""Reduces an OpenAPI document to the view of the reference page. Knows JSON Schema as far as the page shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from devtime.web.views.reference import Answer, Body, Endpoint, Field, Group, ReferenceView

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 2

Json = Mapping[str, object]


def describe(document: Json, json_href: str) -> ReferenceView:
    """The view of a document: endpoints grouped by their first tag, in the order of the document."""
    reader = _Reader(document)
    info = _map(document.get("info"))
    named = [_map(tag) for tag in _list(document.get("tags"))]
    notes = {_text(tag.get("name")): _text(tag.get("description")) for tag in named}
    groups: dict[str, list[Endpoint]] = {name: [] for name in notes}
    for tag, endpoint in reader.endpoints():
        groups.setdefault(tag, []).append(endpoint)
    return ReferenceView(
        title=_text(info.get("title")),
        version=_text(info.get("version")),
        description=_text(info.get("description")),
        groups=tuple(
            Group(_slug(name), name, notes.get(name, ""), tuple(found)) for name, found in groups.items() if found
        ),
        json_href=json_href,
    )


class _Reader:
    """Walks one document, following its references."""

    def __init__(self, document: Json) -> None:
        self._document = document

    def endpoints(self) -> Iterator[tuple[str, Endpoint]]:
        for path, item in _map(self._document.get("paths")).items():
            shared = _list(_map(item).get("parameters"))
            for method in _METHODS:
                operation = _map(_map(item).get(method))
                if operation:
                    yield self._endpoint(path, method, operation, shared)

    def _endpoint(self, path: str, method: str, operation: Json, shared: list[object]) -> tuple[str, Endpoint]:
        tags = _list(operation.get("tags"))
        secured = operation.get("security", self._document.get("security"))
        parameters = [self._follow(each) for each in (*shared, *_list(operation.get("parameters")))]
        request = self._follow(operation.get("requestBody"))
        answers = _map(operation.get("responses"))
        endpoint = Endpoint(
            id=_slug(f"{method} {path}"),
            method=method.upper(),
            path=path,
            summary=_text(operation.get("summary")),
            description=_text(operation.get("description")),
            is_deprecated=operation.get("deprecated") is True,
            needs_key=any(_map(each) for each in _list(secured)),
            parameters=tuple(self._parameter(each) for each in parameters),
            requests=self._bodies(request),
            answers=tuple(self._answer(status, each) for status, each in answers.items()),
        )
        return _text(tags[0]) if tags else "Other", endpoint

    def _parameter(self, parameter: Json) -> Field:
        schema = self._follow(parameter.get("schema"))
        name, is_required = _text(parameter.get("name")), parameter.get("required") is True
        field = self._field(name, schema, is_required, place=_text(parameter.get("in")))
        note = _text(parameter.get("description")) or field.description
        return Field(name, field.type, is_required, note, field.place, field.default, field.choices)

    def _answer(self, status: str, answer: object) -> Answer:
        found = self._follow(answer)
        return Answer(status, _text(found.get("description")), self._bodies(found))

    def _bodies(self, holder: Json) -> tuple[Body, ...]:
        return tuple(self._body(kind, _map(each)) for kind, each in _map(holder.get("content")).items())

    def _body(self, kind: str, media: Json) -> Body:
        schema = self._follow(media.get("schema"))
        example = media.get("example", schema.get("example"))
        if example is None and (several := _map(media.get("examples"))):
            example = self._follow(next(iter(several.values()))).get("value")
        shown = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
        fields = tuple(self._fields(schema, "", 0))
        return Body(kind, self._type(schema), fields, "" if example is None else shown)

    def _fields(self, schema: Json, prefix: str, depth: int) -> Iterator[Field]:
        """The properties of an object and of the objects inside it, by dotted names."""
        if "items" in schema:
            yield from self._fields(self._follow(schema.get("items")), f"{prefix}[]" if prefix else "[]", depth)
            return
        required = _list(schema.get("required"))
        for name, found in self._properties(schema).items():
            inner = self._follow(found)
            full = f"{prefix}.{name}" if prefix else name
            yield self._field(full, inner, name in required)
            if depth < _DEEPEST:
                yield from self._fields(self._plain(inner), full, depth + 1)

    def _properties(self, schema: Json) -> dict[str, object]:
        properties = dict(_map(schema.get("properties")))
        for part in _list(schema.get("allOf")):
            properties.update(self._properties(self._follow(part)))
        return properties

    def _field(self, name: str, schema: Json, is_required: bool, place: str = "") -> Field:
        plain = self._plain(schema)
        default = schema.get("default")
        return Field(
            name=name,
            type=self._type(schema),
            is_required=is_required,
            description=_text(schema.get("description")),
            place=place,
            default="" if default is None else json.dumps(default, ensure_ascii=False),
            choices=tuple(str(each) for each in _list(plain.get("enum"))),
        )

    def _plain(self, schema: Json) -> Json:
        """The one alternative of a schema that is not null, where there is one."""
        several = [self._follow(each) for each in _list(schema.get("oneOf")) + _list(schema.get("anyOf"))]
        some = [each for each in several if each.get("type") != "null"]
        return some[0] if len(some) == 1 else schema

    def _type(self, schema: Json) -> str:
        several = _list(schema.get("oneOf")) + _list(schema.get("anyOf"))
        if several:
            return " or ".join(dict.fromkeys(self._type(self._follow(each)) for each in several))
        if "items" in schema:
            return f"array of {self._type(self._follow(schema.get('items')))}"
        kind = schema.get("type")
        name = _text(kind) or " or ".join(_text(each) for each in _list(kind))
        form = _text(schema.get("format"))
        if not name:
            name = "object" if "properties" in schema or "allOf" in schema else "any"
        return f"{name} ({form})" if form else name

    def _follow(self, value: object, hops: int = 8) -> Json:
        found = _map(value)
        reference = found.get("$ref")
        if not isinstance(reference, str) or hops == 0:
            return found
        target: object = self._document
        for step in reference.removeprefix("#/").split("/"):
            target = _map(target).get(step.replace("~1", "/").replace("~0", "~"))
        return self._follow(target, hops - 1)


def _map(value: object) -> Json:
    return cast(Json, value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
