"""The quick commands as the library of the others sees them: for `devtime --help`, the reference and completion."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from devtime.cli import statusline_options, usage_options
from devtime.cli.quick import Command, Option

_TYPES: dict[str, Any] = {
    "flag": bool,
    "text": str | None,
    "maybe": str | None,
    "texts": list[str] | None,
    "whole": int | None,
    "number": float | None,
}


def _listed(command: Command, hand_over: Callable[[list[str]], None], words: str) -> Callable[..., None]:
    """A function whose signature is the command's table; called, it hands over to the quick door's command."""

    def run(*_words: str, **_options: object) -> None:
        hand_over(sys.argv[2:])

    parameters = [_parameter(option) for option in command.options if not option.is_hidden]
    if words:
        reports = Annotated[str, Parameter(help=words)]
        parameters.insert(0, inspect.Parameter("report", inspect.Parameter.VAR_POSITIONAL, annotation=reports))
    run.__signature__ = inspect.Signature(parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__name__ = command.name
    return run


def _parameter(option: Option) -> inspect.Parameter:
    kind: Any = Literal[option.choices] if option.choices else _TYPES[option.kind]  # pyright: ignore[reportInvalidTypeArguments]
    if option.choices:
        kind = kind | None
    names = [name for name in (option.name, option.short) if name]
    negative = [option.negative] if option.negative else ()
    described = Annotated[kind, Parameter(name=names, negative=negative, help=option.help, show_default=False)]
    default = False if option.kind == "flag" else None
    return inspect.Parameter(option.field, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=described)


def _usage(words: list[str]) -> None:
    from devtime.cli.usage import run_usage

    run_usage(words)


def _statusline(words: list[str]) -> None:
    from devtime.cli.statusline import run_statusline

    run_statusline(words)


usage = _listed(
    usage_options.COMMAND,
    _usage,
    f"An agent, then a report: {', '.join(usage_options.REPORTS)}. Without a report: daily.",
)
statusline = _listed(statusline_options.COMMAND, _statusline, "")


def hook(*words: Annotated[str, Parameter(allow_leading_hyphen=True, help="Who calls, and what it tells.")]) -> None:
    """Hand over to the quick door's command."""
    from devtime.cli.hook import run_hook

    run_hook(list(words))


def lsp(*words: Annotated[str, Parameter(allow_leading_hyphen=True, help="Passed over.")]) -> None:
    """Hand over to the quick door's command."""
    from devtime.cli.lsp import run_lsp

    run_lsp(list(words))
