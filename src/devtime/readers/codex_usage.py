"""Token counts as Codex writes them: one request's, or a counter that only grows, and what lies between two counters.

Input includes what came from the cache and went into it; output includes reasoning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from devtime.readers.fields import count_of

_INPUT = ("input_tokens", "prompt_tokens", "input")
_CACHED = ("cached_input_tokens", "cache_read_input_tokens", "cached_tokens")
_OUTPUT = ("output_tokens", "completion_tokens", "output")
_REASONING = ("reasoning_output_tokens", "reasoning_tokens")


_NAMES = {"input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens"}
"""Those of today; most lines have no others."""


class CodexUsage(NamedTuple):
    """Counts of one request or of a counter."""

    input: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0
    reasoning: int = 0
    total: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was used: the others are parts of these two, and a total alone may be the context's."""
        return not (self.input or self.output)

    def since(self, earlier: CodexUsage | None) -> CodexUsage:
        """What was used since the counter stood at `earlier`.

        A counter that shows less than before has begun anew, so all it shows is new use. (The field's most used report
        takes it for nothing and loses the request.)
        """
        if earlier is None or self.input + self.output < earlier.input + earlier.output:
            return self
        return CodexUsage(*(max(now - then, 0) for now, then in zip(self, earlier, strict=True)))

    def within(self) -> CodexUsage:
        """The same, with no more cached than there was input."""
        if self.cached + self.written <= self.input:
            return self
        cached = min(self.cached, self.input)
        return self._replace(cached=cached, written=min(self.written, self.input - cached))


def usage_of(fields: Mapping[str, object]) -> CodexUsage:
    """The counts under any of the names they have had. Raises Unreadable for counts that are none."""
    if fields.keys() <= _NAMES:
        read, written = count_of(fields.get("input_tokens")), count_of(fields.get("output_tokens"))
        return CodexUsage(
            read,
            count_of(fields.get("cached_input_tokens")),
            0,
            written,
            count_of(fields.get("reasoning_output_tokens")),
            count_of(fields.get("total_tokens")) or read + written,
        )
    read = _first(fields, _INPUT)
    written = _first(fields, _OUTPUT)
    return CodexUsage(
        input=read,
        cached=_first(fields, _CACHED),
        written=count_of(fields.get("cache_write_input_tokens")),
        output=written,
        reasoning=_first(fields, _REASONING),
        total=count_of(fields.get("total_tokens")) or read + written,
    )


def spent(before: CodexUsage | None, total: CodexUsage | None, last: CodexUsage | None) -> CodexUsage | None:
    """What the event adds: the last request's counts, unless the counter stands where it stood (a repeated event)."""
    if last is not None and (total is None or total != before):
        return last.within()
    return None if total is None else total.since(before).within()


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> int:
    for name in names:
        value = fields.get(name)
        if value is not None:
            return count_of(value)
    return 0
