"""From the printed link to a colleague's account: an instance of its own, in its first minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browsing import Windows
from database import TestServer
from instances import PASSWORD, Instance, Resident, run_fresh


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A DevTime that nobody has signed in to, in place of the one the other tests share."""
    with run_fresh(test_server, tmp_path_factory.mktemp("fresh")) as running:
        yield running


@pytest.fixture
def admin(instance: Instance) -> Resident:
    return instance.settle(role="admin")


def fill_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """The form of `/login` or `/signup`."""
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").click()


def choose_policy(page: Page, label: str) -> None:
    """Who may sign up, as an admin chooses it."""
    page.goto("/settings/people")
    page.get_by_label(label).check()
    page.locator("form[action='/settings/people/policy'] button").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def invite(page: Page, note: str) -> str:
    """The link of a new invitation."""
    page.goto("/settings/people")
    page.get_by_label("Who is it for?").fill(note)
    page.get_by_role("button", name="Make an invitation").click()
    expect(page.get_by_role("heading", name=f"Link for {note}")).to_be_visible()
    return page.locator(".card-good code").inner_text()


def test_the_printed_link_signs_the_owner_in_once_and_asks_for_a_password(windows: Windows, instance: Instance) -> None:
    page = windows.open()
    page.goto("/heartbeats")
    expect(page).to_have_url(f"{instance.address}/login?next=/heartbeats")
    page.goto(instance.owner_link)
    expect(page.get_by_role("heading", name="Welcome to DevTime")).to_be_visible()
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    assert page.url == instance.owner_link, "the browser itself refuses a short password"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page).to_have_url(f"{instance.address}/connect")
    expect(page.get_by_text("Waiting for the first heartbeat")).to_be_visible()
    other = windows.open()
    other.goto(instance.owner_link)
    expect(other.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_a_password_signs_in_and_the_menu_out_again(windows: Windows, instance: Instance) -> None:
    frank = instance.settle("frank", password=PASSWORD)
    page = windows.open()
    page.goto("/login?next=/projects")
    fill_in(page, frank.name, "not the password")
    expect(page.get_by_text("password is wrong")).to_be_visible()
    assert page.locator("[name=username]").input_value() == frank.name
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{instance.address}/projects")
    page.get_by_label("Menu of frank").click()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{instance.address}/login")
    page.goto("/projects")
    expect(page).to_have_url(f"{instance.address}/login?next=/projects")


def test_nobody_signs_up_until_an_admin_allows_it(windows: Windows, admin: Resident) -> None:
    stranger, office = windows.open(), windows.open(admin)
    choose_policy(office, "Nobody")
    stranger.goto("/signup")
    expect(stranger.get_by_text("New accounts cannot be made on this server")).to_be_visible()
    assert stranger.locator("[name=password]").count() == 0
    choose_policy(office, "Anyone who can reach this server")
    stranger.goto("/login")
    stranger.get_by_role("link", name="Sign up").click()
    fill_in(stranger, "eve")
    expect(stranger.get_by_text("Waiting for the first heartbeat")).to_be_visible()
    stranger.goto("/settings")
    assert stranger.get_by_role("link", name="People").count() == 0
    answer = stranger.goto("/settings/people")
    assert answer is not None
    assert answer.status == 403


def test_an_invitation_makes_one_account(windows: Windows, admin: Resident) -> None:
    guest, late, office = windows.open(), windows.open(), windows.open(admin)
    choose_policy(office, "Invited people")
    guest.goto("/signup")
    expect(guest.get_by_text("New accounts need an invitation")).to_be_visible()
    link = invite(office, "Grace <3")
    office.goto("/settings/people")
    assert link not in office.content()
    expect(office.get_by_role("row", name="Grace <3")).to_be_visible()
    guest.goto(link)
    expect(guest.get_by_text(f"{admin.name} has invited you")).to_be_visible()
    fill_in(guest, "grace")
    expect(guest.get_by_text("Waiting for the first heartbeat")).to_be_visible()
    late.goto(link)
    expect(late.get_by_text("New accounts need an invitation")).to_be_visible()
    office.reload()
    expect(office.get_by_role("row", name="grace", exact=False)).to_contain_text("member")


def test_an_invitation_can_be_withdrawn(windows: Windows, admin: Resident) -> None:
    guest, office = windows.open(), windows.open(admin)
    choose_policy(office, "Invited people")
    link = invite(office, "Heidi")
    office.get_by_role("button", name="Withdraw the invitation for Heidi").click()
    expect(office.get_by_text("The invitation is withdrawn.")).to_be_visible()
    guest.goto(link)
    expect(guest.get_by_text("New accounts need an invitation")).to_be_visible()


def test_a_disabled_account_is_out_at_once_until_it_is_enabled(
    windows: Windows, instance: Instance, admin: Resident
) -> None:
    mallory = instance.settle("mallory")
    outsider, office = windows.open(mallory), windows.open(admin)
    outsider.goto("/projects")
    expect(outsider.get_by_role("heading", name="Projects")).to_be_visible()
    office.goto("/settings/people")
    office.get_by_label("Change mallory").click()
    office.get_by_role("button", name="Disable").click()
    expect(office.get_by_text("The account is locked out")).to_be_visible()
    outsider.goto("/projects")
    expect(outsider).to_have_url(f"{instance.address}/login?next=/projects")
    with instance.client(mallory) as client:
        assert client.get("/api/stats").status_code == 401
    office.get_by_label("Change mallory").click()
    office.get_by_role("button", name="Enable").click()
    expect(office.get_by_text("The account may sign in again")).to_be_visible()
    with instance.client(mallory) as client:
        assert client.get("/api/stats").status_code == 200
