"""The style sheets: the tokens and classes plugins are promised, and text that can be read in both themes."""

from __future__ import annotations

import re

import pytest

from devtime.web.charts.palette import COLOURS
from devtime.web.render import STATIC

MAIN = (STATIC / "css/main.css").read_text()
CHARTS = (STATIC / "css/charts.css").read_text()
PROMISED_TOKENS = (
    "--bg", "--bg-card", "--bg-input", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border",
    "--border-focus", "--radius-sm", "--radius", "--radius-pill", "--transition", "--accent", "--font-mono",
)  # fmt: skip
PROMISED_CLASSES = (
    "card", "plugin-panel", "grid-2", "grid-3", "btn", "code-tab", "code-tabs", "key-hint", "table-wrapper", "td-main",
)  # fmt: skip
TEXTS = ("--text-main", "--text-muted", "--text-dark", "--accent")
SURFACES = ("--bg", "--bg-card", "--bg-input", "--bg-hover")


def blocks(sheet: str) -> dict[str, dict[str, str]]:
    """Selector → custom properties, for the rules that set some."""
    found: dict[str, dict[str, str]] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        properties = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))
        if properties:
            found[selector.strip()] = properties
    return found


LIGHT = blocks(MAIN)[":root"] | blocks(CHARTS)[":root"]
DARK = LIGHT | blocks(MAIN)['[data-theme="dark"]'] | blocks(CHARTS)['[data-theme="dark"]']
THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_surface(theme: str, text: str, surface: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[text], tokens[surface]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["danger", "warn", "accent"])
def test_text_can_be_read_on_its_own_tint(theme: str, kind: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[f"--{kind}"], tokens[f"--{kind}-soft"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_the_edges_of_fields_stand_out_from_the_card(theme: str) -> None:
    tokens = THEMES[theme]
    names = [f"--c{number}" for number in range(COLOURS)] + ["--c-other", "--accent", "--border-focus"]
    weak = {name: contrast(tokens[name], tokens["--bg-card"]) for name in names}
    assert {name: ratio for name, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_shade_of_time_is_stronger_than_the_one_before(theme: str) -> None:
    tokens = THEMES[theme]
    ratios = [contrast(tokens[f"--heat-{shade}"], tokens["--bg-card"]) for shade in range(5)]
    assert ratios == sorted(ratios)


@pytest.mark.parametrize("sheet", [MAIN, CHARTS], ids=["main", "charts"])
def test_dark_is_the_same_by_choice_and_by_system(sheet: str) -> None:
    found = blocks(sheet.replace("@media (prefers-color-scheme: dark) {", "", 1))
    assert found[':root:not([data-theme="light"])'] == found['[data-theme="dark"]']


def test_the_tokens_and_classes_plugins_are_promised_are_in_the_one_sheet_they_link() -> None:
    assert [token for token in PROMISED_TOKENS if token not in LIGHT] == []
    assert [name for name in PROMISED_CLASSES if not re.search(rf"\.{name}\b", MAIN)] == []
    assert "@import" not in MAIN


def test_no_sheet_or_script_names_another_host() -> None:
    for path in STATIC.rglob("*.*"):
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z0-9-]+\.[a-z]", text), path
