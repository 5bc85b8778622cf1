"""The documents name everything there is, and nothing that is not."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_RECORD = re.compile(r"docs/decisions/\d{4}-[\w-]+\.md")
_PLACE = re.compile(r"""[`"]((?:tests|docs|src|scripts)/[\w./-]+)""")
_CITING = {".py", ".sql", ".md", ".toml", ".css", ".js", ".html"}


def _documents(committed: list[Path]) -> list[Path]:
    return [path for path in committed if path.suffix == ".md"]


def test_links_between_documents_lead_somewhere(root: Path, committed: list[Path]) -> None:
    links = [
        (path, target)
        for path in _documents(committed)
        for target in _LINK.findall((root / path).read_text())
        if "://" not in target
    ]
    assert links
    assert [f"{path}: {target}" for path, target in links if not (root / path.parent / target).exists()] == []


def test_the_index_leads_to_every_page_of_the_documentation(root: Path, committed: list[Path]) -> None:
    """By itself or by the index page of a folder."""
    pages = {path for path in _documents(committed) if path.is_relative_to("docs")}
    indexes = [path for path in pages if path.name == "README.md"]
    listed = {
        (root / index.parent / target).resolve()
        for index in indexes
        for target in _LINK.findall((root / index).read_text())
    }
    lost = [path for path in pages if (root / path).resolve() not in listed and path != Path("docs/README.md")]
    assert [str(path) for path in sorted(lost)] == []


def test_the_architecture_names_every_package(root: Path, modules: list[Path]) -> None:
    text = (root / "docs/architecture.md").read_text()
    below = [path.relative_to("src/devtime").parts[0].removesuffix(".py") for path in modules]
    packages = {name for name in below if not name.startswith("__")}
    assert packages
    assert [name for name in sorted(packages) if f"`{name}" not in text] == []


def test_decisions_are_numbered_without_holes(committed: list[Path]) -> None:
    records = sorted(path.name for path in committed if path.parent == Path("docs/decisions"))
    assert [int(name[:4]) for name in records] == list(range(len(records)))


def test_every_cited_decision_exists(root: Path, committed: list[Path]) -> None:
    cited = {
        (str(path), record)
        for path in committed
        if path.suffix in _CITING
        for record in _RECORD.findall((root / path).read_text("utf-8", "replace"))
    }
    assert cited
    assert [f"{path}: {record}" for path, record in sorted(cited) if not (root / record).is_file()] == []


def test_every_make_command_is_listed_and_described(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets
    names = set(targets[1].split())
    assert set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == names
    contributing = (root / "CONTRIBUTING.md").read_text()
    assert [name for name in sorted(names - {"help"}) if f"`make {name}`" not in contributing] == []


def test_the_files_contributing_names_exist(root: Path) -> None:
    named = _PLACE.findall((root / "CONTRIBUTING.md").read_text())
    assert named
    assert [place for place in named if not (root / place).exists()] == []


@pytest.mark.parametrize("page", ["cli.md", "settings.md"])
def test_the_reference_says_what_the_program_does(root: Path, page: str) -> None:
    describe = runpy.run_path(str(root / "scripts/gen_reference.py"))["PAGES"][page]
    assert (root / "docs/reference" / page).read_text("utf-8") == describe(), "run `make reference`"
