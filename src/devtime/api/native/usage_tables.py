"""Answers about usage as JSON or, for `Accept: text/csv` and `?format=csv`, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import Response
from litestar.openapi.spec import OpenAPIMediaType, Operation
from litestar.params import QueryParameter

from devtime.activity.exporters import csv_row
from devtime.api.documents import RawSchema
from devtime.server.requests import AnyRequest, header

CSV = "text/csv"

Format = Annotated[
    Literal["json", "csv"] | None, QueryParameter(description="As `Accept: text/csv` asks; JSON if absent.")
]
T = TypeVar("T", bound=msgspec.Struct)


@dataclass
class AnswersTable(Operation):
    """An operation that answers CSV too."""

    def __post_init__(self) -> None:
        answer: Any = (self.responses or {}).get("200")
        if answer is not None:
            answer.content[CSV] = OpenAPIMediaType(schema=RawSchema(raw={"type": "string"}))


def answer_rows(
    request: AnyRequest, answer: T, rows: Iterable[msgspec.Struct], columns: Sequence[str], format: str | None
) -> Response[T]:
    """The answer, or its rows as a table of these columns."""
    if format == "json" or (format is None and not _prefers_table(header(request.scope, b"accept"))):
        return Response(content=answer, media_type="application/json")
    lines = [csv_row(columns), *(csv_row(_cells(row, columns)) for row in rows)]
    content: Any = b"".join(lines)
    return Response(content=content, media_type=f"{CSV}; charset=utf-8")


def _prefers_table(accept: str) -> bool:
    """Whether the table is named, and before JSON if that is named too."""
    before, is_named, _ = accept.partition(CSV)
    return bool(is_named) and "application/json" not in before


def _cells(row: msgspec.Struct, columns: Sequence[str]) -> Iterable[str]:
    fields: Mapping[str, Any] = msgspec.structs.asdict(row)
    return (_spell(fields[name]) for name in columns)


def _spell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return str(value)
