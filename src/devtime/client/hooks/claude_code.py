"""Claude Code's hooks (https://docs.claude.com/en/docs/claude-code/hooks): what each tells of the work.

From a prompt's end to the agent's stop the agent works; around that a human reads and writes. Tokens are not read here:
the agent's transcript has them, and the readers read it.
"""

from __future__ import annotations

from collections.abc import Mapping

from devtime.client.hooks.payload import table_of, text_of
from devtime.client.queueing import Beat

TOOL = "claude-code"
EVENTS = (
    "SessionStart",
    "SessionEnd",
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolUse",
    "Stop",
    "SubagentStop",
)
_ACTIVITIES = {
    "SessionStart": "prompting",
    "SessionEnd": "prompting",
    "UserPromptSubmit": "prompting",
    "Stop": "prompting",
    "SubagentStop": "coding",
    "PreToolUse": "coding",
    "PostToolUse": "coding",
}
_WRITERS = frozenset({"Edit", "MultiEdit", "Write", "NotebookEdit"})


def beats_of(payload: Mapping[str, object], time_ms: int) -> list[Beat]:
    """The heartbeat of a hook's call; none when it is no event of interest."""
    event = text_of(payload, "hook_event_name")
    activity = _ACTIVITIES.get(event)
    if activity is None:
        return []
    file, is_write = "", False
    if activity == "coding":
        file = text_of(table_of(payload, "tool_input"), "file_path", "notebook_path")
        is_write = event == "PostToolUse" and bool(file) and text_of(payload, "tool_name") in _WRITERS
    return [
        Beat(
            tool=TOOL,
            activity=activity,
            time_ms=time_ms,
            file=file,
            folder=text_of(payload, "cwd"),
            session=text_of(payload, "session_id"),
            is_write=is_write,
        )
    ]
