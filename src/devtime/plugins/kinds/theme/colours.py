"""Colours as CSS spells them: read strictly, and written anew, so that nothing of a stranger's text is passed on."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb

import msgspec

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_NUMBER = r"[+-]?\d{0,5}(?:\.\d{1,8})?"
_FUNCTION = re.compile(
    rf"(rgb|rgba|hsl|hsla)\(\s*({_NUMBER})(deg|%)?[\s,]+({_NUMBER})(%)?[\s,]+({_NUMBER})(%)?(?:\s*[,/]\s*({_NUMBER})(%)?)?\s*\)"
)
_NAMED = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "magenta": "#ff00ff",
    "green": "#008000", "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00",
    "navy": "#000080", "blue": "#0000ff",
    "teal": "#008080", "aqua": "#00ffff", "cyan": "#00ffff", "orange": "#ffa500",
}  # fmt: skip


class Colour(msgspec.Struct, frozen=True):
    """Red, green, blue from 0 to 255; alpha from 0 to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    def __str__(self) -> str:
        """`#rrggbb`, or `#rrggbbaa` when something shines through."""
        alpha = "" if self.alpha >= 1 else f"{round(self.alpha * 255):02x}"
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}{alpha}"

    def over(self, ground: Colour) -> Colour:
        """What is seen when it lies on an opaque ground."""
        mixed = [
            round(one * self.alpha + other * (1 - self.alpha))
            for one, other in zip(
                (self.red, self.green, self.blue), (ground.red, ground.green, ground.blue), strict=True
            )
        ]
        return Colour(*mixed)

    @property
    def luminance(self) -> float:
        """Relative luminance as WCAG 2 defines it, 0 to 1; alpha is not looked at."""
        linear = [
            each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
            for each in (self.red / 255, self.green / 255, self.blue / 255)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def read_colour(text: str) -> Colour | None:
    """A colour as `#0af`, `#00aaff`, `rgb(0 170 255 / 50%)`, `hsl(200, 100%, 50%)` or by a plain name; else None."""
    word = text.strip().lower()
    word = _NAMED.get(word, word)
    if found := _HEX.fullmatch(word):
        return _read_hex(found[1])
    if found := _FUNCTION.fullmatch(word):
        return _read_function(found)
    return None


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two opaque colours, 1 to 21."""
    dark, light = sorted((one.luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)


def _read_hex(digits: str) -> Colour:
    wide = "".join(digit * 2 for digit in digits) if len(digits) < 6 else digits
    channels = [int(wide[at : at + 2], 16) for at in range(0, len(wide), 2)]
    return Colour(*channels[:3], alpha=channels[3] / 255 if len(channels) == 4 else 1.0)


def _read_function(found: re.Match[str]) -> Colour | None:
    try:
        first, second, third = float(found[2]), float(found[4]), float(found[6])
        alpha = 1.0 if found[8] is None else float(found[8]) / (100 if found[9] else 1)
    except ValueError:
        return None
    alpha = min(max(alpha, 0.0), 1.0)
    if found[1].startswith("hsl"):
        if not (found[5] and found[7]) or found[3] == "%":
            return None
        share = [min(max(each, 0.0), 100.0) / 100 for each in (second, third)]
        channels = [each * 255 for each in hls_to_rgb(first % 360 / 360, share[1], share[0])]
    else:
        if found[3] == "deg":
            return None
        pairs = ((first, found[3]), (second, found[5]), (third, found[7]))
        channels = [value * 2.55 if unit else value for value, unit in pairs]
    return Colour(*[round(min(max(each, 0.0), 255.0)) for each in channels], alpha=alpha)
