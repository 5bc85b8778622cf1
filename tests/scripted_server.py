"""A loopback server that takes heartbeats as DevTime does, or answers whatever a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ScriptedServer:
    """What it was sent, and what it answers next: `(status, headers, body)`; when nothing is told, it takes all."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.heartbeats: list[dict[str, Any]] = []
        self.sizes: list[int] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["heartbeats"]
                server.sizes.append(len(body))
                status, headers, answer = server.answers.pop(0) if server.answers else server.take(body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._http.server_address[1]}"

    def take(self, heartbeats: list[dict[str, Any]]) -> tuple[int, dict[str, str], bytes]:
        """Take what has a tool; refuse the rest as the real server does, the whole batch if none has."""
        bad = [place for place, one in enumerate(heartbeats) if not one.get("tool")]
        self.heartbeats += [one for one in heartbeats if one.get("tool")]
        if len(bad) == len(heartbeats):
            return 422, {}, json.dumps({"detail": "tool: is required"}).encode()
        rejected = [{"index": place, "field": "tool", "reason": "is required"} for place in bad]
        return 200, {}, json.dumps({"inserted": len(heartbeats) - len(bad), "rejected": rejected}).encode()

    def serve(self) -> None:
        """Answer until closed."""
        self._http.serve_forever(0.05)

    def close(self) -> None:
        """End."""
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def scripted_server() -> Generator[ScriptedServer]:
    """A server for the length of a block."""
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
