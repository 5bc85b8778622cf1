"""A plugin as a folder on its author's disk: read, checked for what a file can tell, and laid out anew."""

from __future__ import annotations

from pathlib import Path

import msgspec

from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.kit.archive import ENDING, unpack
from devtime.plugins.kit.manifest import FILE, Manifest, describe_manifest, read_manifest
from devtime.plugins.kit.problem import Problem
from devtime.plugins.kit.templates import DECLARATIONS, Template

TEST_ENDINGS = (".test.js", ".test.ts")


class AuthorPlugin(msgspec.Struct, frozen=True):
    """What was read. `script` is None where the manifest does not lead to one; `problems` say why."""

    folder: Path
    manifest: Manifest | None
    script: str | None
    problems: tuple[Problem, ...] = ()

    @property
    def main(self) -> str:
        """The script's name, for messages."""
        return self.manifest.main if self.manifest is not None else "plugin.js"


def read_plugin(place: Path) -> AuthorPlugin:
    """The plugin in a folder, or in a `.ctplugin` file; NotFound when there is none."""
    if place.is_file() and place.suffix == ENDING:
        bundle = unpack(place.read_bytes())
        return AuthorPlugin(place.parent, bundle.manifest, bundle.script)
    if not (place / FILE).is_file():
        raise NotFound(f"{place} holds no {FILE}. `devtime plugin new` makes a plugin to start from")
    manifest, problems = read_manifest(_read_text(place / FILE, FILE))
    if manifest is None:
        return AuthorPlugin(place, None, None, tuple(problems))
    main = (place / manifest.main).resolve()
    if not main.is_file() or not main.is_relative_to(place.resolve()):
        told = f'{manifest.main} is not there; "main" in {FILE} names the script'
        return AuthorPlugin(place, manifest, None, (*problems, Problem(FILE, 1, 1, "error", "main", told)))
    return AuthorPlugin(place, manifest, _read_text(main, manifest.main), tuple(problems))


def find_tests(folder: Path) -> list[Path]:
    """Its `*.test.js` and `*.test.ts`, by name."""
    return sorted(path for path in folder.glob("*.test.?s") if path.name.endswith(TEST_ENDINGS))


def lay_out(folder: Path, template: Template, name: str) -> list[Path]:
    """Write a plugin of the template's making into a folder that is new or empty: the files written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} exists and is not empty; name another folder")
    was = template.manifest.name
    manifest = msgspec.structs.replace(template.manifest, name=name, display_name=name.replace("-", " ").capitalize())
    problems = read_manifest(describe_manifest(manifest))[1]
    if problems:
        raise Invalid("name", problems[0].message)
    contents = {
        FILE: describe_manifest(manifest),
        manifest.main: template.script.replace(f"'{was}'", f"'{name}'"),
        "README.md": _readme(manifest, has_test=bool(template.test)),
        DECLARATIONS.name: DECLARATIONS.read_text("utf-8"),
        "jsconfig.json": _EDITORS,
    }
    if template.test:
        contents["plugin.test.js"] = template.test
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in contents.items():
        (folder / file).write_text(text, "utf-8")
    return [folder / file for file in contents]


def _read_text(path: Path, name: str) -> str:
    if path.stat().st_size > SOURCE_BYTES * 2:
        raise Invalid(name, f"is larger than {SOURCE_BYTES * 2:,} bytes")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Invalid(name, "is not UTF-8 text") from None


_EDITORS = """{
  "compilerOptions": {
    "checkJs": true,
    "strict": true,
    "target": "ES2022",
    "module": "ES2022",
    "moduleDetection": "force",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "types": []
  }
}
"""


def _readme(manifest: Manifest, *, has_test: bool) -> str:
    trigger = (
        "" if manifest.plugin_type == "widget" else "devtime plugin run --trigger on_tick   # once, in the sandbox\n"
    )
    test = "devtime plugin test                    # plugin.test.js, on a throw-away database\n" if has_test else ""
    return f"""# {manifest.display_name}

{manifest.description}

A plugin for DevTime. `plugin.json` describes it, `{manifest.main}` is what runs.

```console
devtime plugin check                   # what is wrong, with line and column
{trigger}{test}devtime plugin publish                 # shows what changes, then asks
```
"""
