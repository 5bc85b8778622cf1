"""The commands, by name. Each is imported only when it runs, so that `devtime --help` and hooks stay quick."""

from __future__ import annotations

import sys

import cyclopts

from devtime import __version__
from devtime.kernel.errors import DevTimeError

app = cyclopts.App(
    name="devtime",
    help="Where your time goes: exact, self-hosted, private.",
    version=__version__,
    version_flags=["--version", "-V"],
)
app.register_install_completion_command(name="--install-completion")  # pyright: ignore[reportUnknownMemberType]

app.command("devtime.cli.up:up", name="up", help="Start everything on this machine and print the dashboard's address.")
app.command("devtime.cli.serve:serve", name="serve", help="Serve alone, on DATABASE_URL or the built-in database.")
app.command("devtime.cli.demo:demo", name="demo", help="Look around in a throw-away instance with a made-up year.")
app.command("devtime.cli.doctor:doctor", name="doctor", help="Tell what works, what does not, and what to do.")
app.command("devtime.cli.importing:import_file", name="import", help="Bring in history from another tracker's file.")
app.command("devtime.cli.exporting:export", name="export", help="Write all of your heartbeats to a file.")
app.command("devtime.cli.admin:app", name="admin")


def run() -> None:
    """Entry point of the `devtime` program: errors meant for people are told without a traceback."""
    try:
        app()
    except DevTimeError as error:
        print(f"devtime: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(141) from None
