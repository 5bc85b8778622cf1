"""No committed file names where packages come from, and no page fetches anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

# In pieces, so that this file does not hold what it looks for.
_REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "crates" + ".io",
    "proxy." + "golang",
    "repo.maven" + ".apache",
    "repo1." + "maven",
    "deb." + "debian",
    "cdn." + "jsdelivr",
    "unp" + "kg.com",
    "cdn" + "js.cloudflare",
]
_ELSEWHERE = re.compile(
    r"""(?:https?:)?//(?!www\.w3\.org/|localhost|127\.0\.0\.1)[a-z0-9-]+\.[a-z]{2,}""", re.IGNORECASE
)
_WEB_SOURCES = {".css", ".js", ".html", ".jinja", ".svg"}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def test_no_committed_file_holds_the_address_of_a_package_registry(root: Path, committed: list[Path]) -> None:
    found = [f"{path}: {host}" for path in committed for host in _REGISTRIES if host in _text(root / path).lower()]
    assert found == []


def test_the_lock_of_the_browser_scripts_has_hashes_and_no_download_addresses(root: Path) -> None:
    lock = (root / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock


def test_pages_styles_and_scripts_name_no_other_host(root: Path, committed: list[Path]) -> None:
    served = [path for path in committed if path.suffix in _WEB_SOURCES and path.is_relative_to("src/devtime/web")]
    found = [
        f"{path}:{number}: {match.group()}"
        for path in served
        for number, line in enumerate(_text(root / path).splitlines(), 1)
        for match in _ELSEWHERE.finditer(line)
    ]
    assert found == []


def test_styles_import_nothing(root: Path, committed: list[Path]) -> None:
    styles = [path for path in committed if path.suffix == ".css"]
    assert [str(path) for path in styles if "@import" in _text(root / path)] == []
