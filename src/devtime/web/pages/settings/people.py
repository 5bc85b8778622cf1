"""`/settings/people`: members, invitations and who may sign up; for owner and admins."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.accounts.invitations import InvitedRole, create_invitation, list_invitations, revoke_invitation
from devtime.accounts.links import create_login_link_for
from devtime.accounts.members import change_role, delete_account, disable_account, enable_account
from devtime.accounts.permissions import read_role
from devtime.accounts.policy import change_policy, fetch_policy, read_policy
from devtime.accounts.users import fetch_user, list_members
from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.server.guards import requires_role
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to
from devtime.web.views.settings import InvitationRow, MemberRow, PeopleView

_PATH = "/settings/people"
_admins = requires_role("admin")


@get(_PATH, guards=[_admins])
async def show_people(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page."""
    return await _answer(request, parts, identity)


@post(f"{_PATH}/policy", guards=[_admins])
async def save_policy(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Choose who may sign up."""
    form = await read_form(request)
    await change_policy(parts.database, identity.user_id, read_policy(form.get("policy", "")))
    return go_to(_PATH, "Saved.")


@post(f"{_PATH}/invitations", guards=[_admins])
async def invite(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Make an invitation and show its link, this once."""
    form = await read_form(request)
    role: InvitedRole = "admin" if form.get("role") == "admin" else "member"
    note = form.get("note", "")
    try:
        token = await create_invitation(parts.database, identity.user_id, role, note)
    except (Conflict, Invalid, Forbidden) as error:
        return go_to(_PATH, str(error), kind="failed")
    link = f"{parts.settings.address}/signup?invite={token}"
    return await _answer(request, parts, identity, link, note or "a new member")


@post(f"{_PATH}/invitations/{{invitation_id:str}}/revoke", guards=[_admins])
async def withdraw(
    invitation_id: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Withdraw an invitation."""
    await revoke_invitation(parts.database, identity.user_id, invitation_id)
    return go_to(_PATH, "The invitation is withdrawn.")


@post(f"{_PATH}/{{user_id:uuid}}/{{action:str}}", guards=[_admins])
async def change_member(
    request: AnyRequest,
    user_id: FromPath[UUID],
    action: FromPath[str],
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> Page:
    """Give a role, let in or out, delete, or make a one-time link."""
    form = await read_form(request)
    try:
        if action == "link":
            return await _show_link(request, parts, identity, user_id)
        told = await _change(parts, identity, user_id, action, form.get("role", ""))
    except (Conflict, Forbidden, Invalid) as error:
        return go_to(_PATH, str(error), kind="failed")
    return go_to(_PATH, told)


async def _change(parts: Parts, identity: Identity, user_id: UUID, action: str, role: str) -> str:
    actor = identity.user_id
    if action == "role":
        await change_role(parts.database, actor, user_id, read_role(role))
        return "The role is changed."
    if action == "disable":
        await disable_account(parts.database, actor, user_id)
        return "The account is locked out; nothing of it is lost."
    if action == "enable":
        await enable_account(parts.database, actor, user_id)
        return "The account may sign in again."
    if action == "delete":
        await delete_account(parts.database, actor, user_id)
        return "The account and everything in it is deleted."
    raise NotFound("there is no such action")


async def _show_link(request: AnyRequest, parts: Parts, identity: Identity, user_id: UUID) -> Page:
    token = await create_login_link_for(parts.database, identity.user_id, user_id)
    user = await fetch_user(parts.database, user_id)
    return await _answer(request, parts, identity, f"{parts.settings.address}/welcome?token={token}", user.username)


async def _answer(
    request: AnyRequest, parts: Parts, identity: Identity, new_link: str = "", new_link_for: str = ""
) -> Page:
    members = tuple(
        MemberRow(
            str(member.user.id),
            member.user.username,
            member.user.display_name or "",
            member.user.email or "",
            member.user.role,
            member.user.created_at,
            member.last_seen_ms,
            member.user.is_disabled,
            member.user.id == identity.user_id,
        )
        for member in await list_members(parts.database)
    )
    invitations = tuple(
        InvitationRow(each.id, each.note, each.role, each.created_by_name, each.created_ms, each.expires_ms)
        for each in await list_invitations(parts.database)
    )
    view = PeopleView(
        zone=identity.timezone,
        now_ms=parts.clock(),
        policy=await fetch_policy(parts.database),
        members=members,
        invitations=invitations,
        is_owner=identity.role == "owner",
        new_link=new_link,
        new_link_for=new_link_for,
    )
    return answer_html("settings/people", view, chrome_of(request, identity))
