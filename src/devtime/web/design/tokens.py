"""The design tokens of plugins' style sheet: names, values in both themes, and what each is for. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A CSS variable. `formula`: how it follows from others where the browser can mix colours; the values are what
    comes out of it in DevTime's own themes. A theme may set those that are `is_themable`, and no others.
    """

    name: str
    light: str
    dark: str
    meaning: str
    is_themable: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class TokenGroup:
    """Tokens of a kind."""

    id: str
    title: str
    tokens: tuple[Token, ...]


def _own(name: str, light: str, dark: str, meaning: str) -> Token:
    return Token(name, light, dark, meaning, is_themable=True)


def _same(name: str, value: str, meaning: str) -> Token:
    return Token(name, value, value, meaning)


def _mix(name: str, light: str, dark: str, meaning: str, one: str, percent: int, other: str) -> Token:
    return Token(name, light, dark, meaning, formula=f"color-mix(in srgb, {one} {percent}%, {other})")


_SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'
_MONO = 'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'
_SHADOW = "0 1px 2px rgb(24 24 27 / 4%), 0 6px 20px -12px rgb(24 24 27 / 12%)"
_SERIES = (
    ("#3b74d9", "#6fa3f5"), ("#d9730d", "#f0a05a"), ("#1f9d80", "#45c2a3"), ("#c2509f", "#e288cc"),
    ("#a88600", "#d9bd4b"), ("#7d61db", "#a795f2"), ("#d24b4b", "#ee8382"), ("#1b93b3", "#54bfdb"),
    ("#6f9420", "#a9c257"), ("#9a7058", "#c4a08a"),
)  # fmt: skip

TOKEN_GROUPS = (
    TokenGroup(
        "surfaces",
        "Surfaces",
        (
            _own("--bg", "#f6f6f7", "#121214", "The ground of the page"),
            _own("--bg-card", "#ffffff", "#19191c", "Cards and panels; a widget stands on it"),
            _own("--bg-input", "#ffffff", "#202024", "Fields to type in"),
            _own("--bg-hover", "#f0f0f2", "#27272b", "Under the pointer; code; the track of a bar"),
        ),
    ),
    TokenGroup(
        "text",
        "Text and lines",
        (
            _own("--text-main", "#18181b", "#f6f6f7", "What is read first"),
            _own("--text-muted", "#4b4b55", "#b9b9c2", "What explains it"),
            _own("--text-dark", "#62626c", "#9a9aa5", "Labels and notes: the faintest text"),
            _own("--border", "#e4e4e7", "#2b2b30", "Edges of cards, lines between rows"),
            _own("--border-focus", "#8b8b96", "#6c6c77", "Edges of what can be used; plain bars"),
        ),
    ),
    TokenGroup(
        "accent",
        "Accent and states",
        (
            _own("--accent", "#0f766e", "#4fd1bf", "Links, the chosen tab, the main button"),
            Token("--accent-text", "#ffffff", "#19191c", "Text on the accent", formula="var(--bg-card)"),
            _mix("--accent-soft", "#e0edec", "#203131", "Tint behind good news", "var(--accent)", 13, "var(--bg-card)"),
            _mix("--danger", "#b43029", "#f26f66", "What failed, what destroys", "#f03a2e", 72, "var(--text-main)"),
            _mix("--danger-soft", "#fde9e8", "#311d1e", "Tint behind it", "#f03a2e", 11, "var(--bg-card)"),
            _mix("--warn", "#885a0b", "#e5b768", "What needs a look", "#d98a00", 58, "var(--text-main)"),
            _mix("--warn-soft", "#faf1e0", "#302719", "Tint behind it", "#d98a00", 12, "var(--bg-card)"),
        ),
    ),
    TokenGroup(
        "shape",
        "Shape and motion",
        (
            Token("--radius-sm", "6px", "6px", "Corners of buttons and fields", is_themable=True),
            Token("--radius", "12px", "12px", "Corners of cards", is_themable=True),
            Token("--radius-pill", "999px", "999px", "Round ends", is_themable=True),
            Token("--transition", "120ms ease-out", "120ms ease-out", "How fast things answer", is_themable=True),
            Token("--shadow", _SHADOW, "none", "Under cards"),
        ),
    ),
    TokenGroup(
        "type",
        "Type",
        (
            _same("--font-sans", _SANS, "Text"),
            _same("--font-mono", _MONO, "Code and figures"),
            _same("--text-xs", "0.75rem", "Labels, notes, badges"),
            _same("--text-sm", "0.8125rem", "Tables, buttons, fields"),
            _same("--text-md", "0.9375rem", "Text"),
            _same("--text-lg", "1.125rem", "Headings"),
            _same("--text-xl", "1.625rem", "A number in a card"),
            _same("--text-2xl", "3rem", "The one number of a panel"),
        ),
    ),
    TokenGroup(
        "series",
        "Charts",
        (
            *[
                Token(f"--c{number}", light, dark, f"Series {number + 1} of a chart")
                for number, (light, dark) in enumerate(_SERIES)
            ],
            _mix("--c-other", "#85858c", "#7e7e87", "Everything else", "var(--text-dark)", 78, "var(--bg-card)"),
            Token("--heat-0", "#f0f0f2", "#27272b", "No time", formula="var(--bg-hover)"),
            _mix("--heat-1", "#b6d0d0", "#315351", "A little", "var(--accent)", 26, "var(--bg-hover)"),
            _mix("--heat-2", "#80b3b0", "#3b7c75", "Some", "var(--accent)", 50, "var(--bg-hover)"),
            _mix("--heat-3", "#4a9690", "#45a599", "Much", "var(--accent)", 74, "var(--bg-hover)"),
            Token("--heat-4", "#0f766e", "#4fd1bf", "Most", formula="var(--accent)"),
        ),
    ),
)

TOKENS = {token.name: token for group in TOKEN_GROUPS for token in group.tokens}
THEMABLE = tuple(name for name, token in TOKENS.items() if token.is_themable)
"""What a theme may set: these fourteen."""
