"""What is installed is what the requirement files lock, and they lock what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_FILES = ("build.txt", "runtime.txt", "dev.txt")


def _locked(path: Path) -> dict[str, tuple[str, bool]]:
    """Package name to (version, has a hash)."""
    joined = path.read_text().replace("\\\n", " ")
    pins = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    parsed = [(re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", line), "--hash=sha256:" in line) for line in pins]
    assert all(match for match, _ in parsed), "a line that pins nothing"
    return {canonicalize_name(match[1]): (match[2], hashed) for match, hashed in parsed if match}


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", _FILES)
def test_every_locked_requirement_has_a_hash(root: Path, name: str) -> None:
    locked = _locked(root / "requirements" / name)
    assert locked
    assert [package for package, (_, hashed) in locked.items() if not hashed] == []


def _unmet(declared: list[str], locked: dict[str, tuple[str, bool]]) -> list[str]:
    requirements = [Requirement(line) for line in declared]
    return [
        str(requirement)
        for requirement in requirements
        if canonicalize_name(requirement.name) not in locked
        or locked[canonicalize_name(requirement.name)][0] not in requirement.specifier
    ]


def test_the_locks_satisfy_what_the_project_declares(root: Path, project: dict[str, Any]) -> None:
    runtime = _locked(root / "requirements" / "runtime.txt")
    dev = _locked(root / "requirements" / "dev.txt")
    build = _locked(root / "requirements" / "build.txt")
    assert _unmet(project["project"]["dependencies"], runtime) == []
    assert _unmet(project["dependency-groups"]["dev"], dev) == []
    assert _unmet(project["build-system"]["requires"], build) == []


def test_developers_run_the_versions_users_run(root: Path) -> None:
    runtime = _locked(root / "requirements" / "runtime.txt")
    dev = _locked(root / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_there_is_one_lock_only(committed: list[Path]) -> None:
    others = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "yarn.lock", "pnpm-lock.yaml"}
    assert [str(path) for path in committed if path.name in others] == []
