"""`devtime serve`: the server alone."""

from __future__ import annotations

from devtime.cli.options import NO_FLAGS, ServerFlags
from devtime.cli.up import tell_started
from devtime.running.up import run_server_alone


def serve(flags: ServerFlags = NO_FLAGS) -> None:
    """Serve the API and the pages alone."""
    run_server_alone(flags.settings(), tell_started)
