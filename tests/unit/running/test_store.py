"""The database a command is lent."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtime.kernel.settings import Settings
from devtime.running.store import lend_store
from devtime.store.embedded.binaries import OVERRIDE, preferred_binaries


def test_postgresql_programs_named_in_the_file_are_those_that_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.9'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv(OVERRIDE, "")
    settings = Settings(home=tmp_path, database_url="postgresql://somebody@localhost/base", pg_bin=str(tmp_path))
    with lend_store(settings):
        assert (preferred_binaries().bin, preferred_binaries().version) == (tmp_path, "17.9")
