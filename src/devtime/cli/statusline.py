"""`devtime statusline`: one line for an agent's status bar. Asked for every second; never fails the agent."""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from devtime.cli.quick import Given, read_words, write
from devtime.cli.terminal import GREEN, RED, YELLOW, clean, paint
from devtime.kernel.errors import DevTimeError, Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devtime.cli.statusline_input import Status
    from devtime.cli.usage_books import Books

_MONEY = "{session} session / {today} today / {block} block ({left} left)"
PLAIN_FORMAT = f"{{model}} | {_MONEY} | {{rate}}/hr | {{context}} ctx | {{coded}} coded"
EMOJI_FORMAT = f"🤖 {{model}} | 💰 {_MONEY} | 🔥 {{rate}}/hr | 🧠 {{context}} | 💻 {{coded}}"
_MOST_ERROR = 120
_NORMAL_PER_MINUTE, _MODERATE_PER_MINUTE = 2_000, 5_000


def run_statusline(words: list[str]) -> None:
    """Print the line; whatever goes wrong is a short line too, and no failure."""
    from devtime.cli.statusline_options import COMMAND

    try:
        line = compose(read_words(COMMAND, words))
    except DevTimeError as error:
        line = clean(f"DevTime: {error}".replace(os.path.expanduser("~"), "~"))[:_MOST_ERROR]  # noqa: PTH111 - importing pathlib takes time
    except Exception as error:
        # The agent shows this line, or nothing: there is nobody else to tell.
        line = f"DevTime cannot tell ({type(error).__name__}); see `devtime usage`"
    write(line.replace("\n", " ") + "\n")


class Choices:
    """Options, then `[statusline]` of config.toml, then defaults."""

    def __init__(self, given: Given, document: Mapping[str, object]) -> None:
        section = document.get("statusline")
        self._given = given
        self._section: Mapping[str, object] = section if isinstance(section, dict) else {}

    def text(self, field: str, default: str, allowed: tuple[str, ...] = ()) -> str:
        """A text."""
        value = self._given.text(field) or self._section.get(field) or default
        if not isinstance(value, str) or (allowed and value not in allowed):
            among = f"must be one of {', '.join(allowed)}" if allowed else "must be a text"
            raise Invalid(f"config.toml, statusline.{field}", among)
        return value

    def flag(self, field: str, default: bool) -> bool:
        """True or false."""
        chosen = self._given.chosen(field)
        value = self._section.get(field, default) if chosen is None else chosen
        if not isinstance(value, bool):
            raise Invalid(f"config.toml, statusline.{field}", "must be true or false")
        return value

    def number(self, field: str, default: float) -> float:
        """A number."""
        value = self._given.number(field) or self._section.get(field, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Invalid(f"config.toml, statusline.{field}", "must be a number")
        return float(value)


def compose(given: Given) -> str:
    """The line."""
    from devtime.cli.statusline_input import read_status
    from devtime.cli.usage_books import Books

    status = read_status()
    with Books(given.text("home"), given.text("timezone"), wait=False) as books:
        return _compose(given, status, books)


def _compose(given: Given, status: Status, books: Books) -> str:
    from devtime.cli.statusline_options import COST_SOURCES

    choices = Choices(given, books.document)
    source = choices.text("cost_source", "auto", COST_SOURCES)
    has_colour = choices.flag("color", default=not os.environ.get("NO_COLOR"))
    template = choices.text("format", EMOJI_FORMAT if choices.flag("emoji", default=False) else PLAIN_FORMAT)
    parts = Parts(status, books, choices, source, has_colour)
    line = fill(template, parts)
    if not status.is_readable:
        line = f"{line} | the agent's status could not be read" if line else "the agent's status could not be read"
    if books.refreshed.is_other_running and not books.costing.rates:
        line = f"{line} | reading logs …"
    return line


def fill(template: str, parts: Parts) -> str:
    """The template with its parts. What stands between bars or slashes goes as a whole where a part is unknown."""
    groups: list[str] = []
    for group in template.split(" | "):
        pieces = [filled for piece in group.split(" / ") if (filled := _fill_piece(piece, parts)) is not None]
        if pieces:
            groups.append(" / ".join(pieces))
    return " | ".join(groups)


def _fill_piece(piece: str, parts: Parts) -> str | None:
    out, rest = "", piece
    while rest:
        before, opened, after = rest.partition("{")
        out += before
        if not opened:
            break
        name, closed, rest = after.partition("}")
        if not closed:
            return out + "{" + after
        value = parts.value(name.strip())
        if value is None:
            return None
        out += value
    return out


class Parts:
    """The named parts of the line, each worked out when it is first asked for."""

    def __init__(self, status: Status, books: Books, choices: Choices, source: str, has_colour: bool) -> None:
        self._status = status
        self._books = books
        self._choices = choices
        self._source = source
        self._has_colour = has_colour
        self._known: dict[str, str | None] = {}

    def value(self, name: str) -> str | None:
        """None where it is not known now; Invalid for a name there is no part of."""
        if name not in self._known:
            work_out = getattr(self, f"_{name}_part", None)
            if work_out is None:
                from devtime.cli.statusline_options import PARTS

                raise Invalid("--format", f"{{{clean(name)[:24]}}} is no part; there are {', '.join(PARTS)}")
            self._known[name] = work_out()
        return self._known[name]

    def _paint(self, text: str, style: str) -> str:
        return paint(text, style) if self._has_colour else text

    def _model_part(self) -> str | None:
        name = self._status.text("model", "display_name") or self._status.text("model", "id")
        return clean(name) if name else None

    def _version_part(self) -> str | None:
        version = self._status.text("version")
        return clean(version) if version else None

    def _folder_part(self) -> str | None:
        path = self._status.text("workspace", "project_dir") or self._status.text("cwd")
        return clean(path.rstrip("/\\").replace("\\", "/").rpartition("/")[2]) if path else None

    def _session_part(self) -> str | None:
        told = self._status.number("cost", "total_cost_usd")
        if self._source in ("auto", "cc") and told is not None:
            return f"${told:,.2f}"
        if self._source == "cc":
            return None
        session = self._status.text("session_id")
        if session is None:
            return None
        counted = self._sum(sessions=(session,))
        if self._source == "both" and told is not None:
            return f"${told:,.2f} cc, {counted} ledger"
        return counted

    def _today_part(self) -> str | None:
        return self._sum(first_day=self._books.today)

    def _week_part(self) -> str | None:
        return self._sum(first_day=self._books.today - timedelta(days=6))

    def _month_part(self) -> str | None:
        return self._sum(first_day=self._books.today.replace(day=1))

    def _sum(self, first_day: date | None = None, sessions: tuple[str, ...] = ()) -> str:
        from devtime.reports.rows import fold_all
        from devtime.wire.usage_sums import UsageQuestion

        question = UsageQuestion(zone=self._books.zone, first_day=first_day, sessions=sessions)
        total = fold_all(self._books.ask_about(question), self._books.costing)
        return _dollars(total.cost_usd, total.is_unpriced)

    def _find_block(self) -> None:
        from devtime.cli.usage_block_search import blocks_since
        from devtime.reports.blocks import BLOCK_MS, burn_of
        from devtime.wire.usage_sums import UsageQuestion

        books = self._books
        question = UsageQuestion(zone="UTC", agents=("claude",))
        found = blocks_since(books, question, books.now_ms - 2 * BLOCK_MS)
        block = next((block for block in found if block.is_active(books.now_ms)), None)
        self._known |= {"block": None, "left": None, "rate": None}
        if block is None:
            return
        self._known["block"] = _dollars(block.row.cost_usd, block.row.is_unpriced)
        self._known["left"] = _duration((block.end_ms - books.now_ms) // 60_000)
        burn = burn_of(block)
        if burn:
            pace = burn.plain_tokens_per_minute
            style = GREEN if pace < _NORMAL_PER_MINUTE else YELLOW if pace < _MODERATE_PER_MINUTE else RED
            self._known["rate"] = self._paint(f"${burn.cost_usd_per_hour:,.2f}", style)

    def _block_part(self) -> str | None:
        self._find_block()
        return self._known["block"]

    def _left_part(self) -> str | None:
        self._find_block()
        return self._known["left"]

    def _rate_part(self) -> str | None:
        self._find_block()
        return self._known["rate"]

    def _context_part(self) -> str | None:
        from devtime.cli.statusline_input import context_of

        context = context_of(self._status)
        if context is None:
            return None
        low, medium = (
            self._choices.number("context_low_threshold", 50),
            self._choices.number("context_medium_threshold", 80),
        )
        style = GREEN if context.percent < low else YELLOW if context.percent < medium else RED
        return f"{context.tokens:,} ({self._paint(f'{context.percent:.0f}%', style)})"

    def _coded_part(self) -> str | None:
        from devtime.cli.statusline_today import coded_today_s

        seconds = coded_today_s(self._books.home, self._books.zone, self._books.now_ms)
        return None if seconds is None else _duration(int(seconds // 60))

    def _limit_part(self) -> str | None:
        return self._quota("five_hour")

    def _week_limit_part(self) -> str | None:
        return self._quota("seven_day")

    def _quota(self, window: str) -> str | None:
        percent = self._status.number("rate_limits", window, "used_percentage")
        if percent is None:
            return None
        style = GREEN if percent < 50 else YELLOW if percent < 80 else RED
        return self._paint(f"{percent:.0f}%", style)


def _dollars(cost_usd: Decimal, is_unpriced: bool) -> str:
    return f"{'≥' if is_unpriced else ''}${cost_usd:,.2f}"


def _duration(minutes: int) -> str:
    minutes = max(0, minutes)
    return f"{minutes // 60}h {minutes % 60:02}m" if minutes >= 60 else f"{minutes}m"
