"""The commands, by name, with what `--help` says of them.

Each is imported only when it runs, so that `devtime --help` stays quick. `usage` and `statusline` are answered
by the quick door (`devtime.cli.main`) before this module is imported; they are listed here for `--help` and completion.
"""

from __future__ import annotations

import cyclopts

from devtime import __version__

app = cyclopts.App(
    name="devtime",
    help="Where your time goes: exact, self-hosted, private.",
    version=__version__,
    version_flags=["--version", "-V"],
)
app.register_install_completion_command(name="--install-completion")  # pyright: ignore[reportUnknownMemberType]

_UP = """Start everything on this machine and print the dashboard's address.

Starts the built-in PostgreSQL (or uses DATABASE_URL), makes the owner's account and this machine's key on first start,
writes address and key into config.toml, and serves until Ctrl+C.
"""
_SERVE = """Serve alone, on DATABASE_URL or the built-in database.

Makes no account and writes no config.toml. Migrations run first; several servers may share one database.
"""
_DEMO = """Look around in a throw-away instance with a made-up year.

Nothing of it stays when it ends.
"""
_DOCTOR = """Tell what works, what does not, and what to do.

Changes nothing; exit code 1 when something is broken.
"""
_COLLECT = """Read what AI agents log on this machine, and send it to the server.

Watches the agents' folders, keeps the ledger, and sends what is new to the server config.toml names; without one it
only keeps the ledger. Offline for days, it catches up. `devtime up` runs one itself. Runs until Ctrl+C.
"""
_USAGE = """Tell what AI agents used and what it cost, from their own logs on this machine.

Days, weeks, months, sessions, 5-hour blocks, models, projects, branches: as tables, JSON (in ccusage's shapes) or CSV.
"""
_STATUSLINE = """Print one line for an agent's status bar.

Reads the status Claude Code hands over on standard input. The line is made of parts that `--help` lists. Never fails.
"""
_HOOK = """Called by agents, editors and shells: queues a heartbeat and returns.

`devtime connect` sets them up to call it; `devtime hook --help` tells how they do.
"""
_CONNECT = """Set an agent, an editor or a shell up to tell DevTime of its time.

Shows the change before it is made and keeps what was there; `--undo` brings it back. Without a name: what can be
connected here.
"""
_LSP = """The language server: editors that speak LSP start it and tell it what is opened, changed and saved.
"""
_STATUS = """Tell whether what this machine records arrives at the server, and if not, why.

Exit code 1 when something is wrong.
"""
_TRACK = """Record time off the keyboard: a meeting, a whiteboard, a walk around a problem.

`devtime track --project X --minutes 30` tells it afterwards, `devtime track start --project X` and `devtime track stop`
measure it. Where it overlaps with typing, active time counts it once.
"""
_IMPORT = """Bring in history from another tracker's file.

A WakaTime dump, a Wakapi, ActivityWatch or DevTime export, or rows as JSON or CSV. The file goes to the server named in
config.toml, which imports it in the background; Ctrl+C here does not stop that. Importing the same file again changes
nothing. Exit code 1 when nothing could be read.
"""
_EXPORT = """Write all of your heartbeats to a file.

JSON lines and archives can be imported again without loss.
"""
_PROBE = """Ask how much of every AI plan is left, by probe plugins.

Limits with their pace and reset, as bars or JSON. Plugins of OpenUsage run as they are; strangers' ask first.
"""
_PLUGIN = "Write plugins: new, check, run, test, publish."
_ADMIN = "Verify, rebuild, back up, restore and migrate; make a login link."

app.command("devtime.cli.up:up", name="up", help=_UP)
app.command("devtime.cli.serve:serve", name="serve", help=_SERVE)
app.command("devtime.cli.demo:demo", name="demo", help=_DEMO)
app.command("devtime.cli.collect:collect", name="collect", help=_COLLECT)
app.command("devtime.cli.doctor:doctor", name="doctor", help=_DOCTOR)
app.command("devtime.cli.listing:usage", name="usage", help=_USAGE)
app.command("devtime.cli.listing:statusline", name="statusline", help=_STATUSLINE)
app.command("devtime.cli.connect:connect", name="connect", help=_CONNECT)
app.command("devtime.cli.listing:hook", name="hook", help=_HOOK)
app.command("devtime.cli.listing:lsp", name="lsp", help=_LSP)
app.command("devtime.cli.status:status", name="status", help=_STATUS)
app.command("devtime.cli.track:track", name="track", help=_TRACK)
app.command("devtime.cli.importing:import_file", name="import", help=_IMPORT)
app.command("devtime.cli.exporting:export", name="export", help=_EXPORT)
app.command("devtime.cli.probe:app", name="probe", help=_PROBE)
app.command("devtime.cli.plugin:app", name="plugin", help=_PLUGIN)
app.command("devtime.cli.admin:app", name="admin", help=_ADMIN)
