"""The page of everything plugins may build with (`/design`)."""

from __future__ import annotations

from dataclasses import dataclass

from devtime.web.design.tokens import TokenGroup


@dataclass(frozen=True, slots=True)
class Specimen:
    """A component: `code` is to be copied, `shown` is the same for a page without inline styles."""

    id: str
    title: str
    about: str
    classes: tuple[str, ...]
    code: str
    shown: str
    is_wide: bool


@dataclass(frozen=True, slots=True)
class SpecimenGroup:
    """Components of a kind."""

    id: str
    title: str
    specimens: tuple[Specimen, ...]


@dataclass(frozen=True, slots=True)
class DesignView:
    """`/design`. `address` is the style sheet's."""

    address: str
    themable: tuple[str, ...]
    tokens: tuple[TokenGroup, ...]
    groups: tuple[SpecimenGroup, ...]
