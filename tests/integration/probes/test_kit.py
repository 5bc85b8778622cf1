"""What authors of probes are given: a first plugin, a check, a run against fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devtime.kernel.errors import Conflict, Invalid
from devtime.probes.kit import check_probe, make_probe, run_fixture

if TYPE_CHECKING:
    from pathlib import Path

    from devtime.plugins.engine.pool import Pool

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_plugin_is_sound_and_runs_against_its_fixture(tmp_path: Path, pool: Pool) -> None:
    folder = tmp_path / "acme"
    make_probe(folder, "acme", "Acme")
    assert await check_probe(folder, pool) == []
    snapshot = await run_fixture(folder, "good", pool, tmp_path / "scratch")
    assert (snapshot.plan, snapshot.progress[0].used, snapshot.error) == ("Pro", 42.0, "")
    (folder / "fixtures" / "good" / "answers.json").write_text("{}")
    assert (await run_fixture(folder, "good", pool, tmp_path / "scratch")).error == "HTTP 404. Try again later."
    with pytest.raises(Conflict):
        make_probe(folder, "acme", "Acme")
    with pytest.raises(Invalid):
        await run_fixture(folder, "none", pool, tmp_path / "scratch")


async def test_a_check_names_the_place_of_what_is_wrong(tmp_path: Path, pool: Pool) -> None:
    folder = tmp_path / "acme"
    make_probe(folder, "acme", "Acme")
    (folder / "plugin.js").write_text("const x = ;\n")
    (told,) = await check_probe(folder, pool)
    assert told.startswith("plugin.js:1:")
    (folder / "plugin.json").write_text("{}")
    assert len(await check_probe(folder, pool)) == 1
