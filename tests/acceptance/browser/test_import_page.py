"""Bringing history in through the page: progress, what came of it, files that are none, the same file again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Windows
from instances import Instance, Resident
from past import make_past


def upload(page: Page, file: Path) -> None:
    """Choose the file and send the form."""
    page.goto("/settings/data")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    page.locator(".job", has_text=file.name).first.wait_for()


def job(page: Page, name: str) -> Locator:
    """The newest import of a file of that name."""
    return page.locator(".job", has_text=name).first


@pytest.fixture
def history(tmp_path: Path, ada: Resident) -> Path:
    """A year of a made-up developer, packed."""
    file = tmp_path / "history.json.gz"
    file.write_bytes(gzip.compress(json.dumps(make_past(31, ada.zone, 60)).encode(), 1))
    return file


def test_an_import_shows_its_progress_and_then_its_heartbeats_without_a_reload(
    windows: Windows, instance: Instance, ada: Resident, history: Path
) -> None:
    count = len(json.loads(gzip.decompress(history.read_bytes())))
    page = windows.open(ada)
    upload(page, history)
    page.evaluate("window.wasNotReloaded = true")
    expect(page.get_by_role("progressbar", name="Import of history.json.gz")).to_be_visible()
    expect(job(page, history.name)).to_contain_text("done", timeout=60_000)
    expect(job(page, history.name)).to_contain_text(f"{count:,} new, 0 already there, 0 rejected")
    expect(page.get_by_role("progressbar", name="Import of history.json.gz")).to_be_hidden()
    assert page.evaluate("window.wasNotReloaded")
    page.goto("/range?range=all")
    with instance.client(ada) as client:
        assert client.get("/api/stats", params={"range": "all"}).json()["heartbeats"] == count
    expect(page.get_by_role("heading", name="Hours of the week")).to_be_visible()


def test_the_same_file_twice_does_no_harm(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    file = tmp_path / "some.json"
    file.write_text(json.dumps(make_past(32, ada.zone, 1)[:40]))
    page = windows.open(ada)
    for told in ("40 new, 0 already there, 0 rejected", "0 new, 40 already there, 0 rejected"):
        upload(page, file)
        expect(job(page, file.name)).to_contain_text(told, timeout=30_000)


def test_rows_that_cannot_be_read_are_told_and_cost_no_other(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    good = make_past(33, ada.zone, 1)[:10]
    file = tmp_path / "mixed.json"
    file.write_text(json.dumps([*good[:5], {**good[5], "timestamp": "yesterday"}, *good[6:]]))
    page = windows.open(ada)
    upload(page, file)
    expect(job(page, file.name)).to_contain_text("9 new, 0 already there, 1 rejected", timeout=30_000)
    page.get_by_text("Why rows were rejected").click()
    expect(page.get_by_text("Row 6:")).to_be_visible()


def test_a_file_that_is_no_history_is_refused_in_words(windows: Windows, ada: Resident, tmp_path: Path) -> None:
    file = tmp_path / "picture.json"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    page = windows.open(ada)
    upload(page, file)
    expect(job(page, file.name)).to_contain_text("failed", timeout=30_000)
    expect(job(page, file.name).locator(".field-error")).to_contain_text("The file is neither JSON nor a table")


def test_what_is_exported_is_already_there_when_imported(
    windows: Windows, instance: Instance, ada: Resident, tmp_path: Path
) -> None:
    instance.send(ada, make_past(34, ada.zone, 1)[:60])
    page = windows.open(ada)
    page.goto("/settings/data")
    for number, name in enumerate(("JSON", "CSV", "Everything, as an archive")):
        with page.expect_download() as downloading:
            page.get_by_text(name, exact=True).click()
        file = tmp_path / f"{number}-{downloading.value.suggested_filename}"
        downloading.value.save_as(file)
        upload(page, file)
        expect(job(page, file.name)).to_contain_text("0 new, 60 already there, 0 rejected", timeout=30_000)
