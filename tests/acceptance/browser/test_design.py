"""The Design page and the style sheet of plugins, served by a running DevTime and used as authors and widgets do."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from browsing import WIDTHS, Theme, Windows, find_barriers
from devtime.web.design.components import COMPONENTS
from devtime.web.design.promised import STYLE_SHEET
from instances import Instance, Resident

THEMES: tuple[Theme, ...] = ("light", "dark")
_LOOKS = """root => [...root.querySelectorAll("*")].map(each => {
  const style = getComputedStyle(each);
  const names = ["color", "background-color", "font-family", "font-size", "font-weight", "line-height", "display",
    "padding", "margin", "border", "border-radius", "gap", "text-align", "text-transform", "white-space", "box-shadow",
    "list-style-type", "text-decoration-line"];
  return each.tagName + "." + [...each.classList].filter(name => !name.startsWith("pin-")).join(".") + " "
    + names.map(name => `${name}: ${style.getPropertyValue(name)}`).join("; ");
})"""
"""What somebody sees of each element, but for what depends on the width of its place."""


def widget(instance: Instance, html: str, *, attributes: str = "", head: str = "") -> str:
    """A document as a widget's: the style sheet, and nothing else of DevTime."""
    link = f'<link rel="stylesheet" href="{instance.address}{STYLE_SHEET}">'
    title = '<meta charset="utf-8"><title>Widget</title>'
    return f'<!doctype html><html lang="en" {attributes}>{title}{link}{head}<body><main>{html}</main></body></html>'


def colours(page: Page) -> list[str]:
    """The card's and the text's, as the page draws them."""
    found: list[str] = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    return found


def test_the_page_is_accessible_in_both_themes_at_both_widths_and_never_too_wide(
    windows: Windows, ada: Resident
) -> None:
    page = windows.open(ada)
    page.goto("/design")
    assert find_barriers(page) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_all_components_are_accessible_in_a_document_with_this_style_sheet_alone(
    windows: Windows, instance: Instance, theme: Theme, width: int
) -> None:
    page = windows.open(theme=theme, width=width)
    parts = "".join(f"<section>{each.html}</section>" for each in COMPONENTS)
    document = widget(instance, f"<h1>Widget</h1><h2>Parts</h2>{parts}")
    # axe reads the style sheet with a request of its own, which only a document of this origin may make.
    page.route("**/widget", lambda route: route.fulfill(body=document, content_type="text/html; charset=utf-8"))
    page.goto("/widget")
    assert find_barriers(page) == []


def test_what_the_page_shows_is_what_a_widget_gets(windows: Windows, instance: Instance, ada: Resident) -> None:
    page, alone = windows.open(ada, theme="dark"), windows.open(theme="dark")
    page.goto("/design")
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for each in COMPONENTS:
            place = "padding: 20px; width: 1000px"
            alone.set_content(
                widget(instance, f'<div id="it" style="{place}">{each.html}</div>', attributes=f'data-theme="{theme}"')
            )
            shown = page.locator(f"#c-{each.id} .specimen[data-theme={theme}]").evaluate(_LOOKS)
            assert shown
            assert shown == alone.locator("#it").evaluate(_LOOKS), (theme, each.id)


def test_the_html_of_a_component_is_copied_with_a_key(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/design")
    button = page.get_by_role("button", name="Copy: Card, HTML")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    card = next(each for each in COMPONENTS if each.id == "card")
    assert page.evaluate("navigator.clipboard.readText()") == card.html
    assert page.get_by_role("button", name="Copy: ").count() == len(COMPONENTS) + 1


def test_the_page_is_reached_from_the_menu_and_read_with_the_keyboard(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada)
    page.goto("/")
    page.get_by_label(f"Menu of {ada.name}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Design for plugins").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/design")
    page.get_by_role("link", name="Tokens", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tokens")).to_be_in_viewport()
    tip = page.locator("#c-tooltip .specimen[data-theme=light] .tooltip")
    expect(tip.locator(".tooltip-text")).to_be_hidden()
    tip.focus()
    expect(tip.locator(".tooltip-text")).to_be_visible()


def test_the_page_works_without_scripts(windows: Windows, ada: Resident) -> None:
    page = windows.open(ada, has_scripts=False)
    page.goto("/design")
    bar = page.locator("#c-progress .specimen[data-theme=light] .progress-fill")
    box, track = bar.bounding_box(), bar.locator("..").bounding_box()
    assert box is not None
    assert track is not None
    assert box["width"] / track["width"] == pytest.approx(0.64, abs=0.01)
    expect(page.get_by_role("button", name="Copy: Card, HTML")).to_be_hidden()


def test_a_stranger_signs_in_first(windows: Windows) -> None:
    page = windows.open()
    page.goto("/design")
    assert page.url.endswith("/login?next=/design")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_a_widgets_document_follows_the_system_until_it_names_a_theme(windows: Windows, instance: Instance) -> None:
    page = windows.open(theme="dark")
    dark, light = ["rgb(25, 25, 28)", "rgb(246, 246, 247)"], ["rgb(255, 255, 255)", "rgb(24, 24, 27)"]
    for attributes, expected in (("", dark), ('data-theme="auto"', dark), ('data-theme="light"', light)):
        page.set_content(widget(instance, "", attributes=attributes))
        assert colours(page) == expected
    page.emulate_media(color_scheme="light")
    page.set_content(widget(instance, ""))
    assert colours(page) == light
    page.set_content(widget(instance, "", attributes='data-theme="dark"'))
    assert colours(page) == dark


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_wins_with_a_plain_root_and_everything_follows(
    windows: Windows, instance: Instance, theme: Theme
) -> None:
    page = windows.open(theme="dark")
    own = "<style>:root { --bg-card: #002b36; --text-main: #fdf6e3; --accent: #ffcc00; --bg-hover: #073642; }</style>"
    html = '<button class="btn btn-primary">Go</button><span class="cell heat-4"></span><p class="message-bad">No</p>'
    page.set_content(widget(instance, html, attributes=f'data-theme="{theme}"', head=own))
    assert colours(page) == ["rgb(0, 43, 54)", "rgb(253, 246, 227)"]

    def style(of: str, name: str) -> str:
        found: str = page.locator(of).evaluate("(each, name) => getComputedStyle(each)[name]", name)
        return found

    assert style(".btn", "backgroundColor") == style(".heat-4", "backgroundColor") == "rgb(255, 204, 0)"
    assert style(".btn", "color") == "rgb(0, 43, 54)"
    # 72% of #f03a2e and 28% of the theme's text.
    parts = [float(part) * 255 for part in style(".message-bad", "color").removeprefix("color(srgb ")[:-1].split()]
    assert parts == pytest.approx([243.6, 110.6, 96.7], abs=1)


def test_a_document_without_an_origin_loads_the_style_sheet(windows: Windows, instance: Instance) -> None:
    page = windows.open()
    inner = widget(instance, "<p>Inside</p>", attributes='data-theme="dark"').replace('"', "&quot;")
    page.set_content(f'<title>Outside</title><iframe sandbox="allow-scripts" srcdoc="{inner}"></iframe>')
    text = page.frame_locator("iframe").get_by_text("Inside")
    expect(text).to_have_css("color", "rgb(246, 246, 247)")


def test_the_style_sheet_is_kept_for_an_hour_and_then_asked_for_by_its_tag(instance: Instance) -> None:
    with instance.client() as client:
        answer = client.get(STYLE_SHEET)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/css")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "max-age=3600" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers
        assert len(answer.content) < 40 * 1024
        tag = answer.headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}'):
            again = client.get(STYLE_SHEET, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        for unknown in ('"other"', "", "é", "," * 5_000):
            assert full(client, unknown.encode()) == answer.content


def full(client: httpx.Client, known: bytes) -> bytes:
    """The style sheet as sent to somebody who has something else."""
    answer = client.get(STYLE_SHEET, headers=[(b"If-None-Match", known)])
    assert answer.status_code == 200
    return answer.content


def test_the_twin_has_the_same_tokens_and_components(instance: Instance, ada: Resident) -> None:
    with instance.client(ada) as client:
        told = client.get("/design.json").json()
    assert told["address"] == STYLE_SHEET
    assert len(told["themable"]) == 14
    assert [each["code"] for group in told["groups"] for each in group["specimens"]] == [x.html for x in COMPONENTS]
