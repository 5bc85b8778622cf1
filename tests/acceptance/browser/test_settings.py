"""The forms of the settings: what they say is what happens, to the account, its keys, its time and its privacy."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from browsing import Windows
from devtime.store.database import Database
from instances import PASSWORD, Instance, Resident
from past import make_past


def beat(time_ms: int, project: str = "orbit", **fields: Any) -> dict[str, Any]:
    """A heartbeat of an editor."""
    return {"tool": "vscode", "timestamp": time_ms, "project": project, "machine_id": "laptop", **fields}


def save(page: Page, action: str, told: str = "Saved.") -> None:
    """Send the form of that address and wait for the word that it was done."""
    page.locator(f"form[action='{action}'] .actions button").click()
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


def ask(instance: Instance, key: str, path: str) -> int:
    """The status of a request that shows the key."""
    return httpx.get(instance.address + path, headers={"X-API-Key": key}, trust_env=False).status_code


@pytest.mark.parametrize(
    ("scope", "may_send", "may_read", "may_change"),
    [("ingest", True, False, False), ("read", False, True, False), ("full", True, True, True)],
)
def test_a_key_is_shown_once_does_what_it_may_and_ends_when_revoked(
    windows: Windows, instance: Instance, ada: Resident, scope: str, may_send: bool, may_read: bool, may_change: bool
) -> None:
    page = windows.open(ada)
    page.goto("/settings/keys")
    page.get_by_label("Name").fill("laptop, VS Code")
    page.locator(f"[name=scope][value={scope}]").check()
    page.get_by_role("button", name="Make the key").click()
    key = page.get_by_label("New key", exact=True).inner_text()
    assert key.startswith("dt_")
    page.goto("/settings/keys")
    assert key not in page.content()
    row = page.get_by_role("row", name="laptop, VS Code")
    expect(row).to_contain_text("never")
    headers = {"X-API-Key": key}
    with httpx.Client(base_url=instance.address, headers=headers, trust_env=False) as client:
        sent = client.post("/api/heartbeat", json=beat(int(time.time() * 1_000)))
        read = client.get("/api/stats")
        changed = client.post("/api/keys", json={"name": "another", "scope": "read"})
    assert [answer.status_code < 400 for answer in (sent, read, changed)] == [may_send, may_read, may_change]
    page.get_by_role("button", name="Revoke laptop, VS Code").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The key is revoked.")).to_be_visible()
    expect(row).to_be_hidden()
    assert ask(instance, key, "/api/stats") == 401


def test_the_time_zone_moves_the_day_a_heartbeat_belongs_to(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(zone="UTC")
    late_ms = int(datetime(2026, 3, 10, 23, 30, tzinfo=UTC).timestamp() * 1_000)
    instance.send(ada, [beat(late_ms), beat(late_ms + 240_000)])
    page = windows.open(ada)
    page.goto("/day/2026-03-10")
    expect(page.locator(".hero-value")).to_have_text("4m")
    page.goto("/settings")
    page.get_by_label("Time zone").fill("Asia/Tokyo")
    save(page, "/settings/time")
    page.goto("/day/2026-03-10")
    expect(page.get_by_role("heading", name="A day without activity")).to_be_visible()
    page.goto("/day/2026-03-11")
    expect(page.locator(".hero-value")).to_have_text("4m")
    expect(page.locator("table time").first).to_have_text("08:30")
    page.goto("/settings")
    page.get_by_label("Time zone").fill("Atlantis/Capital")
    page.locator("form[action='/settings/time'] .actions button").click()
    expect(page.get_by_text("is not an IANA time zone")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Atlantis/Capital")


def test_a_longer_timeout_counts_longer_pauses_after_a_moment(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(zone="UTC")
    noon_ms = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp() * 1_000)
    instance.send(ada, [beat(noon_ms), beat(noon_ms + 20 * 60_000)])
    page = windows.open(ada)
    page.goto("/day/2026-03-10")
    expect(page.locator(".hero-value")).to_have_text("0m")
    page.goto("/settings")
    page.get_by_label("Timeout, in minutes").fill("30")
    save(page, "/settings/time")
    for _ in range(100):
        page.goto("/day/2026-03-10")
        if page.locator(".hero-value").inner_text() != "0m":
            break
        page.wait_for_timeout(200)
    expect(page.locator(".hero-value")).to_have_text("20m")


def test_privacy_hashes_drops_and_excludes_what_comes_and_what_was(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(zone="UTC")
    now_ms = int(time.time() * 1_000) - 3_600_000
    told = {"file": "/home/ada/orbit/secret_plan.py", "branch": "feature/secret"}
    instance.send(ada, [beat(now_ms, **told), beat(now_ms + 60_000, "client-acme", **told)])
    page = windows.open(ada)
    page.goto("/heartbeats?range=7d")
    expect(page.get_by_title("/home/ada/orbit/secret_plan.py").first).to_be_visible()
    page.goto("/settings/privacy")
    page.get_by_role("group", name="File paths").get_by_label("Hash").check()
    page.get_by_role("group", name="Branches").get_by_label("Leave out").check()
    page.get_by_label("Projects never recorded").fill("client-*\n")
    save(page, "/settings/privacy")
    instance.send(ada, [beat(now_ms + 120_000, **told), beat(now_ms + 180_000, "client-acme", **told)])
    page.goto("/heartbeats?range=7d")
    assert page.locator("table.heartbeats tbody tr").count() == 3
    assert page.content().count("secret_plan") > 0, "what was recorded before is not touched unasked"
    page.goto("/settings/privacy")
    page.get_by_label("Apply to what is stored already").check()
    save(page, "/settings/privacy", "Saved, and applied to what was stored.")
    page.goto("/heartbeats?range=7d")
    assert page.locator("table.heartbeats tbody tr").count() == 2
    for word in ("secret", "client-acme"):
        assert word not in page.content()


def test_a_part_of_the_history_is_deleted_and_no_more(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(zone="UTC")
    noon_ms = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp() * 1_000)
    day_ms = 86_400_000
    instance.send(ada, [beat(noon_ms + day * day_ms, project) for day in (0, 1, 2) for project in ("orbit", "moon")])
    page = windows.open(ada)
    page.goto("/settings/data")
    page.get_by_text("Delete heartbeats…").click()
    form = page.locator("form[action='/settings/data/delete']")
    form.get_by_label("From").fill("2026-03-11")
    form.get_by_label("To, included").fill("2026-03-12")
    form.get_by_label("Only of this project").fill("moon")
    form.get_by_label("Type “delete”").fill("delete")
    form.get_by_role("button", name="Delete them").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    form.get_by_role("button", name="Delete them").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete them").click()
    expect(page.get_by_text("Deleted 2 heartbeats.")).to_be_visible()
    page.goto("/projects?range=all&sort=name")
    assert page.locator("table.projects tbody tr td:nth-child(6)").all_inner_texts() == ["1", "3"]


def test_retention_is_saved_and_can_be_taken_back(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada)
    page.goto("/settings/data")
    for days in ("90", ""):
        page.get_by_label("Days, empty for ever").fill(days)
        save(page, "/settings/data/retention")
        expect(page.get_by_label("Days, empty for ever")).to_have_value(days)


def test_a_new_password_ends_the_other_sessions_only(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(password=PASSWORD)
    page, elsewhere = windows.open(ada), windows.open()
    elsewhere.goto("/login")
    elsewhere.get_by_label("User name or e-mail").fill(ada.name)
    elsewhere.get_by_label("Password").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Log in").click()
    expect(elsewhere.get_by_text("Nothing has arrived yet")).to_be_visible()
    page.goto("/settings")
    page.get_by_label("Current password").fill("not it, surely")
    page.get_by_label("New password").fill("a longer sentence than before")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("is not your password")).to_be_visible()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("a longer sentence than before")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    elsewhere.goto("/settings")
    expect(elsewhere).to_have_url(f"{instance.address}/login?next=/settings")
    assert ask(instance, ada.key, "/api/stats") == 200


def test_an_account_is_renamed_unless_the_name_is_taken_or_odd(windows: Windows, instance: Instance) -> None:
    ada, bob = instance.settle(), instance.settle()
    page = windows.open(ada)
    page.goto("/settings")
    name = page.get_by_label("User name", exact=True)
    for wrong, told in ((bob.name, "taken"), ("no spaces", "takes 1 to 64 letters")):
        name.fill(wrong)
        page.locator("form[action='/settings/account'] button").click()
        expect(page.locator("#n-username")).to_contain_text(told)
        expect(name).to_have_value(wrong)
    name.fill(f"{ada.name}.new")
    page.get_by_label("Name shown to others").fill("Ada Lovelace")
    save(page, "/settings/account")
    expect(page.get_by_label(f"Menu of {ada.name}.new")).to_be_visible()


def test_a_deleted_account_is_gone_with_its_keys_and_heartbeats(windows: Windows, instance: Instance) -> None:
    ada = instance.settle(password=PASSWORD)
    instance.send(ada, make_past(41, "UTC", 1)[:30])
    page = windows.open(ada)
    page.goto("/settings")
    page.get_by_text("Delete my account…").click()
    for name, password, told in ((ada.name, "wrong", "is not right"), ("bob", PASSWORD, "is not your user name")):
        delete_account(page, name, password)
        expect(page.get_by_text(told)).to_be_visible()
    delete_account(page, ada.name, PASSWORD)
    expect(page).to_have_url(f"{instance.address}/login")
    assert ask(instance, ada.key, "/api/stats") == 401

    async def count(database: Database) -> int:
        return await database.fetchval("SELECT count(*) FROM heartbeats WHERE user_id = $1", ada.id)

    assert instance.reach(count) == 0
    page.goto("/settings")
    expect(page).to_have_url(f"{instance.address}/login?next=/settings")


def delete_account(page: Page, name: str, password: str) -> None:
    """Fill in the last form and say yes."""
    page.get_by_label("Your user name, to be sure").fill(name)
    page.locator("[name=confirm_password]").fill(password)
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete everything").click()
