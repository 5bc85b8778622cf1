"""What people see when something is not there, not theirs, or broken: a page in words, with a way on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browsing import Windows, find_barriers
from database import TestServer
from devtime.store.database import Database
from instances import Instance, Resident, run_fresh


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A DevTime that may be broken."""
    with run_fresh(test_server, tmp_path_factory.mktemp("broken")) as running:
        yield running


@pytest.fixture
def broken(instance: Instance) -> Iterator[None]:
    """A server whose table of settings is gone for a while; what it logs meanwhile is as it should be."""

    def rename(before: str, after: str) -> None:
        async def run(database: Database) -> None:
            await database.execute(f"ALTER TABLE {before} RENAME TO {after}")

        instance.reach(run)

    rename("activity_settings", "hidden")
    yield
    rename("hidden", "activity_settings")


def visit(page: Page, path: str) -> int:
    """The status of the page."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no-such-page", 404),
        ("/project?name=never-heard-of", 404),
        ("/day/2026-02-30", 400),
        ("/range?start=yesterday", 400),
        ("/heartbeats?page=0", 400),
        ("/heartbeats?start=2026-01-02&end=2026-01-01", 400),
        ("/settings/people", 403),
        ("/settings/keys/9b2fd4a8-9a1c-4a43-9c1b-2b4a3f6d7e8f/revoke", 405),
    ],
)
def test_an_error_is_a_page_with_a_way_on(windows: Windows, ada: Resident, path: str, status: int) -> None:
    page = windows.open(ada)
    assert visit(page, path) == status
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Log in")).to_be_hidden()
    assert find_barriers(page) == []
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("path", ["/projects.json?range=tomorrow", "/day/2026-02-30.json", "/project.json?name=x"])
def test_the_json_twin_of_an_error_is_a_problem(windows: Windows, ada: Resident, path: str) -> None:
    page = windows.open(ada)
    answer = page.goto(path)
    assert answer is not None
    assert answer.header_value("content-type") == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status in (400, 404)
    assert problem["detail"]


def test_a_stranger_is_sent_to_sign_in_and_then_on(windows: Windows, instance: Instance) -> None:
    page = windows.open()
    page.goto("/range?range=year&project=a%26b")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert page.locator("main [name=next]").input_value() == "/range?range=year&project=a%26b"


class TestBroken:
    """A server with something missing."""

    def test_a_fault_of_the_server_is_told_without_its_insides(
        self, windows: Windows, instance: Instance, ada: Resident, broken: None
    ) -> None:
        page = windows.open(ada)
        assert visit(page, "/settings/privacy") == 500
        expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong")
        text = page.locator("main").inner_text()
        assert "in the server's log as" in text
        assert "activity_settings" not in page.content()
        assert text.split("log as ")[1].split(".")[0] in instance.log.read_text()
        assert find_barriers(page) == []
        windows.complaints.clear()
        instance.log.write_text("")
