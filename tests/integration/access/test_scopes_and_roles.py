"""What a key's scope and a user's role allow."""

from __future__ import annotations

import pytest

from devtime.accounts.keys import KeyScope
from serving import Served, bearer

ALLOWED: dict[KeyScope, dict[str, bool]] = {
    "ingest": {"GET /api/who": False, "POST /api/ingest": True, "POST /api/change": False, "GET /api/admin": False},
    "read": {"GET /api/who": True, "POST /api/ingest": False, "POST /api/change": False, "GET /api/admin": False},
    "full": {"GET /api/who": True, "POST /api/ingest": True, "POST /api/change": True, "GET /api/admin": True},
}


@pytest.mark.parametrize("scope", ALLOWED)
async def test_a_key_may_do_what_its_scope_says_and_no_more(served: Served, scope: KeyScope) -> None:
    owner = await served.owner()
    key = await served.key(owner.id, scope)
    for call, is_allowed in ALLOWED[scope].items():
        method, path = call.split()
        answer = await served.client.request(method, path, headers=bearer(key.secret))
        assert answer.status_code == (200 if is_allowed else 403), (call, answer.text)
        if not is_allowed and "admin" not in path:
            assert scope in answer.json()["detail"]


async def test_a_member_is_no_admin(served: Served) -> None:
    member, admin = await served.user("ada"), await served.user("eve", "admin")
    for user, status in ((member, 403), (admin, 200)):
        key = await served.key(user.id)
        assert (await served.client.get("/api/admin", headers=bearer(key.secret))).status_code == status


async def test_pages_refuse_a_key_that_may_only_send(served: Served) -> None:
    user = await served.user()
    key = await served.key(user.id, "ingest")
    answer = await served.client.get("/page", headers=bearer(key.secret))
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
