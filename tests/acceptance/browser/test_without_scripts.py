"""A browser without scripts: everything but what is live still works, by links and forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browsing import Windows
from instances import PASSWORD, Instance, Resident, afternoon_zone
from past import make_past


@pytest.fixture(scope="module")
def worker(instance: Instance) -> Resident:
    resident = instance.settle(zone=afternoon_zone(), password=PASSWORD)
    instance.send(resident, make_past(9, resident.zone, 2))
    return resident


def test_signing_in_looking_around_and_out_again(windows: Windows, instance: Instance, worker: Resident) -> None:
    page = windows.open(has_scripts=False)
    page.goto("/")
    page.get_by_label("User name or e-mail").fill(worker.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.get_by_label("Go to a day").fill("2026-02-03")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page).to_have_url(f"{instance.address}/day/2026-02-03")
    for name in ("Ranges", "Projects", "Heartbeats", "Connect", "Settings"):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_label(f"Menu of {worker.name}").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page).to_have_url(f"{instance.address}/login")


def test_filters_and_tables_of_charts(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker, has_scripts=False)
    page.goto("/range?range=7d")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_role("combobox", name="Project").select_option("harbor-api")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("columnheader", name="Day").first).to_be_visible()


def test_themes_keys_and_snippets(windows: Windows, worker: Resident) -> None:
    page = windows.open(worker, has_scripts=False)
    page.goto("/connect")
    expect(page.get_by_role("heading", name="Emacs")).to_be_visible()
    expect(page.get_by_role("heading", name="VS Code", exact=True)).to_be_visible()
    page.get_by_role("button", name="Make a key and fill it in").click()
    expect(page.get_by_text("The new key is filled into the snippets")).to_be_visible()
    assert "YOUR_KEY" not in page.content()
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/settings/keys")
    page.get_by_label("Name").fill("laptop")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("shown once")).to_be_visible()
    page.get_by_role("button", name="Revoke laptop").click()
    expect(page.get_by_text("The key is revoked.")).to_be_visible()


def test_importing_a_file(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    file = tmp_path / "heartbeats.json"
    file.write_text(json.dumps(make_past(10, ada.zone, 1)[:50]))
    page = windows.open(ada, has_scripts=False)
    page.goto("/settings/data")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The file is here")).to_be_visible()
    for _ in range(50):
        if page.get_by_text("50 new").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(page.get_by_text("50 new, 0 already there, 0 rejected")).to_be_visible()
