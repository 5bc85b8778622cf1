"""When a limit is worth a word: once as each threshold is crossed, once when it will run out, anew after its reset."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

Rule = Literal["75", "90", "100", "runs-out"]
"""What was crossed: a share of the limit in percent, or the pace at which it lasts until its reset."""

THRESHOLDS: tuple[tuple[Rule, float], ...] = (("75", 0.75), ("90", 0.9), ("100", 1.0))
_FALL = 0.05
"""Within a period use only grows. Where it fell by so much of the limit, the limit began anew."""


class Reading(msgspec.Struct, frozen=True):
    """What a progress line says at an instant, and whether it runs out before its reset at this pace."""

    at_ms: int
    used: float
    most: float
    resets_at_ms: int | None = None
    will_run_out: bool = False

    @property
    def share(self) -> float:
        """How much of the limit is used; more than 1 beyond it."""
        return self.used / self.most


class Fired(msgspec.Struct, frozen=True):
    """A rule that was told, what the line said then, and when it began anew (None: not yet)."""

    rule: Rule
    at_ms: int
    used: float
    most: float
    resets_at_ms: int | None = None
    ended_at_ms: int | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What is to be told now, and which of what was told is over."""

    fired: tuple[Rule, ...]
    ended: tuple[Rule, ...]


def judge(reading: Reading, told: Iterable[Fired]) -> Verdict:
    """The verdict on a reading, given what was told in the period. Of several thresholds crossed at once the highest
    is told.
    """
    standing = [each for each in told if each.ended_at_ms is None and each.at_ms <= reading.at_ms]
    ended: list[Rule] = [each.rule for each in standing if _is_over(each, reading)]
    known = {each.rule for each in standing} - set(ended)
    fired: list[Rule] = []
    reached: list[Rule] = [rule for rule, share in THRESHOLDS if reading.share >= share]
    if reached and not _covers(known, reached[-1]):
        fired.append(reached[-1])
    if reading.will_run_out and reading.share < 1 and "runs-out" not in known:
        fired.append("runs-out")
    return Verdict(tuple(fired), tuple(ended))


def _is_over(told: Fired, reading: Reading) -> bool:
    if told.resets_at_ms is not None and reading.at_ms >= told.resets_at_ms:
        return True
    return reading.share < told.used / told.most - _FALL


def _covers(known: Collection[str], rule: Rule) -> bool:
    order = [name for name, _ in THRESHOLDS]
    return any(name in known for name in order[order.index(rule) :])
