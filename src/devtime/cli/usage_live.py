"""`devtime usage --live`: the active block and today, redrawn where they stand and only when something changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from devtime.cli.terminal import DIM, cut, terminal_width, width_of
from devtime.cli.usage_block_search import blocks_since
from devtime.cli.usage_block_tables import draw_active
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.cli.usage_show import View, draw_rows, title_line
from devtime.cli.usage_table import Cell, Column
from devtime.cli.usage_tables import view_of
from devtime.kernel.errors import Invalid
from devtime.reports.blocks import BLOCK_MS
from devtime.reports.folding import agent_rows
from devtime.reports.rows import fold_all

_LOOK_S = 2.0
_QUIT = {"q", "Q", "\x1b", "\x03", "\x04"}
_HOME, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def show_live(wanted: Wanted) -> None:
    """Until q or Ctrl+C. Needs a terminal."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        raise Invalid("--live", "needs a terminal; for scripts there is `devtime usage blocks --active --json`")
    shown = ""
    with live_screen() as read_key:
        while True:
            view = view_of(wanted)
            with Desk(wanted.given, wanted.focus) as desk:
                picture = draw_live(desk, wanted, view)
            if picture != shown:
                redraw(picture, view.width)
                shown = picture
            until = time.monotonic() + _LOOK_S
            while (left := until - time.monotonic()) > 0:
                key = read_key(left)
                if key in _QUIT:
                    return
                if key and terminal_width() != view.width:
                    break


def draw_live(desk: Desk, wanted: Wanted, view: View) -> str:
    """The picture: it depends on minutes, not on seconds, so that nothing moves without need."""
    question = desk.question._replace(first_day=None, last_day=None, agents=desk.question.agents or ("claude",))
    blocks = blocks_since(desk, question, desk.now_ms - 2 * BLOCK_MS)
    active = [block for block in blocks if block.is_active(desk.now_ms)]
    head = title_line([f"Block of {', '.join(question.agents)}", desk.zone], view)
    if active:
        text = head + draw_active(active[-1], 0, desk, view)
    else:
        text = head + "No block is active. The next request begins one.\n"
    cells = desk.ask_about(desk.question._replace(first_day=desk.today, last_day=desk.today))
    text += "\n" + title_line(["Today", f"{desk.today}"], view)
    rows = agent_rows(cells, desk.costing)
    if rows:
        names = (Column("Agent", "name"),)
        text += draw_rows(names, rows, lambda row: [Cell(str(row.name))], fold_all(cells, desk.costing), view)
    else:
        text += "Nothing yet.\n"
    return text + "\n" + view.paint("q ends this", DIM) + "\n"


def redraw(picture: str, width: int) -> None:
    """Draw a picture where the last one stood."""
    lines = [line if "\x1b" in line or width_of(line) <= width else cut(line, width) for line in picture.split("\n")]
    height = max(4, os.get_terminal_size().lines)
    body = (_CLEAR_LINE + "\r\n").join(lines[: height - 1])
    sys.stdout.write(_HOME + body + _CLEAR_LINE + _CLEAR_BELOW)
    sys.stdout.flush()


@contextmanager
def live_screen() -> Generator[Callable[[float], str]]:
    """The terminal's other screen, keys unbuffered; everything as it was at the end, whatever happens."""
    if sys.platform == "win32":
        yield from _plain_screen()
        return
    import select
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def read_key(patience_s: float) -> str:
        try:
            ready, _, _ = select.select([descriptor], [], [], patience_s)
        except InterruptedError:
            return " "
        return os.read(descriptor, 1).decode("ascii", "replace") if ready else ""

    try:
        tty.setcbreak(descriptor)
        sys.stdout.write(_ENTER)
        yield read_key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()


def _plain_screen() -> Generator[Callable[[float], str]]:
    def wait(patience_s: float) -> str:
        time.sleep(patience_s)
        return ""

    sys.stdout.write(_ENTER)
    try:
        yield wait
    finally:
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
