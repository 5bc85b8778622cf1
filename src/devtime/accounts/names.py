"""What people may call themselves, their keys and their machines: checked text, refused with the field's name."""

from __future__ import annotations

import re
import unicodedata

from devtime.kernel.errors import Invalid

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_NOT_USERNAME = re.compile(r"[^a-z0-9._-]+")
_RESERVED = "devtime"
_ALIKE = str.maketrans({"1": "i", "l": "i", "3": "e", ".": None, "-": None, "_": None})
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def read_username(text: str, field: str = "username") -> str:
    """The username in lower case: letters, digits, dots, dashes and underscores, 64 at most."""
    name = text.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise Invalid(field, "takes 1 to 64 letters, digits, dots, dashes and underscores, and starts and ends plainly")
    if is_reserved(name):
        raise Invalid(field, f"is too much like {_RESERVED}, the author of what comes with DevTime")
    return name


def is_reserved(name: str) -> bool:
    """Whether others would take the name for DevTime's own."""
    return name.translate(_ALIKE) == _RESERVED.translate(_ALIKE)


def suggest_username(text: str) -> str:
    """The nearest username to any text, such as the name of the machine's user; `owner` when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = _NOT_USERNAME.sub("-", plain)[:64].strip("._-")
    return "owner" if not name or is_reserved(name) else name


def read_email(text: str | None, field: str = "email") -> str | None:
    """The address, or None when there is none."""
    address = (text or "").strip()
    if not address:
        return None
    if len(address) > 256 or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise Invalid(field, "is not an e-mail address")
    return address


def read_label(text: str | None, field: str, longest: int = 128) -> str:
    """One line of free text: no control characters, trimmed, not longer than its column."""
    label = (text or "").strip()
    if len(label) > longest:
        raise Invalid(field, f"takes {longest} characters at most")
    if not label.isprintable():
        raise Invalid(field, "must not hold control characters")
    return label
