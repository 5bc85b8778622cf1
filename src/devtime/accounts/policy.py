"""Who may make an account here: nobody (`closed`), whoever is invited (`invite`), anybody (`open`)."""

from __future__ import annotations

from typing import Literal, cast, get_args
from uuid import UUID

from devtime.accounts.permissions import check_may_see_people
from devtime.accounts.users import fetch_user
from devtime.kernel.errors import Invalid
from devtime.store.database import Database, Executor
from devtime.store.sqlfile import load

Policy = Literal["closed", "invite", "open"]
POLICIES: tuple[Policy, ...] = get_args(Policy)

_QUERIES = load("devtime.accounts")
_NAME = "signup"


def read_policy(text: str) -> Policy:
    """The policy of that name; Invalid when there is none."""
    for policy in POLICIES:
        if text == policy:
            return policy
    raise Invalid("policy", f"is one of {', '.join(POLICIES)}")


async def fetch_policy(connection: Executor) -> Policy:
    """The policy in force; `closed` until somebody chose."""
    return cast("Policy", await connection.fetchval(_QUERIES["fetch_setting"], _NAME) or "closed")


async def change_policy(database: Database, actor_id: UUID, policy: Policy) -> None:
    """Choose another, as owner or admin."""
    check_may_see_people(await fetch_user(database, actor_id))
    await database.execute(_QUERIES["store_setting"], _NAME, policy)
