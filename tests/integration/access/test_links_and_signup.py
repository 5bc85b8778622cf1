"""One-time links, invitations and making an account."""

from __future__ import annotations

import html
import re

import pytest

from devtime.accounts.invitations import create_invitation, list_invitations, revoke_invitation
from devtime.accounts.links import create_login_link
from devtime.accounts.members import change_role
from devtime.accounts.policy import change_policy
from devtime.accounts.sessions import list_sessions
from devtime.accounts.users import find_user, list_members
from devtime.kernel.errors import Conflict, Forbidden, NotFound
from serving import ORIGIN, PASSWORD, Served

FROM_HERE = {"Origin": ORIGIN}


async def test_the_first_link_signs_the_owner_in_and_asks_for_a_password(served: Served) -> None:
    owner = await served.owner()
    token = await create_login_link(served.database, owner.id)
    page = await served.client.get("/welcome", params={"token": token})
    assert page.status_code == 200
    assert "owner" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    form = {"token": token, "password": PASSWORD}
    answer = await served.client.post("/welcome", data=form, headers=FROM_HERE, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connect"
    assert (await served.client.get("/page")).status_code == 200
    served.client.cookies.clear()
    answer = await served.client.post("/login", data={"username": "owner", "password": PASSWORD}, headers=FROM_HERE)
    assert answer.status_code == 303


async def test_a_link_works_once(served: Served) -> None:
    owner = await served.owner()
    token = await create_login_link(served.database, owner.id)
    form = {"token": token, "password": PASSWORD}
    assert (await served.client.post("/welcome", data=form, headers=FROM_HERE)).status_code == 303
    served.client.cookies.clear()
    again = await served.client.post("/welcome", data={**form, "password": "another one entirely"}, headers=FROM_HERE)
    assert again.status_code == 410
    assert "set-cookie" not in again.headers
    assert (await served.client.get("/welcome", params={"token": token})).status_code == 410


async def test_a_refused_password_leaves_the_link_good(served: Served) -> None:
    owner = await served.owner()
    token = await create_login_link(served.database, owner.id)
    short = await served.client.post("/welcome", data={"token": token, "password": "short"}, headers=FROM_HERE)
    assert short.status_code == 400
    assert "10 characters" in short.text
    good = await served.client.post("/welcome", data={"token": token, "password": PASSWORD}, headers=FROM_HERE)
    assert good.status_code == 303


async def test_a_link_ends_after_a_day_and_with_the_use_of_another(served: Served) -> None:
    owner = await served.owner()
    old, one, other = [await create_login_link(served.database, owner.id) for _ in range(3)]
    digest = "sha256($2::text::bytea)"
    await served.database.execute(
        f"UPDATE login_links SET expires_at = $1 WHERE token_digest = {digest}", 1_700_000_000_000, old
    )
    assert (await served.client.get("/welcome", params={"token": old})).status_code == 410
    await served.client.post("/welcome", data={"token": one, "password": PASSWORD}, headers=FROM_HERE)
    assert (await served.client.get("/welcome", params={"token": other})).status_code == 410


async def test_a_new_password_by_link_ends_all_sessions(served: Served) -> None:
    ada = await served.user(password="the old password")
    stolen = await served.cookie(ada.id)
    assert (await served.client.get("/api/who", headers=stolen)).status_code == 200
    token = await create_login_link(served.database, ada.id)
    answer = await served.client.post("/welcome", data={"token": token, "password": PASSWORD}, headers=FROM_HERE)
    assert answer.headers["location"] == "/"
    served.client.cookies.clear()
    assert (await served.client.get("/api/who", headers=stolen)).status_code == 401
    assert len(await list_sessions(served.database, ada.id)) == 1


async def test_a_made_up_link_is_no_link(served: Served) -> None:
    await served.owner()
    for token in ("", "x", "\x00", "'\"><script>alert(1)</script>", "é" * 500):
        page = await served.client.get("/welcome", params={"token": token})
        assert page.status_code == 410, token
        assert "<script>alert" not in page.text
        form = {"token": token, "password": PASSWORD}
        assert (await served.client.post("/welcome", data=form, headers=FROM_HERE)).status_code == 410


async def test_links_and_sign_up_are_refused_from_other_sites(served: Served) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "open")
    token = await create_login_link(served.database, owner.id)
    elsewhere = {"Origin": "https://evil.example"}
    form = {"token": token, "username": "eve", "password": PASSWORD}
    for path in ("/welcome", "/signup"):
        assert (await served.client.post(path, data=form, headers=elsewhere)).status_code == 403
    assert len(await list_members(served.database)) == 1


async def test_sign_up_is_closed_until_somebody_opens_it(served: Served) -> None:
    await served.owner()
    form = {"username": "eve", "password": PASSWORD}
    assert (await served.client.get("/signup")).status_code == 403
    assert (await served.client.post("/signup", data=form, headers=FROM_HERE)).status_code == 403
    assert await find_user(served.database, "eve") is None


async def test_open_sign_up_makes_a_member_and_signs_them_in(served: Served) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "open")
    form = {"username": "Eve", "password": PASSWORD, "email": "eve@example.com"}
    answer = await served.client.post("/signup", data=form, headers=FROM_HERE, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    who = await served.client.get("/api/who")
    assert who.json() == {"user": "eve", "scope": "full", "role": "member", "zone": "UTC"}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"username": "owner"}, "this username is taken"),
        ({"username": "OWNER"}, "this username is taken"),
        ({"username": "two words"}, "letters, digits"),
        ({"username": "<b>x</b>"}, "letters, digits"),
        ({"username": ""}, "letters, digits"),
        ({"email": "nonsense"}, "is not an e-mail address"),
        ({"email": "OWNER@example.com"}, "in use"),
        ({"password": "short"}, "10 characters"),
        ({"password": "x" * 1025}, "1024 characters"),
    ],
)
async def test_what_is_wrong_with_a_sign_up_is_said_beside_its_field(
    served: Served, form: dict[str, str], told: str
) -> None:
    owner = await served.owner()
    await served.database.execute("UPDATE users SET email = 'owner@example.com' WHERE id = $1", owner.id)
    await change_policy(served.database, owner.id, "open")
    good = {"username": "eve", "password": PASSWORD, "email": "eve@example.com"}
    answer = await served.client.post("/signup", data={**good, **form}, headers=FROM_HERE)
    assert answer.status_code == 400
    assert told in html.unescape(answer.text)
    assert "<b>x</b>" not in answer.text
    assert len(await list_members(served.database)) == 1


async def test_an_invitation_lets_one_person_in_with_its_role(served: Served) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "invite")
    token = await create_invitation(served.database, owner.id, "admin", "for Eve")
    assert (await served.client.get("/signup")).status_code == 403
    page = await served.client.get("/signup", params={"invite": token})
    assert page.status_code == 200
    assert re.search(r"owner</strong> has invited you", page.text)
    form = {"username": "eve", "password": PASSWORD, "invite": token}
    assert (await served.client.post("/signup", data=form, headers=FROM_HERE)).status_code == 303
    assert (await served.client.get("/api/who")).json()["role"] == "admin"
    served.client.cookies.clear()
    again = await served.client.post("/signup", data={**form, "username": "mallory"}, headers=FROM_HERE)
    assert again.status_code == 403
    assert await find_user(served.database, "mallory") is None
    assert await list_invitations(served.database) == []


async def test_a_failed_sign_up_leaves_the_invitation_good(served: Served) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "invite")
    token = await create_invitation(served.database, owner.id, "member")
    form = {"username": "owner", "password": PASSWORD, "invite": token}
    assert (await served.client.post("/signup", data=form, headers=FROM_HERE)).status_code == 400
    assert (await served.client.post("/signup", data={**form, "username": "eve"}, headers=FROM_HERE)).status_code == 303


async def test_an_invitation_can_be_withdrawn_and_names_itself_by_no_secret(served: Served) -> None:
    owner = await served.owner()
    await change_policy(served.database, owner.id, "invite")
    token = await create_invitation(served.database, owner.id, "member", "note")
    (listed,) = await list_invitations(served.database)
    assert listed.note == "note"
    assert listed.id != token
    assert (await served.client.get("/signup", params={"invite": listed.id})).status_code == 403
    await revoke_invitation(served.database, owner.id, listed.id)
    assert (await served.client.get("/signup", params={"invite": token})).status_code == 403
    with pytest.raises(NotFound):
        await revoke_invitation(served.database, owner.id, listed.id)
    with pytest.raises(NotFound):
        await revoke_invitation(served.database, owner.id, "not hex")


async def test_nobody_gives_a_role_above_their_own(served: Served) -> None:
    owner, admin, member = await served.owner(), await served.user("eve", "admin"), await served.user("ada")
    with pytest.raises(Conflict):
        await create_invitation(served.database, owner.id, "member")
    await change_policy(served.database, admin.id, "invite")
    with pytest.raises(Forbidden):
        await create_invitation(served.database, admin.id, "admin")
    with pytest.raises(Forbidden):
        await create_invitation(served.database, member.id, "member")
    with pytest.raises(Forbidden):
        await change_policy(served.database, member.id, "open")


async def test_an_invitation_of_somebody_who_lost_the_role_gives_it_to_nobody(served: Served) -> None:
    owner, other = await served.owner(), await served.user("eve", "owner")
    await change_policy(served.database, owner.id, "invite")
    token = await create_invitation(served.database, other.id, "admin")
    await change_role(served.database, owner.id, other.id, "member")
    form = {"username": "mallory", "password": PASSWORD, "invite": token}
    assert (await served.client.post("/signup", data=form, headers=FROM_HERE)).status_code in (400, 403)
    assert await find_user(served.database, "mallory") is None
