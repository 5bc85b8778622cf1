"""The JSON examples of the product plan, read from beside the repository where they are at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PLAN = Path(__file__).parents[2] / "shared" / "seeds" / "devtime-plan.md"

_BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)


def read_examples(heading: str) -> list[str]:
    """The JSON blocks of a section, as they are written; skips the test when the plan is not at hand."""
    if not PLAN.exists():
        pytest.skip("the plan is not beside the repository")
    section = PLAN.read_text("utf-8").split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    return _BLOCK.findall(section)
