"""Files are short, say what they hold, and are named after it."""

from __future__ import annotations

import ast
from pathlib import Path

_SOURCES = {".py", ".js", ".css", ".html", ".sql", ".sh"}
_FOLDERS = {"src", "scripts"}
_GENERATED = {"schema.sql"}
_LINES = 400
_LONGER: dict[str, str] = {}
"""Path to the reason why it may be longer than the rest."""

_EMPTY_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "service", "services", "util", "utils"}


def _lengths(root: Path, committed: list[Path]) -> dict[str, int]:
    ours = [path for path in committed if path.parts[0] in _FOLDERS and path.suffix in _SOURCES]
    sources = [path for path in ours if path.name not in _GENERATED]
    return {str(path): len((root / path).read_bytes().splitlines()) for path in sources}


def test_no_source_file_is_longer_than_400_lines_without_a_reason(root: Path, committed: list[Path]) -> None:
    long = {path: lines for path, lines in _lengths(root, committed).items() if lines > _LINES}
    assert set(long) == set(_LONGER), long


def test_no_module_or_folder_has_a_name_that_says_nothing(committed: list[Path]) -> None:
    code = [path for path in committed if path.suffix in {".py", ".js"}]
    nameless = [path for path in code if {*path.parts[:-1], path.stem} & _EMPTY_NAMES]
    assert [str(path) for path in nameless] == []


def test_every_module_says_what_lives_in_it(root: Path, modules: list[Path]) -> None:
    assert modules
    silent = [path for path in modules if not ast.get_docstring(ast.parse((root / path).read_bytes()))]
    assert [str(path) for path in silent] == []


def test_every_folder_of_modules_is_a_package(root: Path, modules: list[Path]) -> None:
    folders = {path.parent for path in modules}
    assert [str(folder) for folder in sorted(folders) if not (root / folder / "__init__.py").is_file()] == []
