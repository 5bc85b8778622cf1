"""Every page with every kind of data: nothing escapes from a name, nothing needs an inline script or style."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from devtime.web.render import STATIC, TEMPLATES, render
from samples.names import HOSTILE
from samples.pages import NOBODY, Page, make_pages

PAGES = {page.name: page for page in make_pages()}
GETS = {
    "/day", "/range", "/projects", "/heartbeats", "/ai", "/ai/events", "/ai/sessions", "/ai/blocks", "/api/export/json",
    "/plugin-store",
}  # fmt: skip
VOID = {"meta", "link", "input", "br", "hr", "img", "col"}


class Reading(HTMLParser):
    """Reads a page as a browser's parser does, and notes what must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: Page) -> Reading:
    """The rendered page, read back; every element is closed where it was opened."""
    reading = Reading()
    reading.feed(render(page.template, page.view, page.chrome))
    reading.close()
    assert reading.open == []
    return reading


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_script_style_or_handler(name: str) -> None:
    for tag, attributes in read(PAGES[name]).elements:
        assert tag != "style"
        assert "style" not in attributes
        assert not [key for key in attributes if key.startswith("on")]
        for key in ("href", "src", "action", "formaction"):
            assert not (attributes.get(key) or "").strip().lower().startswith("javascript:")
        if tag == "script":
            assert attributes.get("src", "").startswith("/static/js/")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fetches_nothing_from_elsewhere(name: str) -> None:
    for tag, attributes in read(PAGES[name]).elements:
        if tag in ("script", "img", "link", "iframe", "source", "use"):
            address = attributes.get("src") or attributes.get("href") or ""
            if tag == "img" and address.startswith("data:image/svg+xml;base64,"):
                continue
            assert address.startswith("/static/")
            assert (STATIC / address.removeprefix("/static/").split("?")[0]).is_file()


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_every_reference_to_one_leads_somewhere(name: str) -> None:
    elements = read(PAGES[name]).elements
    ids = Counter(attributes["id"] for _, attributes in elements if "id" in attributes)
    assert [each for each, count in ids.items() if count > 1] == []
    for _, attributes in elements:
        for key in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            for each in (attributes.get(key) or "").split():
                assert each in ids


@pytest.mark.parametrize("name", [name for name in PAGES if "hostile" in name])
def test_hostile_names_are_shown_as_text(name: str) -> None:
    reading = read(PAGES[name])
    assert not {tag for tag, _ in reading.elements} & {"img", "iframe", "b"}
    assert any(HOSTILE[0] in text for text in reading.text)
    assert not any("49" in text and "7 *" not in text and "{{" in text for text in reading.text)


@pytest.mark.parametrize("name", PAGES)
def test_a_form_that_changes_something_is_posted(name: str) -> None:
    for tag, attributes in read(PAGES[name]).elements:
        if tag == "form":
            action = attributes.get("action", "")
            assert attributes.get("method") in ("get", "post", "dialog")
            if attributes.get("method") == "get":
                assert action in GETS


def test_every_template_is_shown_by_some_page() -> None:
    shown = {page.template for page in PAGES.values()}
    written = {path.relative_to(TEMPLATES).as_posix().removesuffix(".html") for path in TEMPLATES.rglob("*.html")}
    parts = {"layout", "parts", "icons", "ai/parts", "limits/parts", "settings/frame", "store/parts", "widgets"}
    assert written - shown == parts


def test_a_name_a_template_does_not_know_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("day", object(), NOBODY)


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_theme_is_in_the_page_from_the_first_byte(theme: str) -> None:
    page = PAGES["day"]
    chrome = type(page.chrome)(path="/", version="1", user_name="ada", theme=theme)
    assert f'<html lang="en" data-theme="{theme}">' in render("day", page.view, chrome)


def test_only_admins_are_shown_the_way_to_people() -> None:
    page = PAGES["keys"]
    member = type(page.chrome)(path="/settings/keys", version="1", user_name="ada", role="member")
    assert "/settings/people" not in render(page.template, page.view, member)
    assert "/settings/people" in render(page.template, page.view, page.chrome)


def test_parts_of_heartbeats_add_up_on_the_page() -> None:
    text = " ".join(read(PAGES["heartbeats"]).text)
    view = PAGES["heartbeats"].view
    rows = re.findall(r"(Earlier pages|This page|Later pages|All of them)\s+([\d,]+)", re.sub(r"\s+", " ", text))
    counts = {name: int(count.replace(",", "")) for name, count in rows}
    assert counts["Earlier pages"] + counts["This page"] + counts["Later pages"] == counts["All of them"]
    assert counts["This page"] == len(view.rows)
