"""A script as it runs: JavaScript is left as its author wrote it, line by line; TypeScript loses its types."""

from __future__ import annotations

import msgspec

from devtime.kernel.errors import Invalid
from devtime.plugins.engine import Execution
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kit.checking import WIDGET, find_syntax_error
from devtime.plugins.kit.problem import Problem
from devtime.plugins.kit.shape import PluginType


class Unreadable(Invalid):
    """A script no parser takes, and where it stops."""

    def __init__(self, problem: Problem) -> None:
        place = f" at line {problem.line}:{problem.column}" if problem.line else ""
        super().__init__("script", f"cannot be read{place}: {problem.message}")
        self.problem = problem


async def to_javascript(pool: Pool, source: str, plugin_type: PluginType, *, key: str = "") -> str:
    """What the sandbox, or a widget's frame, takes; Unreadable tells what cannot be read, and where."""
    is_widget = plugin_type == "widget"
    whole = f"{WIDGET}{source}\n}}" if is_widget else source
    if not source.strip() or await _is_javascript(pool, whole, key):
        return source
    broken = await find_syntax_error(pool, source, plugin_type, "plugin.js", key)
    if broken is not None:
        raise Unreadable(broken)
    told = await pool.transform("plugin.ts", whole, key=key)
    made = msgspec.json.decode(told.value_json, type=str)
    return made[made.index("{") + 1 : made.rindex("}")] if is_widget else made


async def _is_javascript(pool: Pool, whole: str, key: str) -> bool:
    outcome = await pool.run(Execution("none", script=whole, is_check=True), key=key)
    return outcome.kind == "ok"
