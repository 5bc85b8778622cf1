"""Takes the terminal pictures of the documentation: the real commands in a real terminal, on made-up logs.

`.venv/bin/python scripts/make_terminal_screenshots.py` writes docs/howto/images/*.png. Needs tmux, Chromium and
the font JetBrains Mono. What a block holds depends on the hour, so these pictures differ from run to run.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_up_services import open_services, write_logins, write_misbehaving
from playwright.sync_api import sync_playwright
from rich.color import parse_rgb_hex
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

FOLDER = Path(__file__).parents[1] / "docs" / "howto" / "images"
_DEVTIME = Path(sys.executable).with_name("devtime")
_MODELS = (("claude-opus-4-6", 5), ("claude-sonnet-4-6", 3), ("claude-haiku-4-5-20251001", 2))
_PAGE = """<body style="margin:0;background:#16181d"><pre style="margin:0;padding:28px 32px;color:#d7dae0;
display:inline-block;font:15px/1.42 'JetBrains Mono',monospace">{}</pre></body>"""
_ANSI = ["16181d", "e06c75", "7ec699", "e5c07b", "6cb6ff", "c792ea", "5cc8c8", "d7dae0"]
_THEME = TerminalTheme((0x16, 0x18, 0x1D), (0xD7, 0xDA, 0xE0), [parse_rgb_hex(colour) for colour in _ANSI])


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _write_logs(home)
        write_logins(home)
        _take(home, "usage", ["usage", "--last", "7"], columns=112, rows=34)
        _take(home, "usage-live", ["usage", "--live"], columns=92, rows=26)
        with open_services() as origins:
            words = ["probe", "claude", "copilot", *origins]
            _take(home, "probe", words, columns=92, rows=24, patience_s=20)
            words = ["probe", "copilot", *write_misbehaving(home), "--yes", *origins]
            _take(home, "probe-misbehaving", words, columns=92, rows=24, patience_s=60)


def _write_logs(home: Path) -> None:
    """A fortnight of somebody's sessions, the last of them going on now."""
    chance = random.Random(7)  # noqa: S311 - pictures, not secrets
    now = datetime.now(UTC)
    for day in range(14):
        for session in range(chance.randrange(1, 4)):
            began = now - timedelta(days=day, hours=4 * session, minutes=150)
            _write_session(home, chance, f"{day:02d}{session:02d}", began)


def _write_session(home: Path, chance: random.Random, name: str, began: datetime) -> None:
    project = chance.choice(("harbor-api", "tide-tables", "recipes"))
    folder = home / ".claude/projects" / f"-home-ada-{project}"
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for number in range(150):
        moment = began + timedelta(minutes=number)
        (model,) = chance.choices([model for model, _ in _MODELS], [weight for _, weight in _MODELS])
        usage = {
            "input_tokens": chance.randrange(3, 900),
            "output_tokens": chance.randrange(60, 2_400),
            "cache_creation_input_tokens": chance.randrange(0, 9_000),
            "cache_read_input_tokens": chance.randrange(20_000, 140_000),
        }
        lines.append(
            json.dumps(
                {
                    "cwd": f"/home/ada/{project}",
                    "gitBranch": "main",
                    "sessionId": name,
                    "version": "2.1.7",
                    "message": {"id": f"msg_{name}_{number}", "model": model, "usage": usage},
                    "requestId": f"req_{name}_{number}",
                    "type": "assistant",
                    "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                },
                separators=(",", ":"),
            )
        )
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def _take(home: Path, name: str, words: Sequence[str], columns: int, rows: int, patience_s: float = 6) -> None:
    """Run it in a terminal of that size, and picture what is on the screen."""
    server = f"devtime-picture-{os.getpid()}"
    tmux = ["tmux", "-L", server]
    command = (
        f"env DEVTIME_PROBE_TEST=1 HOME={home} DEVTIME_HOME={home}/.devtime {_DEVTIME} {' '.join(words)}; sleep 90"
    )
    size = ["-x", str(columns), "-y", str(rows)]
    subprocess.run([*tmux, "-f", "/dev/null", "new-session", "-d", *size, command], check=True)
    try:
        time.sleep(patience_s)
        said = subprocess.run([*tmux, "capture-pane", "-p", "-e"], check=True, capture_output=True, text=True).stdout
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    console = Console(record=True, width=columns, file=Path(os.devnull).open("w"))  # noqa: SIM115
    console.print(Text.from_ansi(said.rstrip()))
    page_of(console.export_html(theme=_THEME, inline_styles=True, code_format="{code}"), FOLDER / f"{name}.png")


def page_of(code: str, target: Path) -> None:
    """Picture coloured text."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=1.5)
        page.set_content(_PAGE.format(code))
        page.locator("pre").screenshot(path=target)
        browser.close()
    print(f"wrote {target.name}")


if __name__ == "__main__":
    main()
