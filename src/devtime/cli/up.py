"""`devtime up`: everything on this machine."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from devtime.cli.options import NO_FLAGS, ServerFlags
from devtime.home.config import config_path
from devtime.running.up import Started, run_all


def up(flags: ServerFlags = NO_FLAGS) -> None:
    """Start everything on this machine and print the dashboard's address."""
    run_all(flags.settings(), tell_started)


def tell_started(started: Started) -> None:
    """Print where the dashboard is, how to sign in, and a first heartbeat to try."""
    settings, arrival = started.settings, started.arrival
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"\n  [bold]DevTime[/bold] is running at [bold cyan]{escape(settings.address)}[/bold cyan]")
    if arrival is None:
        console.print("\n  Ctrl+C stops it.\n")
        return
    if arrival.link_token:
        console.print(
            f"\n  Sign in as [bold]{escape(arrival.owner.username)}[/bold] with this link; it works once, for 24 hours:"
        )
        console.print(f"  [cyan]{escape(settings.address)}/welcome?token={arrival.link_token}[/cyan]")
    console.print(f"\n  Clients on this machine find address and key in {escape(str(config_path(settings.home)))}")
    if arrival.link_token or console.is_terminal:
        # Not at every start of a service: what it prints is kept in a log.
        _tell_heartbeat(console, settings.address, arrival.key)
    console.print("\n  Ctrl+C stops it.\n")


def _tell_heartbeat(console: Console, address: str, key: str) -> None:
    console.print("  Any WakaTime plugin works: see the Connect page. To try it at once:\n")
    console.print(
        f"  curl {address}/api/heartbeat -H 'X-API-Key: {key}' \\\n"
        """    -d '{"tool": "vscode", "timestamp": '$(date +%s000)', "activity_type": "coding", "project": "hello"}'""",
        markup=False,
    )
