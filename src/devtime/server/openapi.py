"""The OpenAPI document, made from the handlers' types; served as JSON, without any page of its own."""

from __future__ import annotations

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme

from devtime import __version__

PATH = "/api/docs/openapi.json"

_DESCRIPTION = (
    "Heartbeats in, time out. Every call takes an API key: in the header Authorization as Bearer, "
    "in the header X-API-Key, or as the user name of HTTP Basic. Errors are RFC 9457 problems."
)


def openapi_config() -> OpenAPIConfig:
    """What Litestar needs to know to write the document."""
    return OpenAPIConfig(
        title="DevTime",
        version=__version__,
        description=_DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        path=PATH,
        render_plugins=[JsonRenderPlugin(path="/")],
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", description="An API key."),
                "basic": SecurityScheme(type="http", scheme="basic", description="An API key as the user name."),
                "header": SecurityScheme(type="apiKey", name="X-API-Key", security_scheme_in="header"),
                "query": SecurityScheme(type="apiKey", name="api_key", security_scheme_in="query"),
            }
        ),
        security=[{"bearer": []}, {"basic": []}, {"header": []}, {"query": []}],
    )
