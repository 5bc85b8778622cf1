"""What surrounds every page: who looks at it, in which theme, where in the site, and a message to show once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Flash:
    """A message shown once, after an action."""

    text: str
    kind: Literal["done", "failed"] = "done"


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a page. `user_name` None: nobody is signed in, or, if not a stranger, nobody asked who it is.
    `path` is the request's path and query.

    `leaving` tells when the account goes, if a plugin deleted it. Form: POST `/settings/keep`.

    `skin` is the address of the style sheet of the reader's theme, `""` for nobody's.

    `is_live` pages listen to `/live` and fetch `path` again when activity arrives.
    """

    path: str
    version: str
    user_name: str | None = None
    role: Literal["owner", "admin", "member"] = "member"
    theme: Theme = "auto"
    flash: Flash | None = None
    is_live: bool = False
    is_stranger: bool = True
    skin: str = ""
    leaving: str = ""

    @property
    def is_admin(self) -> bool:
        """Whether settings of the whole server are shown."""
        return self.role in ("owner", "admin")
