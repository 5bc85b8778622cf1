"""Text of strangers that others will see: no control characters, no tricks of direction, not too long."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

from devtime.kernel.errors import Invalid

LONGEST_ADDRESS = 2_000

_JOINERS = "\u200d\ufe0f\ufe0e"
_MARKUP = "<>&\"'`\\"


def read_line(text: str, field: str, longest: int, *, needed: bool = False) -> str:
    """One line, trimmed."""
    line = unicodedata.normalize("NFC", text).strip()
    if needed and not line:
        raise Invalid(field, "must not be empty")
    if len(line) > longest:
        raise Invalid(field, f"takes {longest} characters at most")
    if not line.isprintable():
        raise Invalid(field, "must not hold control characters or invisible ones")
    return line


def read_prose(text: str, field: str, longest: int, *, needed: bool = False) -> str:
    """Several lines, trimmed."""
    prose = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if needed and not prose:
        raise Invalid(field, "must not be empty")
    if len(prose) > longest:
        raise Invalid(field, f"takes {longest:,} characters at most")
    visible = prose
    for allowed in ("\n", "\t", *_JOINERS):
        visible = visible.replace(allowed, "")
    if not visible.isprintable():
        raise Invalid(field, "must not hold control characters or invisible ones")
    return prose


def read_icon(text: str) -> str:
    """A single emoji, or a sign that stands for one."""
    icon = text.strip()
    visible = "".join(sign for sign in icon if sign not in _JOINERS)
    if not 0 < len(icon) <= 16 or not visible or not visible.isprintable():
        raise Invalid("icon", "is a single emoji")
    if any(sign.isspace() or sign in _MARKUP for sign in icon):
        raise Invalid("icon", "is a single emoji")
    return icon


def read_address(text: str, field: str) -> str:
    """An address on the web, http or https; empty when there is none."""
    address = text.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_web = False
    if not is_web:
        raise Invalid(field, "must be an address that begins with http:// or https://")
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or any(sign in address for sign in ' <>"\\^`{|}'):
        raise Invalid(field, f"is an address of {LONGEST_ADDRESS:,} characters at most, without spaces and quotes")
    return address
