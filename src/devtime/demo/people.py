"""Who the made-up developers are: names, places, habits and machines."""

from __future__ import annotations

from random import Random

import msgspec

_FIRST_NAMES = (
    "Ada", "Bruno", "Chiara", "Dilip", "Elif", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kofi", "Lucía",
    "Mehdi", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Sofia", "Tomasz", "Uma", "Viktor", "Wanjiru", "Ximena",
    "Yuki", "Zeno",
)  # fmt: skip
_LAST_NAMES = (
    "Abara", "Bergström", "Castelli", "Demir", "Eriksen", "Fontaine", "Gupta", "Horvat", "Ito", "Jansen", "Kowalska",
    "Lindqvist", "Moreau", "Nakamura", "Okafor", "Pereira", "Quispe", "Rossi", "Sato", "Torres", "Usman", "Vargas",
)  # fmt: skip
_ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A developer who never was.

    `pace_s` is the usual time between two heartbeats of an editor; `eagerness` (0 … 1) how often work is handed to
    agents; `presence` (0 … 1) on how many of the working days there is any.
    """

    seed: int
    username: str
    display_name: str
    zone: str
    starts_h: float = 9.0
    pace_s: float = 80.0
    eagerness: float = 0.5
    presence: float = 0.96
    editor: tuple[str, str] = ("vscode", "VS Code")
    laptop: str = "laptop"
    desktop: str = "desktop"
    system: str = "Linux"


def make_person(seed: int, zone: str) -> Person:
    """The person of that seed, living in that zone."""
    random = Random(f"person {seed}")
    first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)
    plain = first.lower().encode("ascii", "ignore").decode()
    return Person(
        seed=seed,
        username=f"{plain}-{seed}",
        display_name=f"{first} {last}",
        zone=zone,
        starts_h=random.choice((8.0, 8.5, 9.0, 9.5, 10.0)),
        pace_s=random.uniform(70.0, 100.0),
        eagerness=random.uniform(0.25, 0.6),
        editor=random.choice((("vscode", "VS Code"), ("vscode", "VS Code"), ("zed", "Zed"), ("neovim", "Neovim"))),
        laptop=f"{plain}-laptop",
        desktop=f"{plain}-desktop",
        system=random.choice(("Linux", "Mac", "Mac", "Windows")),
    )


def make_team(seed: int, size: int, zone: str) -> list[Person]:
    """As many people; the first lives in `zone`, the others anywhere."""
    random = Random(f"team {seed}")
    zones = [zone, *(random.choice((zone, *_ZONES)) for _ in range(size - 1))]
    return [make_person(seed + number, place) for number, place in enumerate(zones)]
