"""The ASGI application: routes of others, made safe, and handed the parts. Knows no route itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from devtime.server.envelope import Envelope
from devtime.server.guards import provide_identity, provide_parts, provide_visitor
from devtime.server.openapi import openapi_config
from devtime.server.parts import Parts
from devtime.server.problems import FALLBACK_HANDLERS, ErrorPage, plain_page

MOST_BODY_BYTES = 10 * 1024 * 1024
"""The longest request body of routes that set no `request_max_body_size` of their own."""

OpenParts = Callable[[], AbstractAsyncContextManager[Parts]]


def create_application(
    parts: Parts | OpenParts,
    route_handlers: Sequence[ControllerRouterHandler],
    *,
    error_page: ErrorPage = plain_page,
) -> Litestar:
    """The application. `parts` may be a function that opens them: it is entered at start and left at the end.

    Handlers may ask for `parts: NamedDependency[Parts]`, `identity: NamedDependency[Identity]` (401 without one) and
    `visitor: NamedDependency[Identity | None]`.
    """
    application = Litestar(
        route_handlers=list(route_handlers),
        dependencies={
            "parts": Provide(provide_parts, sync_to_thread=False),
            "identity": Provide(provide_identity),
            "visitor": Provide(provide_visitor),
        },
        exception_handlers=dict(FALLBACK_HANDLERS),
        lifespan=[_opening(parts)],
        openapi_config=openapi_config(),
        request_max_body_size=MOST_BODY_BYTES,
        state=State({"error_page": error_page}),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    application.asgi_handler = Envelope(application.asgi_handler)
    return application


def _opening(parts: Parts | OpenParts) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(application: Litestar) -> AsyncGenerator[None]:
        if isinstance(parts, Parts):
            application.state["parts"] = parts
            yield
            return
        async with parts() as opened:
            application.state["parts"] = opened
            yield

    return lifespan
