"""Where a widget's token counts. What is not named here is closed to widgets, whatever their scope."""

from __future__ import annotations

_FAMILIES = (
    "/api/v1/stats/", "/api/v1/export/", "/api/v1/plugins/", "/api/v1/leaderboards/", "/api/v1/themes/",
    "/api/v1/user/profile/", "/api/v1/dashboard/", "/api/v1/user/badge/",
    "/api/usage/",
)  # fmt: skip
_PLACES = frozenset(
    {
        "/api/v1/user/me",
        "/api/v1/heartbeat",
        "/api/v1/heartbeats",
        "/api/v1/import",
        "/api/v1/store",
        "/api/v1/themes",
        "/api/v1/health",
        "/api/heartbeat",
        "/api/heartbeat/batch",
        "/api/stats",
        "/api/sessions",
        "/api/usage",
        "/api/health",
    }
)
"""Reading what a dashboard shows, and sending activity, which needs a grant. No keys, no account, no pages."""


def is_open_to_widgets(path: str) -> bool:
    """Whether the route of this path may be asked with a widget's token."""
    return path.startswith(_FAMILIES) or path.rstrip("/") in _PLACES
