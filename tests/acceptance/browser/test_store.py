"""The store of plugins in a real browser: finding, installing with consent, settings, updates, removal, moderation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import WIDTHS, Windows, find_barriers
from devtime.marketplace.drafts import Draft
from devtime.marketplace.publishing import publish
from devtime.store.database import Database
from instances import Instance, Resident

EVIL = "<script>window.owned=1</script><img src=x onerror=window.owned=1>"
SCHEMA = {
    "type": "object",
    "required": ["city"],
    "properties": {
        "city": {"type": "string", "title": "City", "minLength": 2},
        "goal": {"type": "integer", "title": "Hours a day", "minimum": 1, "maximum": 16, "default": 6},
        "notify": {"type": "boolean", "title": "Tell me", "default": True},
    },
}


@pytest.fixture(scope="module")
def author(instance: Instance) -> Resident:
    return instance.settle()


@pytest.fixture(scope="module")
def issue(instance: Instance, author: Resident) -> Callable[..., None]:
    """Publishes a version as the author."""

    def issue(name: str, by: Resident = author, **fields: Any) -> None:
        draft = Draft(name=name, display_name=fields.pop("display_name", name.replace("-", " ").title()), **fields)

        async def work(database: Database) -> None:
            await publish(database, by.id, draft)

        instance.reach(work)

    return issue


def answer_yes(page: Page, button: str) -> None:
    """Say yes in the dialog that asks."""
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def test_a_plugin_is_found_installed_with_consent_set_updated_removed_and_back(
    windows: Windows, ada: Resident, issue: Callable[..., None]
) -> None:
    grants = {"hosts": ["api.weather.example"], "scopes": []}
    issue("weather-bar", description="Rain over your hours.", version="1.0.0", script="container.textContent = 1;\n",
          settings_schema=SCHEMA, grants=grants, category="fun", icon="🌧")  # fmt: skip
    page = windows.open(ada)
    page.goto("/plugin-store")
    expect(page.get_by_role("heading", name="Is it safe?")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("rain over")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Weather Bar").click()
    expect(page.get_by_role("listitem").filter(has_text="It never sees passwords")).to_be_visible()
    box = page.get_by_label("It may exchange data with api.weather.example")
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_role("button", name="Install").click()
    expect(page.get_by_text("“Weather Bar” is installed")).to_be_visible()
    expect(page.get_by_text("allowed", exact=True)).to_be_visible()

    page.get_by_role("link", name="Settings and log").click()
    page.get_by_label("City").fill("x")
    page.get_by_label("Hours a day").fill("8")
    page.locator("form[action$='/settings']").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("City has 2 characters at least.")).to_be_visible()
    expect(page.get_by_label("Hours a day")).to_have_value("8")
    page.get_by_label("City").fill("Bern")
    page.get_by_label("Tell me").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("City")).to_have_value("Bern")
    expect(page.get_by_label("Tell me")).not_to_be_checked()

    more = {"hosts": ["api.weather.example"], "scopes": ["write"]}
    issue("weather-bar", version="1.1.0", script="container.textContent = 2;\n", grants=more, changelog="Snow, too.")
    page.goto("/plugins")
    expect(page.get_by_text("update waits").or_(page.get_by_text("asks for more than you allowed"))).to_be_visible()
    page.get_by_role("link", name="Weather Bar", exact=True).click()
    expect(page.get_by_role("heading", name="Version 1.1.0 waits for you")).to_be_visible()
    page.get_by_text("What changed in the script").click()
    expect(page.locator(".diff-added")).to_contain_text("container.textContent = 2;")
    expect(page.locator(".diff-removed")).to_contain_text("container.textContent = 1;")
    asked = page.locator("form[action$='/accept']")
    expect(asked.get_by_text("new", exact=True)).to_be_visible()
    expect(asked.get_by_label("api.weather.example")).to_be_checked()
    page.get_by_role("button", name="Update to 1.1.0").click()
    expect(page.get_by_text("Version 1.1.0 runs from now on.")).to_be_visible()
    expect(page.get_by_text("refused", exact=True)).to_be_visible()

    page.get_by_role("button", name="Uninstall").click()
    expect(page.get_by_text("“Weather Bar” is removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("“Weather Bar” is back.")).to_be_visible()
    page.get_by_role("link", name="Settings of Weather Bar").click()
    expect(page.get_by_label("City")).to_have_value("Bern")
    expect(page.get_by_label("It may exchange data with api.weather.example")).to_be_checked()
    expect(page.get_by_label("It may change what you have here")).not_to_be_checked()


def test_a_plugin_is_published_from_a_file_and_gets_a_new_version(
    windows: Windows, author: Resident, ada: Resident, tmp_path: Path
) -> None:
    file = tmp_path / "mine.ctplugin"
    file.write_text('{"name": "from-a-file", "display_name": "From a File", "script": "container.textContent = 1"}')
    page = windows.open(author)
    page.goto("/plugins/publish")
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Title")).to_have_value("From a File")
    page.get_by_label("Version", exact=True).fill("one")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#n-version")).to_contain_text("is like 1.4.0")
    page.get_by_label("Version", exact=True).fill("1.0.0")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is in the store.")).to_be_visible()
    page.get_by_role("link", name="Publish a new version").click()
    page.get_by_label("Version", exact=True).fill("1.0.1")
    page.locator("#f-script").fill("container.textContent = 'two'")
    page.get_by_label("What is new in this version").fill("Says two.")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text("The new version is in the store.")).to_be_visible()
    page.get_by_role("link", name="changes in 1.0.1").click()
    expect(page.locator(".diff-added")).to_contain_text("'two'")
    with page.expect_download() as got:
        page.goto("/plugin/from-a-file")
        page.get_by_role("link", name="Download as a file").click()
    assert "container.textContent = 'two'" in got.value.path().read_text()
    page.goto("/plugins/mine")
    page.get_by_role("button", name="Delete From a File").click()
    answer_yes(page, "Delete")
    expect(page.get_by_text("“From a File” is out of the store.")).to_be_visible()
    other = windows.open(ada)
    assert other.goto("/plugin/from-a-file").status == 404


def test_reports_reach_the_admin_and_a_ban_holds_at_once(
    windows: Windows, instance: Instance, ada: Resident, issue: Callable[..., None]
) -> None:
    issue("bad-apple", script="x()")
    page, admin = windows.open(ada), windows.open(instance.settle(role="admin"))
    page.goto("/plugin/bad-apple")
    page.get_by_role("button", name="Install").click()
    page.get_by_text("Report this plugin…").click()
    page.get_by_label("What is wrong with it").select_option("malware")
    page.get_by_label("Tell more").fill(EVIL)
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_text("Reported.")).to_be_visible()
    assert page.goto("/plugins/reports").status == 403
    admin.goto("/plugins/reports")
    row = admin.get_by_role("listitem").filter(has_text="Bad Apple")
    expect(row).to_contain_text(EVIL)
    row.get_by_role("button", name="Ban Bad Apple").click()
    answer_yes(admin, "Ban")
    expect(admin.get_by_text("is banned: it runs for nobody from now on")).to_be_visible()
    assert page.goto("/plugin/bad-apple").status == 404
    page.goto("/plugins")
    expect(page.get_by_text("An admin of this server has banned it")).to_be_visible()
    page.goto("/plugin-store?q=bad-apple")
    expect(page.get_by_role("heading", name="No plugin is about “bad-apple”")).to_be_visible()
    admin.get_by_role("button", name="Settle the report").click()
    expect(admin.get_by_text("settled", exact=True)).to_be_visible()
    page.goto("/plugins")
    page.get_by_role("button", name="Uninstall Bad Apple").click()
    expect(page.get_by_text("“Bad Apple” is not installed any more.")).to_be_visible()
    admin.get_by_role("button", name="Lift the ban of Bad Apple").click()
    expect(admin.get_by_text("The ban of “Bad Apple” is lifted.")).to_be_visible()
    assert page.goto("/plugin/bad-apple").status == 200


def test_words_of_strangers_stay_words(
    windows: Windows, instance: Instance, ada: Resident, issue: Callable[..., None]
) -> None:
    setting = {"type": "string", "title": EVIL, "description": EVIL, "default": EVIL}
    issue(
        "evil-words",
        display_name=f"Evil {EVIL}",
        description="</title>" + EVIL[:60],
        version="1.0.0",
        script=f"// {EVIL}\n",
        changelog=EVIL,
        settings_schema={"type": "object", "properties": {"a": setting}},
    )
    page = windows.open(ada)
    page.goto("/plugin/evil-words")
    page.get_by_label("4 ★").check()
    page.get_by_label("Write a review").fill(EVIL)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".review-body")).to_have_text(EVIL)
    page.get_by_role("button", name="Install").click()
    for path in ("", "/source", "/settings"):
        page.goto(f"/plugin/evil-words{path}")
        assert page.evaluate("window.owned") is None
        assert page.locator("main img, main script").count() == 0
    expect(page.locator("[name='s.a']")).to_have_value(EVIL)
    page.goto("/plugin-store?q=" + "%3Cscript%3Ewindow.owned=1%3C/script%3E")
    assert page.evaluate("window.owned") is None
    page.goto("/plugin/evil-words")
    page.get_by_role("button", name="Take the review back").click()
    expect(page.get_by_text("Your review is gone.")).to_be_visible()


def test_forms_of_other_sites_are_refused(instance: Instance, ada: Resident, issue: Callable[..., None]) -> None:
    issue("well-guarded", script="1")
    with instance.client() as client:
        client.cookies.set("devtime_session", ada.session)
        for path in (
            "/plugin/well-guarded/install",
            "/plugins/publish",
            "/themes/apply",
            "/plugin/well-guarded/report",
        ):
            told = client.post(path, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
            assert told.status_code == 403, path


def test_a_stranger_may_look_and_not_touch(windows: Windows, instance: Instance, issue: Callable[..., None]) -> None:
    issue("open-window", script="let a = 1;")
    page = windows.open(has_scripts=False)
    page.goto("/plugin-store?q=open-window")
    page.get_by_role("link", name="Open Window").click()
    expect(page.get_by_role("link", name="Log in").last).to_have_attribute("href", "/login?next=/plugin/open-window")
    page.get_by_role("link", name="Read the source").first.click()
    expect(page.get_by_text("let a = 1;")).to_be_visible()
    with instance.client() as client:
        assert client.get("/plugin/open-window.json").json()["card"]["name"] == "open-window"
        assert client.get("/plugin-store.json").json()["total"] >= 1
        assert client.get("/plugin/open-window.js").headers["content-type"].startswith("text/plain")
        assert client.post("/plugin/open-window/install").status_code in (401, 403)


def test_a_theme_is_tried_worn_made_and_published(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    page = windows.open(ada)
    page.goto("/themes/new")
    page.get_by_role("textbox", name="--bg", exact=True).fill("url(https://evil.example)")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("is no colour such as")).to_be_visible()
    file = tmp_path / "night.json"
    colours = {"--bg": "#101820", "--bg-card": "#18222c", "--accent": "#ffb454", "--text-dark": "#303030"}
    theme = {"name": "harbour-night", "display_name": "Harbour Night", "variables": {**colours, "--evil": "red"}}
    file.write_text(json.dumps(theme))
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("--evil")).to_be_visible()
    expect(page.get_by_text("Hard to read:")).to_be_visible()
    page.get_by_role("textbox", name="--text-dark", exact=True).fill("")
    page.get_by_role("button", name="Publish for everybody").click()
    expect(page.get_by_text("“Harbour Night” is published, and in use.")).to_be_visible()
    assert ground(page) == "rgb(16, 24, 32)"
    page.goto("/settings")
    assert ground(page) == "rgb(16, 24, 32)"
    page.get_by_role("button", name="Switch between light and dark").click()
    assert ground(page) == "rgb(246, 246, 247)", "light stays as it is"
    page.goto("/themes")
    page.get_by_role("button", name="Use DevTime’s own colours").click()
    expect(page.get_by_text("The pages look as they came.")).to_be_visible()
    page.goto("/themes?try=harbour-night")
    assert ground(page) == "rgb(16, 24, 32)"
    page.goto("/themes")
    assert ground(page) != "rgb(16, 24, 32)"


def ground(page: Page) -> str:
    """The colour of the page."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize(
    "path",
    ["/plugin-store", "/plugin/many-words", "/plugin/many-words/source", "/plugin/many-words/settings", "/plugins",
     "/plugins/mine", "/plugins/publish", "/plugins/reports", "/themes", "/themes/new"],
)  # fmt: skip
def test_a_page_of_the_store_is_accessible(
    windows: Windows, instance: Instance, issue: Callable[..., None], path: str
) -> None:
    admin = instance.settle(role="admin")
    issue("many-words", description="Words " * 14, version="1.0.0", script="let a;\n" * 5, settings_schema=SCHEMA,
          grants={"hosts": ["api.example.org"], "scopes": ["write"]}, changelog="New.")  # fmt: skip
    page = windows.open(admin)
    page.goto("/plugin/many-words")
    if page.get_by_role("button", name="Install").count():
        page.get_by_role("button", name="Install").click()
    page.goto(path)
    assert find_barriers(page) == []
    assert set(WIDTHS) == {1280, 390}
