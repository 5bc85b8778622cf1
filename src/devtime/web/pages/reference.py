"""`/api/docs`: the API reference, drawn from the OpenAPI document."""

from __future__ import annotations

from functools import lru_cache

from litestar import Litestar, get
from litestar.di import NamedDependency

from devtime.server.identity import Identity
from devtime.server.openapi import PATH
from devtime.server.requests import AnyRequest
from devtime.web.pages.frame import Page, answer_html, chrome_of
from devtime.web.reference import describe
from devtime.web.views.reference import ReferenceView


@get("/api/docs")
async def show_reference(request: AnyRequest, visitor: NamedDependency[Identity | None]) -> Page:
    """The page; anyone may read it."""
    return answer_html("docs", _describe(request.app), chrome_of(request, visitor))


@lru_cache(maxsize=1)
def _describe(application: Litestar) -> ReferenceView:
    return describe(application.openapi_schema.to_schema(), PATH)
