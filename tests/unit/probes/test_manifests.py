"""A plugin's folder: both generations, what is refused, and what cannot get out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devtime.kernel.errors import Invalid
from devtime.plugins.kinds.probe.manifest import load_probe

FIVE = {"schemaVersion": 1, "id": "codex", "name": "Codex", "version": "0.0.1", "entry": "plugin.js"}
SCRIPT = "globalThis.__openusage_plugin = { id: 'codex', probe() { return { lines: [] } } }"


def made(folder: Path, manifest: object = FIVE, script: str | bytes | None = SCRIPT, **files: str) -> Path:
    place = folder / "plugin"
    place.mkdir(exist_ok=True)
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    (place / "plugin.json").write_text(text)
    if script is not None:
        (place / "plugin.js").write_bytes(script if isinstance(script, bytes) else script.encode())
    for name, content in files.items():
        (place / name.replace("__", ".")).write_text(content)
    return place


def test_five_fields_are_enough(tmp_path: Path) -> None:
    plugin = load_probe(made(tmp_path))
    assert (plugin.id, plugin.name, plugin.version, plugin.script) == ("codex", "Codex", "0.0.1", SCRIPT)
    assert (plugin.icon_url, plugin.lines, plugin.links, plugin.warnings) == (None, (), (), ())


def test_a_manifest_of_the_second_generation(tmp_path: Path) -> None:
    more = {
        "icon": "icon.svg",
        "brandColor": "#ff0000",
        "lines": [
            {"type": "progress", "label": "Weekly", "scope": "overview", "primaryOrder": 2, "period": "weekly"},
            {"type": "progress", "label": "Session", "scope": "overview", "primaryOrder": 1},
            {"type": "text", "label": "Plan", "scope": "detail"},
        ],
        "links": [{"label": " Status ", "url": " https://status.example.com "}],
        "unknown": {"anything": 1},
    }
    plugin = load_probe(made(tmp_path, FIVE | more, icon__svg="<svg/>"))
    assert plugin.icon_url == "data:image/svg+xml;base64,PHN2Zy8+"
    assert plugin.primary_candidates == ("Session", "Weekly")
    assert plugin.weekly_candidate == "Weekly"
    assert [plugin.scope_of(label) for label in ("Weekly", "Plan", "Other")] == ["overview", "detail", "detail"]
    assert [(link.label, link.url) for link in plugin.links] == [("Status", "https://status.example.com")]


@pytest.mark.parametrize("field", sorted(FIVE))
def test_each_of_the_five_fields_is_needed(tmp_path: Path, field: str) -> None:
    with pytest.raises(Invalid, match=field):
        load_probe(made(tmp_path, {name: value for name, value in FIVE.items() if name != field}))


@pytest.mark.parametrize("version", [0, 1, 2, 4_294_967_295])
def test_any_schema_version_is_taken(tmp_path: Path, version: int) -> None:
    assert load_probe(made(tmp_path, FIVE | {"schemaVersion": version})).id == "codex"


@pytest.mark.parametrize(
    "changed",
    [
        {"schemaVersion": "1"},
        {"schemaVersion": -1},
        {"schemaVersion": 1.5},
        {"schemaVersion": 4_294_967_296},
        {"id": 5},
        {"id": ""},
        {"id": "../codex"},
        {"id": "a/b"},
        {"id": ".hidden"},
        {"id": "a" * 65},
        {"id": "a\u0000b"},
        {"name": None},
        {"version": 1},
        {"entry": ""},
        {"entry": "  "},
        {"entry": "missing.js"},
        {"entry": "/etc/passwd"},
        {"entry": "../plugin.js"},
        {"entry": "a/../../plugin.js"},
        {"entry": "."},
        {"entry": "..\\plugin.js"},
        {"entry": "plugin.js\u0000"},
        {"icon": "missing.svg"},
        {"icon": "../icon.svg"},
        {"icon": 5},
        {"lines": {}},
        {"lines": [5]},
        {"lines": [{"type": "text"}]},
        {"lines": [{"type": "progress", "label": "x", "primaryOrder": -1}]},
        {"links": "x"},
        {"links": [{"label": "x"}]},
        {"brandColor": 5},
        {"permissions": {"hosts": "x"}},
    ],
)
def test_a_manifest_that_lies_is_refused(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        load_probe(made(tmp_path, FIVE | changed))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\ufeff{}", '"x"'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid):
        load_probe(made(tmp_path, text))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = made(tmp_path, script=None)
    secret = tmp_path / "secret.js"
    secret.write_text("1")
    (place / "plugin.js").symlink_to(secret)
    with pytest.raises(Invalid, match="outside"):
        load_probe(place)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    place = made(tmp_path, script=None)
    (place / "real.js").write_text(SCRIPT)
    (place / "plugin.js").symlink_to("real.js")
    assert load_probe(place).script == SCRIPT


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    place = made(tmp_path, script=None)
    (place / "plugin.js").symlink_to("plugin.js")
    with pytest.raises(Invalid):
        load_probe(place)


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    place = made(tmp_path, script=None)
    (place / "plugin.js").mkdir()
    with pytest.raises(Invalid, match="no file"):
        load_probe(place)


@pytest.mark.parametrize("script", [b"\xff\xfe", b"x" * (256 * 1024 + 1)])
def test_a_script_is_utf_8_and_not_endless(tmp_path: Path, script: bytes) -> None:
    with pytest.raises(Invalid):
        load_probe(made(tmp_path, script=script))


def test_what_means_nothing_is_a_warning(tmp_path: Path) -> None:
    lines = [
        {"type": "text", "label": "a", "scope": "overview", "primaryOrder": 1},
        {"type": "progress", "label": "b", "scope": "nowhere", "period": "monthly"},
    ]
    links = [{"label": "", "url": "https://x"}, {"label": "x", "url": "ftp://x"}, {"label": "x", "url": "javascript:1"}]
    plugin = load_probe(made(tmp_path, FIVE | {"lines": lines, "links": links}))
    assert len(plugin.warnings) == 5
    assert (plugin.primary_candidates, plugin.weekly_candidate, plugin.links) == ((), None, ())


@pytest.mark.parametrize("part", ["plugin.json", "plugin.js"])
def test_any_change_changes_the_digest(tmp_path: Path, part: str) -> None:
    place = made(tmp_path)
    before = load_probe(place).digest
    assert load_probe(place).digest == before
    (place / part).write_text((place / part).read_text() + " ")
    assert load_probe(place).digest != before
