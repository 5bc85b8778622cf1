"""The style sheet of a theme: its tokens, and those that follow from them. Made of values that were spelled anew."""

from __future__ import annotations

from collections.abc import Mapping

from devtime.plugins.kinds.theme.colours import BLACK, WHITE, contrast
from devtime.plugins.kinds.theme.contrast import READABLE
from devtime.plugins.kinds.theme.tokens import colours_of, read_variables, side_of
from devtime.web.design.tokens import THEMABLE, TOKENS

_SYSTEM = {"dark": "light", "light": "dark"}
_DERIVED = (
    "--accent-soft", "--danger", "--danger-soft", "--warn", "--warn-soft", "--c-other", "--heat-0", "--heat-1",
    "--heat-2", "--heat-3", "--heat-4",
)  # fmt: skip


def base_tokens(side: str) -> dict[str, str]:
    """DevTime's own values of the fourteen, on one side of the switch."""
    return {name: TOKENS[name].dark if side == "dark" else TOKENS[name].light for name in THEMABLE}


def draw_theme_sheet(variables: Mapping[str, str]) -> str:
    """The style sheet for pages; `""` for a theme that sets nothing. Values that cannot be used are left out.

    A theme with a ground dresses that side only: a dark one is seen in the dark, and light stays as it is.
    """
    kept, _ = read_variables(variables)
    if not kept:
        return ""
    side = side_of(kept)
    body = "\n".join(f"  {name}: {value};" for name, value in {**kept, **derived_tokens(kept)}.items())
    if side is None:
        return f":root:root {{\n{body}\n}}\n"
    other = _SYSTEM[side]
    return (
        f':root[data-theme="{side}"] {{\n{body}\n}}\n'
        f'@media (prefers-color-scheme: {side}) {{\n:root:not([data-theme="{other}"]) {{\n{body}\n}}\n}}\n'
    )


def draw_preview_sheet(name: str, variables: Mapping[str, str]) -> str:
    """The tokens for a part of a page with the class `name`, whatever the page itself looks like."""
    kept, _ = read_variables(variables)
    side = side_of(kept) or "light"
    whole = {**base_tokens(side), **kept}
    body = "\n".join(f"  {token}: {value};" for token, value in {**whole, **derived_tokens(whole)}.items())
    return f".{name} {{\n  color-scheme: {side};\n{body}\n}}\n"


def derived_tokens(variables: Mapping[str, str]) -> dict[str, str]:
    """What follows from a theme's colours, for browsers to mix; nothing from a theme that sets none."""
    colours = colours_of(variables)
    if not colours:
        return {}
    derived = {name: TOKENS[name].formula for name in _DERIVED}
    if accent := colours.get("--accent"):
        card = colours.get("--bg-card")
        fits = card is not None and contrast(accent, card) >= READABLE
        best = max((BLACK, WHITE), key=lambda each: contrast(accent, each))
        derived["--accent-text"] = "var(--bg-card)" if fits else str(best)
    return derived
