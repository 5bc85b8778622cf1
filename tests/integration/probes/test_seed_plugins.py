"""Every example of both descriptions of the API, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devtime.plugins.kinds.probe.permissions import EVERYTHING

if TYPE_CHECKING:
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")

_SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
if not _SEEDS.is_dir():
    _SEEDS = Path(__file__).parents[5] / "shared" / "seeds"
_SECOND = _SEEDS / "openusage-host-api.txt"
_FIRST = _SEEDS / "openusage-plugin-api-v0.md"


def _examples() -> list[str]:
    """The JavaScript between prose: runs of lines that begin like a statement, up to where brackets are closed."""
    if not _SECOND.exists():
        return []
    found: list[str] = []
    headings = re.compile(r"^ctx\.[\w.]+\((opts|value|seconds|cents|unixMs)\)$")
    lines = [line for line in _SECOND.read_text().splitlines() if not headings.match(line)]
    at = 0
    start = re.compile(r"^(let|const|var|ctx\.|try \{|for )")
    while at < len(lines):
        if not start.match(lines[at]):
            at += 1
            continue
        block: list[str] = []
        depth = 0
        while at < len(lines):
            text = lines[at]
            if (
                depth <= 0
                and block
                and text
                and not re.match(r"^(let|const|var|ctx\.|try|for|if|state\.|throw|//|\}|\s|  [:?])", text)
            ):
                break
            block.append(text)
            depth += len(re.findall(r"[({\[]", text)) - len(re.findall(r"[)}\]]", text))
            at += 1
        found.append("\n".join(block))
    return [block for block in found if "ctx" in block and "): MetricLine" not in block]


@pytest.mark.parametrize("example", _examples() or [pytest.param("", marks=pytest.mark.skip(reason="no seeds here"))])
async def test_an_example_of_the_second_generation_runs(bench: ProbeBench, example: str) -> None:
    given = (
        "const error = { message: 'x' }, token = 't', refreshToken = 'r', newToken = \"n'\", "
        "data = { resets_at: 1769904000 };"
    )
    snapshot = await bench.body(
        f"{given} {{ {example}\n }} return {{ lines: [ctx.line.text({{ label: 'a', value: 'done' }})] }}"
    )
    told = snapshot.error or getattr(snapshot.lines[0], "value", "")
    expected = {
        "done",
        "Failed to read settings. Check your config.",
        "Network error. Check your connection.",
        "Login required. Sign in to continue.",
        "DB error. Check your data source.",
        "Failed to save token.",
    }
    if told not in expected:
        # `ctx.host.http.request` outside of a try, and what is not there, throw Errors: the generic text.
        assert "http.request" in example or "statePath" in example, (told, snapshot.logs, example)


async def test_there_are_examples() -> None:
    if not _SECOND.exists():
        pytest.skip("no seeds here")
    assert len(_examples()) >= 10


async def test_a_plugin_of_the_first_generation_as_its_description_has_it(bench: ProbeBench) -> None:
    if not _FIRST.exists():
        pytest.skip("no seeds here")
    text = _FIRST.read_text()
    manifest = re.search(r"```json\n(\{.*?\})\n```", text, re.DOTALL)
    assert manifest
    body = """function probe(ctx) { return { lines: [
      { type: 'text', label: 'Plan', value: 'Pro', color: '#000000' },
      { type: 'progress', label: 'Session', value: 42, max: 100, unit: 'percent' },
      { type: 'progress', label: 'Spend', value: 3.5, max: 20, unit: 'dollars' },
      { type: 'progress', label: 'Requests', value: 7, max: 500 },
      { type: 'badge', label: 'Status', text: 'OK', color: '#22c55e' } ] } }
    globalThis.__openusage_plugin = { id: "plugin-id", probe }"""
    folder = bench.folder / "first"
    folder.mkdir()
    (folder / "plugin.json").write_text(manifest[1])
    (folder / "plugin.js").write_text(body)
    from devtime.plugins.kinds.probe.manifest import load_probe
    from devtime.plugins.kinds.probe.run import probe

    snapshot = await probe(load_probe(folder), bench.surroundings, bench.pool, permissions=EVERYTHING)
    assert snapshot.plugin_id == "codex"
    assert not snapshot.has_errors
    assert [line.label for line in snapshot.lines] == ["Plan", "Session", "Spend", "Requests", "Status"]
