"""Signing in, by password or one-time link, and out."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency

from devtime.accounts.links import find_link_user, use_login_link
from devtime.accounts.login import check_login
from devtime.accounts.policy import fetch_policy
from devtime.accounts.sessions import create_session, revoke_session
from devtime.accounts.users import User
from devtime.kernel.errors import Invalid, NotFound, Unauthenticated
from devtime.server.guards import same_origin
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, header, local_path, peer_address
from devtime.web.pages.cookies import no_session_cookie, session_cookie
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to, read_word
from devtime.web.views.access import LoginView, WelcomeView


@get("/login")
async def show_login(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """The form; whoever is signed in goes straight on."""
    target = local_path(read_word(request, "next"))
    if visitor is not None:
        return go_to(target)
    view = LoginView(next=target, can_sign_up=await fetch_policy(parts.database) == "open")
    return answer_html("login", view, chrome_of(request, None))


@post("/login", guards=[same_origin])
async def log_in(request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]) -> Page:
    """Check the password and sign in, under a new session."""
    form = await read_form(request)
    name, target = form.get("username", ""), local_path(form.get("next"))
    peer = peer_address(request.scope, parts.settings)
    parts.limits.take_login(peer, name)
    try:
        user = await check_login(parts.database, parts.passwords, name, form.get("password", ""))
    except Unauthenticated as error:
        told = f"{str(error)[0].upper()}{str(error)[1:]}."
        view = LoginView(
            username=name, next=target, error=told, can_sign_up=await fetch_policy(parts.database) == "open"
        )
        return answer_html("login", view, chrome_of(request, None), status=400)
    parts.limits.forgive_login(peer, name)
    return await sign_in(request, parts, user, target, visitor)


@post("/logout", guards=[same_origin])
async def log_out(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """End the session, here and in the store."""
    await _end_session(parts, visitor)
    page = go_to("/login")
    page.cookies.append(no_session_cookie(request, parts))
    return page


@get("/welcome")
async def show_welcome(request: AnyRequest, parts: NamedDependency[Parts]) -> Page:
    """Where a one-time link leads: a password to choose. Looking does not use the link up."""
    return await _answer_welcome(request, parts, read_word(request, "token"), {})


@post("/welcome", guards=[same_origin])
async def welcome(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """Set the password, use the link up and sign in."""
    form = await read_form(request)
    token = form.get("token", "")
    expected = await find_link_user(parts.database, token)
    if expected is None:
        return await _answer_welcome(request, parts, token, {})
    try:
        hashed = await parts.passwords.hash(form.get("password", ""))
        user = await use_login_link(parts.database, token, hashed)
    except Invalid as error:
        return await _answer_welcome(request, parts, token, {error.field: error.reason})
    except NotFound:
        return await _answer_welcome(request, parts, token, {})
    parts.identities.forget(user.id)
    target = "/connect" if expected.password_hash is None else "/"
    return await sign_in(request, parts, user, target, visitor)


async def sign_in(request: AnyRequest, parts: Parts, user: User, target: str, visitor: Identity | None) -> Page:
    """Begin a session and go on. The session the browser came with, whoever's it was, ends."""
    await _end_session(parts, visitor)
    value = await create_session(parts.database, user.id, header(request.scope, b"user-agent"))
    page = go_to(target)
    page.cookies.append(session_cookie(request, parts, value))
    return page


async def _end_session(parts: Parts, visitor: Identity | None) -> None:
    if visitor is not None and visitor.session_digest is not None:
        await revoke_session(parts.database, visitor.user_id, visitor.session_digest)
        parts.identities.forget(visitor.user_id)


async def _answer_welcome(request: AnyRequest, parts: Parts, token: str, errors: dict[str, str]) -> Page:
    user = await find_link_user(parts.database, token)
    if user is None:
        view = WelcomeView(token="", username="", is_valid=False)
        return answer_html("welcome", view, chrome_of(request, None), status=410)
    view = WelcomeView(token=token, username=user.username, is_first=user.password_hash is None, errors=errors)
    return answer_html("welcome", view, chrome_of(request, None), status=400 if errors else 200)
