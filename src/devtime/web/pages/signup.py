"""Making one's own account, when sign-up is open or with an invitation."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import get, post
from litestar.di import NamedDependency

from devtime.accounts.invitations import Invitation, find_invitation
from devtime.accounts.names import read_email, read_username
from devtime.accounts.policy import Policy, fetch_policy
from devtime.accounts.signup import sign_up
from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.server.guards import same_origin
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, peer_address
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to, read_word
from devtime.web.pages.session import sign_in
from devtime.web.views.access import SignupView

_NO = {
    "closed": "New accounts cannot be made on this server. Its owner can change that.",
    "invite": "New accounts need an invitation. Ask the owner of this server for one.",
    "open": "This invitation was used already, withdrawn, or is too old. You can sign up without it.",
}


@get("/signup")
async def show_signup(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """The form, or why there is none."""
    if visitor is not None:
        return go_to("/")
    return await _answer(request, parts, read_word(request, "invite"), {}, {})


@post("/signup", guards=[same_origin])
async def make_account(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """Make the account and sign in."""
    form = await read_form(request)
    invite = form.get("invite", "")
    parts.limits.take_login(peer_address(request.scope, parts.settings), "")
    try:
        username, email = read_username(form.get("username", "")), read_email(form.get("email"))
        hashed = await parts.passwords.hash(form.get("password", ""))
        user = await sign_up(parts.database, username=username, email=email, password_hash=hashed, invite=invite)
    except Invalid as error:
        return await _answer(request, parts, invite, form, {error.field: error.reason})
    except Conflict as error:
        field = "email" if "e-mail" in str(error) else "username"
        return await _answer(request, parts, invite, form, {field: str(error)})
    except (Forbidden, NotFound) as error:
        return await _answer(request, parts, invite, form, {"": str(error)})
    return await sign_in(request, parts, user, "/connect", visitor)


async def _answer(
    request: AnyRequest, parts: Parts, invite: str, form: Mapping[str, str], errors: Mapping[str, str]
) -> Page:
    policy = await fetch_policy(parts.database)
    invitation = await find_invitation(parts.database, invite) if invite and policy != "closed" else None
    is_open = _is_open(policy, invite, invitation)
    view = SignupView(
        username=form.get("username", ""),
        email=form.get("email", ""),
        invite=invite if invitation else "",
        invited_by=invitation.created_by_name if invitation else "",
        is_open=is_open,
        reason="" if is_open else _NO[policy],
        errors=errors,
    )
    status = 403 if not is_open else 400 if errors else 200
    return answer_html("signup", view, chrome_of(request, None), status=status)


def _is_open(policy: Policy, invite: str, invitation: Invitation | None) -> bool:
    return invitation is not None or (policy == "open" and not invite)
