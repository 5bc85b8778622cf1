"""What a component of plugins' style sheet is: a name, a use, and HTML to copy that shows all its classes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLASS = re.compile(r'\bclass="([^"]*)"')
_STYLE = re.compile(r'<(\w+)([^<>]*?)\s+style="([^"]*)"([^<>]*)>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Component:
    """`html` is what authors copy; inline styles are allowed in widgets. `is_wide`: one theme a line."""

    id: str
    title: str
    about: str
    html: str
    is_wide: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that the example shows, in order."""
        return tuple(dict.fromkeys(name for each in _CLASS.findall(self.html) for name in each.split()))


@dataclass(frozen=True, slots=True)
class ComponentGroup:
    """Components of a kind."""

    id: str
    title: str
    components: tuple[Component, ...]


def pin_styles(component: Component) -> tuple[str, str]:
    """The example for a page that allows no inline style: its HTML with a class for each style, and the rules of these.

    The rules weigh as much as an inline style against everything in the style sheet.
    """
    rules: list[str] = []

    def pin(match: re.Match[str]) -> str:
        tag, before, style, after = match.groups()
        name = f"pin-{component.id}-{len(rules) + 1}"
        text = " ".join(style.split()).rstrip(";")
        rules.append(f".specimen .{name}.{name}.{name}.{name} {{ {text}; }}")
        rest = before + after
        has_class = _CLASS.search(rest) is not None
        rest = _CLASS.sub(rf'class="\1 {name}"', rest) if has_class else f' class="{name}"{rest}'
        return f"<{tag}{rest}>"

    return _STYLE.sub(pin, component.html), "\n".join(rules)
