"""`/settings`: name, password, time, appearance, sessions, and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from devtime.accounts.login import change_password
from devtime.accounts.members import delete_account, undo_deletion
from devtime.accounts.sessions import list_sessions, revoke_sessions
from devtime.accounts.users import change_account, change_time, fetch_user
from devtime.activity.choosing import choose_timeout
from devtime.activity.settings import fetch_settings
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.errors import Conflict, Invalid
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, local_path, peer_address
from devtime.web.pages.cookies import no_session_cookie
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import THEME_COOKIE, Page, answer_html, chrome_of, go_to
from devtime.web.views.settings import AccountView

_A_YEAR_S = 365 * 24 * 3_600


@get("/settings")
async def show_account(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page."""
    return await _answer(request, parts, identity, {}, {})


@post("/settings/account")
async def save_account(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Rename."""
    form = await read_form(request)
    try:
        await change_account(
            parts.database,
            identity.user_id,
            username=form.get("username", ""),
            display_name=form.get("display_name"),
            email=form.get("email"),
        )
    except Invalid as error:
        return await _answer(request, parts, identity, {error.field: error.reason}, form)
    except Conflict as error:
        field = "email" if "e-mail" in str(error) else "username"
        return await _answer(request, parts, identity, {field: str(error)}, form)
    return go_to("/settings", "Saved.")


@post("/settings/time")
async def save_time(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Choose time zone, timeout and the first day of the week."""
    form = await read_form(request)
    try:
        minutes = _whole(form.get("timeout_minutes", ""), "timeout_minutes")
        week_start = _whole(form.get("week_start", "1"), "week_start")
        await change_time(
            parts.database, identity.user_id, timezone=form.get("timezone", "").strip(), week_start=week_start
        )
        async with parts.database.transaction() as connection:
            await choose_timeout(connection, identity.user_id, minutes * MINUTE_MS)
    except Invalid as error:
        field = "timeout_minutes" if error.field == "timeout" else error.field
        return await _answer(request, parts, identity, {field: error.reason}, form)
    return go_to("/settings", "Saved.")


@post("/settings/password")
async def save_password(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Change the password; every other session ends."""
    form = await read_form(request)
    parts.limits.take_login(peer_address(request.scope, parts.settings), identity.username)
    try:
        await change_password(
            parts.database,
            parts.passwords,
            identity.user_id,
            form.get("current", ""),
            form.get("password", ""),
            keep=identity.session_digest or b"",
        )
    except Invalid as error:
        return await _answer(request, parts, identity, {error.field: error.reason}, {})
    return go_to("/settings", "Your password is changed. Other browsers are signed out.")


@post("/settings/theme")
async def save_theme(request: AnyRequest, visitor: NamedDependency[Identity | None]) -> Page:
    """Choose light, dark, or as the system has it; kept in a cookie of this browser."""
    form = await read_form(request)
    theme = form.get("theme", "auto")
    response = go_to(local_path(form.get("next")))
    kept = theme if theme in ("light", "dark") else "auto"
    response.set_cookie(Cookie(key=THEME_COOKIE, value=kept, max_age=_A_YEAR_S, samesite="lax"))
    return response


@post("/settings/sessions/revoke")
async def end_other_sessions(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Sign out everywhere else."""
    await revoke_sessions(parts.database, identity.user_id, keep=identity.session_digest or b"")
    return go_to("/settings", "Signed out everywhere else.")


@post("/settings/delete")
async def leave(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Delete the account and everything in it, for good."""
    form = await read_form(request)
    parts.limits.take_login(peer_address(request.scope, parts.settings), identity.username)
    user = await fetch_user(parts.database, identity.user_id)
    if form.get("confirm_username", "").strip() != user.username:
        return await _answer(request, parts, identity, {"confirm_username": "is not your user name"}, {})
    if user.password_hash and not await parts.passwords.verify(user.password_hash, form.get("confirm_password", "")):
        return await _answer(request, parts, identity, {"confirm_password": "is not right"}, {})
    try:
        await delete_account(parts.database, identity.user_id, identity.user_id)
    except Conflict as error:
        return await _answer(request, parts, identity, {"confirm_username": str(error)}, {})
    response = go_to("/login")
    response.set_cookie(no_session_cookie(request, parts))
    return response


@post("/settings/keep")
async def keep(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Undo that a plugin deleted the account."""
    await undo_deletion(parts.database, identity.user_id)
    parts.identities.forget(identity.user_id)
    return go_to("/plugins", "Your account stays. If you do not trust the plugin that deleted it, uninstall it here.")


async def _answer(
    request: AnyRequest, parts: Parts, identity: Identity, errors: Mapping[str, str], form: Mapping[str, str]
) -> Page:
    user = await fetch_user(parts.database, identity.user_id)
    settings = await fetch_settings(parts.database, identity.user_id)
    chrome = chrome_of(request, identity)
    view = AccountView(
        username=form.get("username", user.username),
        display_name=form.get("display_name", user.display_name or ""),
        email=form.get("email", user.email or ""),
        has_password=user.password_hash is not None,
        timezone=form.get("timezone", user.timezone),
        timezones=tuple(sorted(available_timezones())),
        timeout_minutes=settings.wanted_timeout_ms // MINUTE_MS,
        week_start=user.week_start,
        theme=chrome.theme,
        sessions=len(await list_sessions(parts.database, identity.user_id)),
        is_owner=user.role == "owner",
        is_rebuilding=settings.timeout_ms != settings.wanted_timeout_ms,
        errors=errors,
    )
    return answer_html("settings/account", view, chrome, status=400 if errors else 200)


def _whole(text: str, field: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 9:
        raise Invalid(field, "is not a whole number")
    return int(text)
