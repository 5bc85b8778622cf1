"""Plugins' style sheet, the table of what is in it, the page that shows it, and the names promised: the same."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from devtime.web.compose.design import compose_design
from devtime.web.design import promised
from devtime.web.design.component import Component, pin_styles
from devtime.web.design.components import COMPONENT_GROUPS, COMPONENTS
from devtime.web.design.document import write_specimen_styles
from devtime.web.design.tokens import THEMABLE, TOKEN_GROUPS, TOKENS
from devtime.web.render import STATIC, render
from devtime.web.views.chrome import Chrome

SHEET = (STATIC / "plugin" / "main.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
PAGE = render("design", compose_design(), Chrome(path="/design", version="1", user_name="ada"))
ROOT = Path(__file__).parents[3]
SEED = Path("/work/shared/seeds/codetrackr-docs.txt")
THEMES = ("light", "dark")
SURFACES = ("--bg", "--bg-card", "--bg-input", "--bg-hover")
TEXTS = ("--text-main", "--text-muted", "--text-dark", "--accent", "--danger", "--warn")
_STATES = {"active"}
"""Said with another class only: `.code-tab.active`."""


def declared(selector: str) -> dict[str, str]:
    """The custom properties of the first rule of a selector."""
    at = RULES.index(f"{selector} {{")
    body = RULES[at : RULES.index("}", at)]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG 2 defines it."""
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels(colour, 255)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels(colour: str, scale: int = 1) -> list[float]:
    """Red, green, blue."""
    return [int(colour[at : at + 2], 16) / scale for at in (1, 3, 5)]


def contrast(theme: str, one: str, other: str) -> float:
    """The contrast ratio of two tokens."""
    found = sorted((luminance(getattr(TOKENS[name], theme)) for name in (one, other)), reverse=True)
    return (found[0] + 0.05) / (found[1] + 0.05)


def work_out(formula: str, theme: str) -> str:
    """The colour a formula makes of the theme's own values."""
    if named := re.fullmatch(r"var\((--[\w-]+)\)", formula):
        token = TOKENS[named[1]]
        return work_out(token.formula, theme) if token.formula else getattr(token, theme)
    mixed = re.fullmatch(r"color-mix\(in srgb, (.+?) (\d+)%, (.+)\)", formula)
    if mixed is None:
        return formula
    part = int(mixed[2]) / 100
    pairs = zip(channels(work_out(mixed[1], theme)), channels(work_out(mixed[3], theme)), strict=True)
    return "#" + "".join(f"{int(one * part + other * (1 - part) + 0.5):02x}" for one, other in pairs)


def test_every_token_of_the_table_is_in_the_sheet_with_its_values_and_no_other() -> None:
    light = declared(':where(:root, [data-theme="light"])')
    formulas = declared(":where(:root, [data-theme])") | declared("  :where(:root, [data-theme])")
    dark = light | declared(':where([data-theme="dark"])')
    for name, token in TOKENS.items():
        assert formulas.get(name, "") == token.formula
        if not token.formula.startswith("var("):
            assert (light[name], dark[name]) == (token.light, token.dark)
    assert light.keys() | formulas.keys() == TOKENS.keys()
    # `--series` is how a colour class tells its bar.
    assert set(re.findall(r"(--[\w-]+):", RULES)) == TOKENS.keys() | {"--series"}
    assert set(re.findall(r"var\((--[\w-]+)", RULES)) <= TOKENS.keys() | {"--series"}


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    by_system = declared(':where(:root:not([data-theme="light"], [data-theme="dark"]))')
    assert by_system == declared(':where([data-theme="dark"])') != {}


def test_the_values_beside_a_formula_are_what_comes_out_of_it() -> None:
    derived = [token for token in TOKENS.values() if token.formula]
    assert derived
    for token in derived:
        assert (token.light, token.dark) == (work_out(token.formula, "light"), work_out(token.formula, "dark"))


def test_a_theme_may_set_exactly_the_promised_variables_and_nothing_in_the_sheet_outweighs_it() -> None:
    assert sorted(THEMABLE) == sorted(promised.THEME_TOKENS)
    assert len(THEMABLE) == 14
    setting = [head.strip() for head, body in re.findall(r"([^{};]+)\{([^{}]*)\}", RULES) if "--bg" in body + ";"]
    setters = [head for head in setting if re.search(r"--(?:bg|text-main|accent)\s*:", body_of(head))]
    assert setters
    assert [head for head in setters if not head.startswith(":where(")] == []


def body_of(selector: str) -> str:
    """What a rule declares."""
    at = RULES.index(f"{selector} {{")
    return RULES[at : RULES.index("}", at)]


def test_every_class_of_the_sheet_is_shown_by_an_example_and_no_example_uses_another() -> None:
    heads = re.findall(r"(?:^|[{};])([^{};@]+)\{", RULES)
    written = {name for head in heads for name in re.findall(r"\.([a-zA-Z][\w-]*)", head)}
    shown = {name for component in COMPONENTS for name in component.classes}
    assert written == shown
    assert shown >= _STATES


def test_examples_use_no_token_that_is_not_there() -> None:
    used = {name for component in COMPONENTS for name in re.findall(r"var\((--[\w-]+)\)", component.html)}
    assert used
    assert used <= TOKENS.keys()


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.id)
def test_the_page_shows_an_example_in_both_themes_with_its_html_to_copy(component: Component) -> None:
    shown, _ = pin_styles(component)
    assert PAGE.count(shown) == len(THEMES)
    copied = component.html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert copied.replace('"', "&#34;").replace("'", "&#39;") in PAGE
    assert not re.search(r"\s(?:id|on\w+|src)=", component.html)


def test_the_page_shows_every_token_with_both_its_values() -> None:
    text = PAGE.replace("&#34;", '"')
    for name, token in TOKENS.items():
        assert text.count(f'<code class="token-name">{name}</code>') == len(THEMES)
        for value in (token.light, token.dark):
            assert f'{name}</code><span class="token-value">{value}</span>' in text


def test_names_are_given_once() -> None:
    ids = [group.id for group in (*TOKEN_GROUPS, *COMPONENT_GROUPS)] + [f"c-{each.id}" for each in COMPONENTS]
    assert len(ids) == len(set(ids))
    assert sum(len(group.tokens) for group in TOKEN_GROUPS) == len(TOKENS)


def test_inline_styles_become_classes_that_say_the_same() -> None:
    html = '<p style="color:red;\n  margin:0">a</p><p class="card" style="top:1px;">b</p><p title="style">c</p>'
    shown, rules = pin_styles(Component("x", "X", "", html))
    assert shown == '<p class="pin-x-1">a</p><p class="card pin-x-2">b</p><p title="style">c</p>'
    assert [rule.split("{ ")[1] for rule in rules.splitlines()] == ["color:red; margin:0; }", "top:1px; }"]


def test_what_documents_for_plugin_authors_mention_is_there() -> None:
    shown = {name for component in COMPONENTS for name in component.classes}
    assert [name for name in (*promised.TOKENS, *promised.THEME_TOKENS) if name not in TOKENS] == []
    assert [name for name in promised.CLASSES if name not in shown] == []
    used = {tag for component in COMPONENTS for tag in re.findall(r"<(\w+)", component.html)}
    assert [name for name in promised.ELEMENTS if name not in used] == []


@pytest.mark.skipif(not SEED.exists(), reason="the documents are not on this machine")
def test_the_list_of_promised_names_misses_none_of_the_documents() -> None:
    text = SEED.read_text()
    tokens = set(re.findall(r"var\((--[\w-]+)\)", text)) | set(re.findall(r"^(--[\w-]+)#", text, re.MULTILINE))
    classes = {name for each in re.findall(r'class="([^"]+)"', text) for name in each.split()}
    prose = set(re.findall(r"(?:^|\s)\.([a-z][\w-]*)(?=[\s.])", text))
    assert tokens == set(promised.TOKENS)
    assert classes <= set(promised.CLASSES)
    calls = {"then", "catch"}
    assert {name for name in prose if f".{name}(" not in text} - calls <= set(promised.CLASSES)
    assert set(promised.CLASSES) <= classes | prose


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_surface(theme: str, text: str, surface: str) -> None:
    assert contrast(theme, text, surface) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_tints_and_marks_stand_out_from_the_card(theme: str) -> None:
    for kind in ("accent", "danger", "warn"):
        assert contrast(theme, f"--{kind}", f"--{kind}-soft") >= 4.5
    assert contrast(theme, "--accent-text", "--accent") >= 4.5
    marks = [name for name in TOKENS if re.fullmatch(r"--c(?:\d|-other)", name)] + ["--accent", "--border-focus"]
    assert len(marks) == 13
    assert {name for name in marks if contrast(theme, name, "--bg-card") < 3} == set()
    heat = [contrast(theme, f"--heat-{shade}", "--bg-card") for shade in range(5)]
    assert heat == sorted(heat)


def test_widgets_look_like_the_pages() -> None:
    """The pages' own sheets have the same values under the same names; tints differ, since widgets' follow a theme."""
    pages = (STATIC / "css/main.css").read_text() + (STATIC / "css/charts.css").read_text()
    own = [name for name, token in TOKENS.items() if not token.formula]
    assert [name for name in own if f"{name}: {TOKENS[name].light};" not in pages] == []
    assert [name for name in own if f"{name}: {TOKENS[name].dark};" not in pages] == []


def test_the_sheet_is_small_loads_nothing_and_stands_alone() -> None:
    assert len(SHEET.encode()) < 40 * 1024
    assert not re.search(r"@import|@font-face|url\(|https?:|expression\(", RULES)
    assert RULES.count("{") == RULES.count("}")


def test_what_is_written_from_the_table_is_up_to_date() -> None:
    assert (STATIC / "plugin" / "specimens.css").read_text() == write_specimen_styles(), "run `make reference`"
    describe = runpy.run_path(str(ROOT / "scripts/gen_reference.py"))["PAGES"]["design-tokens.md"]
    assert (ROOT / "docs/reference/design-tokens.md").read_text("utf-8") == describe(), "run `make reference`"
