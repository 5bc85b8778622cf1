"""Which time is an agent's."""

from __future__ import annotations

import pytest

from devtime.stats.agents import is_agent
from devtime.wire.tools import tool_slug


@pytest.mark.parametrize("spelled", ["Claude Code", "claude", "GitHub Copilot CLI", "gemini", "continue", "Junie"])
def test_the_time_of_an_agent_is_an_agents_however_its_name_is_spelled(spelled: str) -> None:
    assert is_agent(tool_slug(spelled), "coding")


def test_the_time_of_an_editor_is_an_agents_only_while_an_agent_works_in_it() -> None:
    assert not is_agent("vscode", "coding")
    assert is_agent("vscode", "ai coding")
