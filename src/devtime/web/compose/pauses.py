"""Plugins that were paused, in words."""

from __future__ import annotations

from devtime.marketplace.hooks.standings import RunStanding


def tell_pause(run: RunStanding | None) -> str:
    """Why the plugin does not run for the user; `""` when it does."""
    if run is None or run.paused_at is None:
        return ""
    if not run.trouble:
        return "You stopped it. What happens meanwhile it is not told."
    return f"It failed {run.failures} {'time' if run.failures == 1 else 'times'} in a row: {run.trouble}"
