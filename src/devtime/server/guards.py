"""Who may pass: guards for routers and handlers, and the dependencies `parts`, `identity` and `visitor`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from devtime.accounts.users import Role
from devtime.kernel.errors import Forbidden, Unauthenticated
from devtime.server.credentials import read_credentials
from devtime.server.identities import MISSING
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import SAFE_METHODS, AnyRequest, is_same_origin, is_secure
from devtime.server.widget_reach import is_open_to_widgets
from devtime.wire.access import KeyScope

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]

_RANKS: dict[Role, int] = {"member": 0, "admin": 1, "owner": 2}
_UNASKED = object()


def parts_of(connection: Connection) -> Parts:
    """The parts of the server that answers this request."""
    return cast("Parts", connection.app.state["parts"])


async def find_identity(connection: Connection) -> Identity | None:
    """Who is asking, found out once a request; None when nobody says. Unauthenticated for a wrong key.

    A session's cookie counts for a request that changes something only if a page of this server made it.
    """
    scope = cast("dict[str, Any]", connection.scope)
    known = scope.get("devtime_identity", _UNASKED)
    if known is not _UNASKED:
        return cast("Identity | None", known)
    parts = parts_of(connection)
    shown = read_credentials(scope, is_secure=is_secure(scope, parts.settings))
    identity = await parts.identities.identify(shown)
    if identity is not None and identity.session_digest is not None:
        check_origin(connection)
        if scope["method"] not in SAFE_METHODS:
            # What the form changes (zone, name, role) is read anew by the page it leads to.
            parts.identities.forget(identity.user_id)
    if identity is not None and identity.widget is not None and not is_open_to_widgets(scope["path"]):
        raise Forbidden("widgets have no business here")
    scope["devtime_identity"] = identity
    return identity


async def require_identity(connection: Connection) -> Identity:
    """Who is asking; Unauthenticated when nobody says."""
    identity = await find_identity(connection)
    if identity is None:
        raise Unauthenticated(MISSING)
    return identity


def requires(*scopes: KeyScope) -> Guard:
    """Let pass whoever shows a credential with one of these scopes (`full` always passes)."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        identity = await require_identity(connection)
        if not identity.allows(*scopes):
            raise Forbidden(f"this key's scope is {identity.scope}; {' or '.join((*scopes, 'full'))} is needed")
        cast("dict[str, Any]", connection.scope)["devtime_passed"] = True

    return guard


async def calls_plugins(connection: Connection, _: BaseRouteHandler) -> None:
    """Let pass whoever may call endpoints of plugins; of which ones, `Identity.may_call` says."""
    identity = await require_identity(connection)
    if identity.widget is None and not identity.allows():
        raise Forbidden(f"this key's scope is {identity.scope}; full is needed")
    cast("dict[str, Any]", connection.scope)["devtime_passed"] = True


def requires_role(role: Role) -> Guard:
    """Let pass whoever has the role or a higher one, with a credential that may do everything."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        identity = await require_identity(connection)
        if _RANKS[identity.role] < _RANKS[role] or not identity.allows():
            raise Forbidden(f"only the {role} of this server may do this" if role == "owner" else "for admins only")
        cast("dict[str, Any]", connection.scope)["devtime_passed"] = True

    return guard


async def same_origin(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a form that another site made the browser send, also when nobody is signed in yet."""
    check_origin(connection)


def check_origin(connection: Connection) -> None:
    """Forbidden when the request changes something and no page of this server made it."""
    scope = cast("dict[str, Any]", connection.scope)
    if scope["method"] not in SAFE_METHODS and not is_same_origin(scope, parts_of(connection).settings):
        raise Forbidden("this request did not come from a page of this server")


def provide_parts(request: AnyRequest) -> Parts:
    """The dependency `parts`."""
    return parts_of(request)


# The next two take `parts` though they need it not: Litestar resolves what depends on each other in turn, and would
# start a group of tasks for every request to resolve what does not.


async def provide_identity(request: AnyRequest, parts: NamedDependency[Parts]) -> Identity:
    """The dependency `identity`. Without a guard that says otherwise, reading needs `read` and the rest `full`."""
    identity = await require_identity(request)
    if "devtime_passed" not in request.scope:
        scopes: tuple[KeyScope, ...] = ("read",) if request.method in SAFE_METHODS else ()
        if not identity.allows(*scopes):
            raise Forbidden(f"this key's scope is {identity.scope}, which is not enough for this")
    return identity


async def provide_visitor(request: AnyRequest, parts: NamedDependency[Parts]) -> Identity | None:
    """The dependency `visitor`: whoever is signed in, or None; a wrong key counts as nobody."""
    try:
        return await find_identity(request)
    except Unauthenticated:
        return None
