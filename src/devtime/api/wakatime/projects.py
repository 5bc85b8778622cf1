"""`GET users/current/projects`: every project that was heard of, the latest first."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from devtime.api.documents import USUAL, plain_errors
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.names import ProjectSpan, fetch_project_spans
from devtime.wire.wakatime_lists import Project, ProjectsAnswer, page_of

_PAGE = 100


@get("/users/current/projects", guards=[requires("read")], responses=plain_errors(*USUAL), summary="Projects")
async def list_projects(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    q: Annotated[str | None, QueryParameter(description="Part of the name.")] = None,
    page: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 1,
) -> ProjectsAnswer:
    """A hundred at a time."""
    spans = await fetch_project_spans(parts.database, identity.user_id)
    wanted = (q or "").casefold()
    found = [(name, span) for name, span in spans.items() if wanted in name.casefold()]
    found.sort(key=lambda pair: (-pair[1].last_ms, pair[0]))
    shown, pages = page_of(found, page, _PAGE)
    return ProjectsAnswer(
        data=[_answer(name, span) for name, span in shown],
        total=len(found),
        total_pages=pages,
        page=page,
        prev_page=page - 1 if page > 1 else None,
        next_page=page + 1 if page < pages else None,
    )


def _answer(name: str, span: ProjectSpan) -> Project:
    first, last = to_rfc3339(span.first_ms), to_rfc3339(span.last_ms)
    encoded = quote(name, safe="")
    return Project(
        id=name,
        name=name,
        urlencoded_name=encoded,
        url=f"/projects/{encoded}",
        created_at=first,
        first_heartbeat_at=first,
        last_heartbeat_at=last,
        human_readable_first_heartbeat_at=first,
        human_readable_last_heartbeat_at=last,
    )
