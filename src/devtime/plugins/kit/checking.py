"""What is wrong with a plugin before it ever ran: syntax, by the engine; and what only fails later, by reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from devtime.plugins.engine import Execution, Failure
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kit.problem import Problem, Severity, place_of
from devtime.plugins.kit.shape import HOOKS, PluginType, blank_texts, find_hooks, has_endpoints
from devtime.plugins.sql import Refused, check_statement

WIDGET = "async (container, token) => {"
"""A widget's script is the body of a function, so `return` and `await` are good there."""

_QUERY = re.compile(r"""\.db\s*\.\s*query\s*\(\s*(`[^`$\\]*`|'[^'\\\n]*'|"[^"\\\n]*")""")
_PARAMETER = re.compile(r"\$(\d{1,3})")
_ABSENT = re.compile(r"(?<![\w.$])(fetch|XMLHttpRequest|window|document|localStorage|require|process)\s*[.(\[]")
_FOREIGN = re.compile(r"""fetch\(\s*[`'"](https?://[^`'"$\s]+)""")


async def check_script(
    pool: Pool,
    source: str,
    plugin_type: PluginType,
    *,
    file: str = "plugin.js",
    hosts: tuple[str, ...] = (),
    key: str = "",
) -> list[Problem]:
    """Everything found, in the order of the text. `hosts` are those the plugin asks to reach."""
    size = len(source.encode("utf-8", "replace"))
    if size > SOURCE_BYTES:
        told = f"the script is {size:,} bytes long; {SOURCE_BYTES:,} is the most"
        return [Problem(file, 0, 0, "error", "size", told)]
    if not source.strip():
        return [Problem(file, 1, 1, "warning", "empty", "there is nothing to run yet")]
    broken = await find_syntax_error(pool, source, plugin_type, file, key)
    if broken is not None:
        return [broken]
    reading = _read_lifecycle(source) if plugin_type == "lifecycle" else _read_widget(source, hosts)
    found = [Problem(file, *place_of(source, index), severity, code, told) for index, severity, code, told in reading]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


async def find_syntax_error(pool: Pool, source: str, plugin_type: PluginType, file: str, key: str) -> Problem | None:
    """The first thing no parser takes; None when all can be read."""
    head = WIDGET if plugin_type == "widget" else ""
    whole = f"{head}{source}\n}}" if head else source
    told = await pool.transform("plugin.ts", whole, key=key)
    if told.kind == "ok":
        script = msgspec.json.decode(told.value_json, type=str)
        told = await pool.run(Execution(entry="none", script=script, is_check=True, file="plugin.ts"), key=key)
        # What is left is of the JavaScript that was made, so only the words can be told, not the place.
        if told.failure is not None:
            return Problem(file, 0, 0, "error", "syntax", told.failure.message)
    if told.kind == "ok":
        return None
    if told.failure is None:
        return Problem(file, 0, 0, "error", "syntax", told.told or "the script cannot be read")
    return _syntax(file, source, told.failure, len(head))


def _syntax(file: str, source: str, failure: Failure, shift: int) -> Problem:
    """With the place in the author's text; what only the closing brace tells is at the text's end."""
    line, column = failure.line, failure.column - shift if failure.line == 1 else failure.column
    if line > source.count("\n") + 1:
        line, column = place_of(source, len(source))
    return Problem(file, line, max(column, min(line, 1)), "error", "syntax", failure.message)


Reading = Iterator[tuple[int, Severity, str, str]]
"""Index, severity, code, words."""


def _read_lifecycle(source: str) -> Reading:
    code = blank_texts(source)
    hooks = find_hooks(source)
    for name in hooks:
        if name not in HOOKS:
            told = f"{name} is never called; the hooks are {', '.join(HOOKS)}"
            yield max(0, code.find(name)), "warning", "hook", told
    if not has_endpoints(source) and not set(hooks) & set(HOOKS):
        yield 0, "warning", "hook", f"nothing calls this: it has neither a hook ({', '.join(HOOKS)}) nor endpoints"
    for match in _ABSENT.finditer(code):
        if not re.search(rf"(?:const|let|var|function)\s+{match[1]}\b", code):
            yield match.start(1), "warning", "absent", f"{match[1]} does not exist in the sandbox of lifecycle plugins"
    yield from _read_statements(source)


def _read_statements(source: str) -> Reading:
    for match in _QUERY.finditer(source):
        text = match[1][1:-1]
        count = max((int(number) for number in _PARAMETER.findall(text)), default=0)
        try:
            check_statement(text, count)
        except Refused as refused:
            yield match.start(1), "error", "sql", f"this statement will be refused: {refused.reason}"


def _read_widget(source: str, hosts: tuple[str, ...]) -> Reading:
    for match in _FOREIGN.finditer(source):
        host = urlsplit(match[1]).hostname or ""
        if host not in hosts:
            yield match.start(1), "warning", "host", f'{host} is out of reach: add it to "grants": {{"hosts": […]}}'
