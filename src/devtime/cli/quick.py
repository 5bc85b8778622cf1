"""Words of the quick commands into options, by a table: measured in microseconds, where a library takes 95 ms.

The same table makes `--help` here and the command's entry in `devtime --help`, the reference and shell completion.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal, NamedTuple

from devtime.kernel.errors import Invalid

Kind = Literal["flag", "text", "texts", "whole", "number", "maybe"]
"""`texts` may be given several times; `maybe` is text that may be left out (`--explain`, `--explain last`)."""

_TAKES_VALUE = {"text", "texts", "whole", "number", "maybe"}
_HELP_WIDTH = 100
_MOST_CHOICES = 5


class Option(NamedTuple):
    """One option. `negative` switches a flag off; hidden ones are accepted and not told of."""

    name: str
    help: str = ""
    kind: Kind = "flag"
    short: str = ""
    metavar: str = "TEXT"
    choices: tuple[str, ...] = ()
    negative: str = ""
    is_hidden: bool = False

    @property
    def field(self) -> str:
        """The name its value is asked by: `start_of_week`."""
        return self.name.lstrip("-").replace("-", "_")


class Command(NamedTuple):
    """A command: how it is called, what it does, what its bare words mean, its options."""

    name: str
    usage: str
    help: str
    words: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    words_title: str = "Reports"


class Given:
    """What was given on the command line."""

    __slots__ = ("_values", "words")

    def __init__(self, words: list[str], values: dict[str, object]) -> None:
        self.words = words
        self._values = values

    def flag(self, field: str) -> bool:
        """Whether a flag was given (and not switched off again)."""
        return self._values.get(field) is True

    def chosen(self, field: str) -> bool | None:
        """A flag with a negative: True, False, or None where neither was given."""
        value = self._values.get(field)
        return value if isinstance(value, bool) else None

    def text(self, field: str, default: str = "") -> str:
        """The text of an option."""
        value = self._values.get(field)
        return value if isinstance(value, str) else default

    def maybe(self, field: str) -> str | None:
        """None where the option is missing, empty where it came without a text."""
        value = self._values.get(field)
        return value if isinstance(value, str) else None

    def texts(self, field: str) -> tuple[str, ...]:
        """Every text of an option that may be repeated."""
        value = self._values.get(field)
        return tuple(str(one) for one in value) if isinstance(value, tuple) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def whole(self, field: str) -> int | None:
        """A whole number."""
        value = self._values.get(field)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def number(self, field: str) -> float | None:
        """A number."""
        value = self._values.get(field)
        return value if isinstance(value, float) else None


def read_words(command: Command, words: Sequence[str]) -> Given:
    """The options among the words. `--help` prints and exits; Invalid, naming the option, where one is wrong."""
    known = {
        name: option for option in command.options for name in (option.name, option.short, option.negative) if name
    }
    bare: list[str] = []
    values: dict[str, object] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("--help", "-h"):
            print(describe(command))
            raise SystemExit(0)
        if word == "--":
            bare += rest
            break
        if not word.startswith("-") or word == "-":
            bare.append(word)
            continue
        name, is_joined, joined = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
        option = known.get(name)
        if option is None or (is_joined and option.kind == "flag"):
            raise Invalid("", _unknown(command, word, known))
        if option.kind == "flag":
            values[option.field] = name != option.negative
            continue
        if not is_joined:
            joined = _next_value(option, name, rest)
        value = _valued(option, name, joined)
        before = values.get(option.field, ())
        values[option.field] = (*before, value) if option.kind == "texts" and isinstance(before, tuple) else value
    return Given(bare, values)


def _names(option: Option) -> list[str]:
    return [name for name in (option.name, option.short, option.negative) if name]


def _next_value(option: Option, name: str, rest: list[str]) -> str:
    if option.kind == "maybe":
        return rest.pop(0) if rest and not rest[0].startswith("-") else ""
    if not rest or (rest[0].startswith("--") and rest[0] != "--"):
        raise Invalid(name, f"needs a value: {name} {option.metavar}")
    return rest.pop(0)


def _valued(option: Option, name: str, text: str) -> object:
    if option.choices and text not in option.choices:
        raise Invalid(name, f"{text[:32]!r} is none of {', '.join(option.choices)}")
    if option.kind == "whole":
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise Invalid(name, f"{text[:32]!r} is not a whole number")
        return int(text)
    if option.kind == "number":
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not 0 < value < float("inf"):
            raise Invalid(name, f"{text[:32]!r} is not a number above 0")
        return value
    return text


def _unknown(command: Command, word: str, known: dict[str, Option]) -> str:
    from difflib import get_close_matches

    name = word.partition("=")[0]
    near = get_close_matches(name, [key for key, option in known.items() if not option.is_hidden], n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"{name[:40]} is no option of `devtime {command.name}`.{meant} See `devtime {command.name} --help`."


def describe(command: Command) -> str:
    """What `--help` prints."""
    from textwrap import wrap

    from devtime.cli.terminal import terminal_width

    width = min(terminal_width(), _HELP_WIDTH)
    shown = [option for option in command.options if not option.is_hidden]
    left = max(len(_spelled(option)) for option in shown) + 4
    left = min(left, width // 3)
    paragraphs = ["\n".join(wrap(part, width)) for part in command.help.strip().split("\n\n")]
    lines = [f"Usage: devtime {command.usage}", "", "\n\n".join(paragraphs), ""]
    for title, entries in (
        (command.words_title, command.words),
        ("Options", [(_spelled(option), option.help) for option in shown] + [("--help, -h", "Show this and exit.")]),
    ):
        if not entries:
            continue
        lines.append(f"{title}:")
        for name, text in entries:
            told = wrap(text, width - left) or [""]
            head = f"  {name}"
            if len(head) > left - 2:
                lines.append(head)
                head = ""
            lines.append(f"{head:<{left}}{told[0]}")
            lines += [" " * left + line for line in told[1:]]
        lines.append("")
    return "\n".join(lines).rstrip()


def _spelled(option: Option) -> str:
    names = ", ".join(_names(option))
    if option.kind not in _TAKES_VALUE:
        return names
    value = "|".join(option.choices) if 0 < len(option.choices) <= _MOST_CHOICES else option.metavar
    return f"{names} [{value}]" if option.kind == "maybe" else f"{names} {value}"


def write(text: str) -> None:
    """Text to standard output; what the terminal cannot show is replaced, never an error."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
