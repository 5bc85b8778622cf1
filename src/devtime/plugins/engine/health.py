"""Whether plugins can run here, and behind which locks: what `devtime doctor` tells."""

from __future__ import annotations

from pathlib import Path

import msgspec

from devtime.kernel.errors import DevTimeError
from devtime.plugins.engine.execution import Execution
from devtime.plugins.engine.frames import Step
from devtime.plugins.engine.pool import Pool

_PROBE = Execution("main", script="async function main(x) { return x * 2 }", args_json="[21]")


class Health(msgspec.Struct, frozen=True):
    """How the engine is: what a worker said when it was tried, or why it could not be."""

    trouble: str = ""
    duration_ms: float = 0.0
    memory_bytes: int = 0
    steps: tuple[Step, ...] = ()

    @property
    def in_force(self) -> tuple[str, ...]:
        """The steps of the hardening that are."""
        return tuple(step.name for step in self.steps if step.state == "on")

    @property
    def missing(self) -> tuple[str, ...]:
        """Those that are not, with the reason."""
        return tuple(f"{step.name} ({step.told})" for step in self.steps if step.state != "on")


async def examine(folder: Path) -> Health:
    """Run a plugin of one line in a worker of our own."""
    pool = Pool(folder, workers=1)
    try:
        outcome = await pool.run(_PROBE)
        if outcome.value_json != "42":
            return Health(f"A plugin of one line ended with {outcome.kind}. {outcome.told}".rstrip(), steps=pool.steps)
        return Health("", outcome.duration_ms, outcome.memory_bytes, pool.steps)
    except DevTimeError as error:
        return Health(str(error))
    finally:
        await pool.close()
