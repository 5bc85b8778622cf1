"""A loopback server that answers as a script says and remembers what it was asked: foreign services in tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer: a body that is not text is JSON."""

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """A request: `GET /path?query`, headers in small letters, and the body."""

    line: str
    headers: Mapping[str, str]
    body: str

    @property
    def token(self) -> str:
        """What it showed for itself, without the word before it."""
        return self.headers.get("authorization", "").partition(" ")[2]


class Service:
    """What the server says to each path: of several replies each is given once, the last for ever."""

    def __init__(self) -> None:
        self.script: dict[str, list[Reply]] = {}
        self.heard: list[Heard] = []
        self.origin = ""

    def say(self, path: str, *replies: Reply) -> None:
        """What a path answers, in order."""
        self.script[path] = list(replies)

    def reply(self, heard: Heard) -> Reply:
        """The next answer; 404 for a path nobody scripted."""
        self.heard.append(heard)
        replies = self.script.get(heard.line.split(" ")[1].split("?")[0])
        if not replies:
            return Reply({"error": "no such path"}, 404)
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def serve() -> Generator[Service]:
    """A running server."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.reply(Heard(f"{self.command} {self.path}", headers, self.rfile.read(length).decode()))
            body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
