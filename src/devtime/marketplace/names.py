"""What plugins and themes are called: kebab-case, no two that eyes confuse, and who is mentioned in a description."""

from __future__ import annotations

import re

from devtime.kernel.errors import Invalid

LONGEST_NAME = 64

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MENTION = re.compile(r"(?<![\w@.-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-]|\.\w)")
_ALIKE = (("-", ""), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("rn", "m"), ("vv", "w"))


def read_name(text: str, field: str = "name") -> str:
    """The name as it is; Invalid unless it is kebab-case of ASCII letters and digits."""
    if len(text) > LONGEST_NAME or not _NAME.fullmatch(text):
        raise Invalid(
            field, "is kebab-case: small letters, digits and single dashes, such as streak-counter, 64 at most"
        )
    return text


def likeness_of(name: str) -> str:
    """The name with all that looks alike made the same, dashes left out."""
    for seen, meant in _ALIKE:
        name = name.replace(seen, meant)
    return name


def find_mentions(description: str, own_name: str) -> list[str]:
    """The plugins a description names as `@name`, itself left out, in order."""
    found = dict.fromkeys(_MENTION.findall(description))
    return [name for name in found if name != own_name and len(name) <= LONGEST_NAME]
