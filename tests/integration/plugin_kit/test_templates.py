"""Templates do what their own tests say, on a real stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from database import TestServer
from devtime.kernel.errors import Unavailable
from devtime.plugins.engine.artifacts import read_guest
from devtime.plugins.kit.javascript import to_javascript
from devtime.plugins.kit.templates import list_templates
from devtime.plugins.kit.trial import run_tests
from devtime.running.plugin_trial import open_trial_on


async def test_every_template_passes_its_own_test(test_server: TestServer, tmp_path: Path) -> None:
    try:
        read_guest()
    except Unavailable as error:
        pytest.skip(str(error))
    address = await test_server.create_database()
    try:
        async with open_trial_on(test_server.superuser.with_database(address.database), None, tmp_path) as trial:
            results = []
            for template in list_templates():
                manifest = template.manifest
                if template.test:
                    trial.play(manifest.name, "1.0.0", await to_javascript(trial.pool, template.script, "lifecycle"))
                    results += await run_tests(trial.pool, f"{template.id}.test.js", template.test, trial)
        assert len(results) >= 8
        assert [result for result in results if result.error] == []
    finally:
        await test_server.drop_database(address)
