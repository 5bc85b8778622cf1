"""Writes docs/reference from the program itself: commands, settings, design. With --check it says what is stale."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import cyclopts

from devtime.kernel.settings import SETTINGS, Settings
from devtime.web.design.document import describe_design, write_specimen_styles
from devtime.web.render import STATIC

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
_MADE = "<!-- Made by `make reference` from the program; edit the texts there. -->\n\n"


def describe_commands() -> str:
    """The page of the command line, from what `--help` says."""
    module = importlib.import_module("devtime.cli.commands")
    apps = [value for value in vars(module).values() if isinstance(value, cyclopts.App)]
    root = next(app for app in apps if "devtime" in app.name)
    return _MADE + root.generate_docs(usage_name="devtime").strip() + "\n"


def describe_settings() -> str:
    """The page of the settings, from the table the program reads them by."""
    defaults = Settings(home=Path("~/.devtime"))
    lines = [
        "# Settings",
        "",
        "A flag beats the environment, the environment beats `config.toml`, and that beats the default. `config.toml`",
        "lies in `DEVTIME_HOME`, `~/.devtime` unless set. A key `server.port` is `port` in the section `[server]`.",
        "",
        "| setting | environment | `config.toml` | default | what it does |",
        "|---|---|---|---|---|",
    ]
    for setting in SETTINGS:
        default = getattr(defaults, setting.field)
        shown = f"`{str(default).lower() if isinstance(default, bool) else default}`" if default != "" else ""
        meaning = setting.meaning.replace("|", "\\|")
        lines.append(f"| {setting.field} | `{setting.variable}` | `{setting.key}` | {shown} | {meaning} |")
    return _MADE + "\n".join(lines) + "\n"


def list_design() -> str:
    """The page of the style sheet for plugins, from the table it is tested against."""
    return _MADE + describe_design()


PAGES = {"cli.md": describe_commands, "settings.md": describe_settings, "design-tokens.md": list_design}


def main() -> int:
    """Write the pages, or with --check list those that differ; 1 when some do."""
    pages = {FOLDER / name: describe() for name, describe in PAGES.items()}
    pages[STATIC / "plugin" / "specimens.css"] = write_specimen_styles()
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.name} is out of date: run `make reference`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages[path], "utf-8")
        print(f"wrote {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
