"""`GET /api/sessions`: runs of heartbeats of one tool and project."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from devtime.api.documents import USUAL, problems
from devtime.api.native.question import Question, provide_question
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.sessions import Session, fetch_sessions
from devtime.wire.durations import to_seconds
from devtime.wire.native_answers import SessionAnswer, SessionsAnswer


@get(
    "/sessions",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=problems(*USUAL),
    tags=["Stats"],
    summary="Sessions of a range",
)
async def list_sessions(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    question: NamedDependency[Question],
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> SessionsAnswer:
    """The newest first. Heartbeats of the same tool and project with gaps shorter than the timeout are one session."""
    found = await fetch_sessions(parts.database, identity.user_id, question.span, question.filters, question.timeout_ms)
    found.reverse()
    return SessionsAnswer(
        sessions=[_answer(session, identity.user_id) for session in found[offset : offset + limit]],
        total=len(found),
        limit=limit,
        offset=offset,
        range=question.answered(),
    )


def _answer(session: Session, user_id: UUID) -> SessionAnswer:
    return SessionAnswer(
        id=session.id,
        user_id=str(user_id),
        tool=session.tool,
        project=session.project,
        start_time=session.start_ms,
        end_time=session.end_ms,
        duration=to_seconds(session.lane_ms),
        heartbeat_count=session.heartbeats,
        active_seconds=to_seconds(session.active_ms),
        language=session.language,
        branch=session.branch,
    )
