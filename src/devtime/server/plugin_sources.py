"""What authors hand in becomes JavaScript: TypeScript is translated when it is published."""

from __future__ import annotations

import msgspec

from devtime.kernel.errors import Invalid
from devtime.marketplace.drafts import Draft
from devtime.plugins.engine import Execution
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kit.shape import infer_type

_HEAD = "async function widget(container, token) {\n"
"""A widget's script is the body of a function, so `return` and `await` are good there."""
_TAIL = "\n}"


async def translate(pool: Pool, draft: Draft, key: str) -> Draft:
    """The draft with a script that is JavaScript. Invalid for a lifecycle script that is neither.

    A widget's that is neither is left as it is: browsers may know more than the sandbox.
    """
    # What is shown as the source is what was handed in, and never what somebody says it was.
    draft = msgspec.structs.replace(draft, source=None)
    if not draft.script or not draft.script.strip():
        return draft
    is_widget = (draft.plugin_type or infer_type(draft.script)) == "widget"
    head, tail = (_HEAD, _TAIL) if is_widget else ("", "")
    whole = f"{head}{draft.script}{tail}"
    checked = await pool.run(Execution(entry="none", script=whole, is_check=True), key=key)
    if checked.kind == "ok":
        return draft
    translated = await pool.transform("plugin.ts", whole, key=key)
    if translated.kind == "ok":
        script = msgspec.json.decode(translated.value_json, type=str)
        if is_widget:
            script = script[script.index("{") + 1 : script.rindex("}")].strip("\n") + "\n"
        return msgspec.structs.replace(draft, script=script, source=draft.script)
    if is_widget:
        return draft
    failure = translated.failure or checked.failure
    told = "it cannot be read" if failure is None else f"{failure.message} (line {failure.line})"
    raise Invalid("script", f"is not JavaScript, nor TypeScript: {told}")
