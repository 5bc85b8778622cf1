"""Imports point down, and the rules about folders that may not exist yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

_MACHINE = {"tui", "collector", "lsp", "client", "readers", "ledger", "probes"}
_SERVER = {"store", "accounts", "activity", "usage", "marketplace", "stats", "alerts", "server"}
_IO = {"asyncpg", "litestar", "httpx", "jinja2", "granian"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("devtime", include_external_packages=True)


def _chains(graph: grimp.ImportGraph, importers: set[str], imported: set[str]) -> list[str]:
    """Every way from one set to the other, written `a -> b -> c`; modules that do not exist have none."""
    return [
        " -> ".join(chain)
        for importer in sorted(importers & graph.modules)
        for target in sorted(imported & graph.modules)
        for chain in graph.find_shortest_chains(importer, target, as_packages=True)
    ]


def test_imports_point_down(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_machine_side_never_imports_the_server_side(graph: grimp.ImportGraph) -> None:
    machine = {f"devtime.{name}" for name in _MACHINE}
    server = {f"devtime.{name}" for name in _SERVER}
    assert _chains(graph, machine, server) == []


def test_charts_are_drawn_without_input_or_output(graph: grimp.ImportGraph) -> None:
    assert _chains(graph, {"devtime.web.charts"}, _IO | {f"devtime.{name}" for name in _SERVER}) == []
