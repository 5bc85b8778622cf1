"""What is written from the table: the reference page, and the style sheet that the *Design* page needs beside its own.

`make reference` writes both; tests compare them with the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from devtime.web.design.component import pin_styles
from devtime.web.design.components import COMPONENT_GROUPS, COMPONENTS
from devtime.web.design.promised import STYLE_SHEET
from devtime.web.design.tokens import TOKEN_GROUPS, TOKENS

_THEMES = ("light", "dark")


def write_specimen_styles() -> str:
    """Both themes' tokens, a class to show each, and the examples' inline styles, which the page's policy forbids.

    The page's other style sheets know tokens of the same names, so they are said again for what is shown.
    """
    rules = ["/* Made by `make reference` from web/design, for the Design page: nothing here is for widgets. */"]
    for theme in _THEMES:
        values = "\n".join(f"  {name}: {getattr(token, theme)};" for name, token in TOKENS.items())
        rules.append(f'.specimen[data-theme="{theme}"] {{\n{values}\n}}')
    formulas = "\n".join(f"  {name}: {token.formula};" for name, token in TOKENS.items() if token.formula)
    rules.append("@supports (color: color-mix(in srgb, red 50%, blue)) {")
    rules.append(f".specimen[data-theme] {{\n{formulas}\n}}\n}}")
    rules.extend(f".specimen .token{name} {{ --shown: var({name}); }}" for name in TOKENS)
    rules.extend(text for text in (pin_styles(each)[1] for each in COMPONENTS) if text)
    return "\n".join(rules) + "\n"


def describe_design() -> str:
    """The reference page: every token with its values, every class with where it is shown."""
    return "\n".join(_describe()) + "\n"


def _describe() -> Iterator[str]:
    yield "# Design tokens"
    yield ""
    yield "What plugins may build with. A running DevTime shows all of it in both themes, with HTML to copy, at"
    yield "`/design`."
    yield ""
    yield f"Widgets have the style sheet already. A document of your own links it from `{STYLE_SHEET}`; that stays."
    yield "It loads nothing else, and any origin may load it. Browsers keep it for an hour. It follows the system's"
    yield 'theme unless the document says `data-theme="light"` or `data-theme="dark"`, on any element.'
    yield ""
    themable = sum(token.is_themable for token in TOKENS.values())
    yield f"A theme sets the {themable} tokens marked *theme*, with a plain `:root {{ … }}`, which always wins. Those"
    yield "with a formula follow from them; the values beside a formula are for browsers that cannot mix colours. The"
    yield "rest stays as it is: type, and the colours of series, which stand out from a card in light and in dark."
    for group in TOKEN_GROUPS:
        yield ""
        yield f"## {group.title}"
        yield ""
        yield "| token | light | dark | for | |"
        yield "|---|---|---|---|---|"
        for token in group.tokens:
            dark = "the same" if token.dark == token.light else f"`{token.dark}`"
            note = "*theme*" if token.is_themable else f"`{token.formula}`" if token.formula else ""
            yield f"| `{token.name}` | `{token.light}` | {dark} | {token.meaning} | {note} |"
    yield ""
    yield "## Components"
    yield ""
    yield "| component | classes | use |"
    yield "|---|---|---|"
    for group in COMPONENT_GROUPS:
        for each in group.components:
            classes = " ".join(f"`{name}`" for name in each.classes)
            yield f"| {each.title} | {classes} | {each.about} |"
