"""Services of AI plans as terminal pictures need them: answers on loopback, logins, and plugins that misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_ORIGINS = ("https://api.anthropic.com", "https://api.github.com")
_MISBEHAVING = {
    "endless": "globalThis.__openusage_plugin = { id: 'endless', probe: () => { for (;;); } }",
    "careless": "globalThis.__openusage_plugin = { id: 'careless', probe: () => { throw new Error('undefined') } }",
    "wrong": "globalThis.__openusage_plugin = { id: 'wrong', probe: (ctx) => ({ lines: ["
    "ctx.line.progress({ label: 'Plan', used: -1, limit: 0, format: { kind: 'percent' } }), "
    "ctx.line.text({ label: 'Account', value: 'ada' })] }) }",
}


def _in(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def _answers() -> dict[str, object]:
    return {
        "/api/oauth/usage": {
            "five_hour": {"utilization": 34, "resets_at": _in(2.1)},
            "seven_day": {"utilization": 71, "resets_at": _in(80)},
        },
        "/copilot_internal/user": {
            "copilot_plan": "individual_pro",
            "quota_reset_date_utc": _in(24 * 11),
            "quota_snapshots": {
                "premium_interactions": {"entitlement": 300, "remaining": 121, "percent_remaining": 40.3}
            },
        },
    }


@contextmanager
def open_services() -> Generator[list[str]]:
    """The flags that send probes to the services, which run until left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(_answers().get(self.path, {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield [f"--test-origin={origin}=http://127.0.0.1:{server.server_address[1]}" for origin in _ORIGINS]
    finally:
        server.shutdown()


def write_logins(home: Path) -> None:
    """What the services' tools keep."""
    claude = {"accessToken": "t", "subscriptionType": "max", "rateLimitTier": "default_claude_max_5x"}
    (home / ".claude").mkdir(exist_ok=True)
    (home / ".claude/.credentials.json").write_text(json.dumps({"claudeAiOauth": claude}))
    (home / ".config/github-copilot").mkdir(parents=True)
    (home / ".config/github-copilot/apps.json").write_text(json.dumps({"github.com:x": {"oauth_token": "t"}}))


def write_misbehaving(home: Path) -> list[str]:
    """Folders of plugins that do what plugins should not."""
    for name, script in _MISBEHAVING.items():
        folder = home / "strangers" / name
        folder.mkdir(parents=True)
        manifest = {"schemaVersion": 1, "id": name, "name": name.title(), "version": "0.0.1", "entry": "plugin.js"}
        (folder / "plugin.json").write_text(json.dumps(manifest))
        (folder / "plugin.js").write_text(script)
    return [str(home / "strangers" / name) for name in _MISBEHAVING]
