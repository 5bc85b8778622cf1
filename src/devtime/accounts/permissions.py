"""Who may do what to whose account. An owner may do all; an admin looks after members; a member after themselves."""

from __future__ import annotations

from typing import get_args

from devtime.accounts.users import Role, User
from devtime.kernel.errors import Forbidden, Invalid

ROLES: tuple[Role, ...] = get_args(Role)


def read_role(text: str) -> Role:
    """The role of that name; Invalid when there is none."""
    for role in ROLES:
        if text == role:
            return role
    raise Invalid("role", f"is one of {', '.join(ROLES)}")


def check_may_see_people(actor: User) -> None:
    """Forbidden for members: the list of accounts is for owner and admins."""
    if actor.role == "member":
        raise Forbidden("only the owner and admins may do this")


def check_may_change(actor: User, target: User) -> None:
    """Forbidden unless the actor may disable, delete or send a new link to that account."""
    check_may_see_people(actor)
    if actor.role == "admin" and target.role != "member" and target.id != actor.id:
        raise Forbidden(f"only an owner may change the account of an {target.role}")


def check_may_grant(actor: User, role: Role) -> None:
    """Forbidden unless the actor may give that role to somebody, or invite somebody with it."""
    check_may_see_people(actor)
    if actor.role == "admin" and role != "member":
        raise Forbidden(f"only an owner may make somebody {role}")
