"""The door of the program. Commands that are asked for every second never meet the library of the other commands."""

from __future__ import annotations

import gc
import sys

_SELDOM = 100_000
"""So many new objects before garbage is looked for: a command that ends in a moment has none worth the time."""


def run() -> None:
    """Entry point of the `devtime` program: errors meant for people are told without a traceback."""
    words = sys.argv[1:]
    gc.set_threshold(_SELDOM)
    try:
        if words[:1] == ["usage"]:
            from devtime.cli.usage import run_usage

            run_usage(words[1:])
            _leave()
        elif words[:1] == ["statusline"]:
            from devtime.cli.statusline import run_statusline

            run_statusline(words[1:])
            _leave()
        elif words[:1] == ["hook"]:
            from devtime.cli.hook import run_hook

            run_hook(words[1:])
            _leave()
        elif words[:1] == ["lsp"]:
            from devtime.cli.lsp import run_lsp

            run_lsp(words[1:])
        elif words in (["--version"], ["-V"]):
            from devtime import __version__

            print(__version__)
        else:
            _run_others()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(141) from None
    except Exception as error:
        from devtime.kernel.errors import DevTimeError

        if not isinstance(error, DevTimeError):
            raise
        print(f"devtime: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def _leave() -> None:
    """End at once: the interpreter would take a tenth of such a command's time to let go of its memory bit by bit."""
    import os

    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _run_others() -> None:
    from devtime.cli.commands import app

    app()


def _drop_output() -> None:
    """What is still buffered has nobody to go to; without this the interpreter would complain at its end."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
