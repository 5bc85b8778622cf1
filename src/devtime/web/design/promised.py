"""The names that documents for plugin authors mention or use in an example. They must exist for ever. Data only."""

from __future__ import annotations

STYLE_SHEET = "/static/plugin/main.css"
"""Where the style sheet is served; the address stays."""

TOKENS = (
    "--bg", "--bg-card", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border", "--border-focus",
    "--radius", "--radius-sm", "--font-mono",
)  # fmt: skip
"""The variables."""

THEME_TOKENS = (
    "--bg", "--bg-card", "--bg-input", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border",
    "--border-focus", "--radius-sm", "--radius", "--radius-pill", "--transition", "--accent",
)  # fmt: skip
"""The variables a theme may set."""

CLASSES = (
    "active", "btn", "card", "code-tab", "code-tabs", "grid-2", "grid-3", "key-hint", "plugin-panel", "table-wrapper",
    "td-main",
)  # fmt: skip
"""The classes."""

ELEMENTS = ("button", "code", "h3", "input", "p", "pre", "table", "tbody", "td", "th", "thead", "tr")
"""The elements that look like DevTime without a class."""
