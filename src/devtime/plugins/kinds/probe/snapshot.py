"""What one run of a probe came to."""

from __future__ import annotations

import msgspec

from devtime.kernel.clock import to_datetime
from devtime.plugins.engine import LogLine
from devtime.plugins.kinds.probe.lines import Badge, Line, Progress, is_error
from devtime.plugins.kinds.probe.touches import Touch


class Snapshot(msgspec.Struct, frozen=True):
    """The lines of a probe at an instant, and what the run did.

    `error` is the text of a run that failed as a whole, empty otherwise; its only line then is the badge that says it.
    `instance` tells apart several accounts of one plugin; it is the plugin's id where there is only one.
    `retry_after_s` is how long a server asked to be left alone, 0 when none did.
    """

    plugin_id: str
    name: str
    instance: str
    plan: str | None
    lines: tuple[Line, ...]
    fetched_at_ms: int
    error: str = ""
    icon_url: str | None = None
    logs: tuple[LogLine, ...] = ()
    touches: tuple[Touch, ...] = ()
    retry_after_s: int = 0
    duration_ms: float = 0.0

    @property
    def is_failed(self) -> bool:
        """Whether there is nothing but an error to show."""
        return len(self.lines) == 1 and is_error(self.lines[0])

    @property
    def has_errors(self) -> bool:
        """Whether any line is an error: such a snapshot does not replace a good one."""
        return any(is_error(line) for line in self.lines)

    @property
    def trouble(self) -> str:
        """What the error lines say."""
        return "; ".join(line.text for line in self.lines if isinstance(line, Badge) and is_error(line))

    @property
    def progress(self) -> tuple[Progress, ...]:
        """The lines that have a limit."""
        return tuple(line for line in self.lines if isinstance(line, Progress))


class Output(msgspec.Struct, frozen=True, rename="camel"):
    """A snapshot as others read it: OpenUsage's output, with the instant it was fetched."""

    provider_id: str
    display_name: str
    plan: str | None
    lines: tuple[Line, ...]
    fetched_at: str
    icon_url: str | None


def output_of(snapshot: Snapshot) -> Output:
    """For `--json`."""
    return Output(
        snapshot.instance,
        snapshot.name,
        snapshot.plan,
        snapshot.lines,
        to_iso(snapshot.fetched_at_ms),
        snapshot.icon_url,
    )


def to_iso(instant_ms: int) -> str:
    """`2026-11-29T06:40:00.000Z`."""
    return to_datetime(instant_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
