"""Forms of the settings pages: what is wrong stands beside the field, and is not folded away."""

from __future__ import annotations

import re

import pytest

from desk import Desk
from devtime.activity.import_jobs import imports_folder


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [("2026-01-15", "2026-01-14", "lies before start"), ("soon", "2026-01-14", "is not a date such as")],
)
async def test_days_that_cannot_be_deleted_are_told_in_an_open_form(
    desk: Desk, start: str, end: str, told: str
) -> None:
    answer = await desk.client.post("/settings/data/delete", data={"start": start, "end": end, "confirm": "delete"})
    assert answer.status_code == 400
    form = re.search(r"<details[^>]*>(?:(?!</details>).)*/settings/data/delete.*?</details>", answer.text, re.DOTALL)
    assert form
    assert form[0].startswith('<details class="disclose" open>')
    assert told in form[0]


async def test_a_wrong_name_keeps_the_form_that_deletes_an_account_open(desk: Desk) -> None:
    answer = await desk.client.post("/settings/delete", data={"confirm_username": "somebody else"})
    assert answer.status_code == 400
    assert '<details class="disclose" open>' in answer.text
    assert "is not your user name" in answer.text


@pytest.mark.parametrize("form", [{"kind": "auto"}, {"kind": "excel"}])
async def test_an_upload_that_cannot_be_imported_is_told_on_the_page_and_leaves_nothing(
    desk: Desk, form: dict[str, str]
) -> None:
    files = {"file": ("a.json", b"[]" if form["kind"] == "excel" else b"")}
    answer = await desk.client.post("/settings/data/import", data=form, files=files)
    assert answer.status_code == 400
    assert 'class="field-error"' in answer.text
    assert list(imports_folder(desk.parts.settings.home).iterdir()) == []
