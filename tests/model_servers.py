"""Loopback stand-ins for the services of AI models: each conversation is one tool call and one closing word.

They speak the streaming forms real agents ask for (Anthropic's messages, OpenAI's responses), and count what they told.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INPUT, OUTPUT = 1_000, 25


class ModelServer:
    """A service on loopback. `file` is what the agent is told to write; `told` the tokens of its answers."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.told: list[tuple[int, int]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
                path = self.path.partition("?")[0]
                if path.endswith("/messages"):
                    self._stream(server.answer_messages(body))
                elif path.endswith("/responses"):
                    self._stream(server.answer_responses(body))
                else:
                    self._send(b'{"input_tokens": 10}', "application/json")

            def do_GET(self) -> None:
                self._send(b'{"data": [], "models": []}', "application/json")

            def do_HEAD(self) -> None:
                self._send(b"", "application/json")

            def _stream(self, events: Iterator[dict[str, Any]]) -> None:
                text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
                self._send(text.encode(), "text/event-stream")

            def _send(self, content: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer_messages(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Anthropic's: a Write call if there is that tool and nothing was written, else a word."""
        names = {tool.get("name") for tool in body.get("tools", [])}
        was_written = "tool_result" in json.dumps(body.get("messages", []))
        self.told.append((INPUT, OUTPUT))
        number = len(self.told)
        model = body.get("model", "")
        message = {
            "id": f"msg_{number}", "type": "message", "role": "assistant", "content": [], "model": model,
            "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": INPUT, "output_tokens": 1},
        }  # fmt: skip
        yield {"type": "message_start", "message": message}
        if "Write" in names and not was_written:
            block: dict[str, Any] = {"type": "tool_use", "id": f"toolu_{number}", "name": "Write", "input": {}}
            told = json.dumps({"file_path": self.file, "content": "print('lamp')\n"})
            delta: dict[str, Any] = {"type": "input_json_delta", "partial_json": told}
            reason = "tool_use"
        else:
            block, delta, reason = {"type": "text", "text": ""}, {"type": "text_delta", "text": "Done."}, "end_turn"
        yield {"type": "content_block_start", "index": 0, "content_block": block}
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}
        ending = {"stop_reason": reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": ending, "usage": {"output_tokens": OUTPUT}}
        yield {"type": "message_stop"}

    def answer_responses(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """OpenAI's: a closing word."""
        self.told.append((INPUT, OUTPUT))
        number = f"resp_{len(self.told)}"
        item = {
            "type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": "Done.", "annotations": []}],
        }  # fmt: skip
        usage = {
            "input_tokens": INPUT, "output_tokens": OUTPUT, "total_tokens": INPUT + OUTPUT,
            "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
        }  # fmt: skip
        response = {"id": number, "object": "response", "status": "completed", "output": [item], "usage": usage}
        yield {
            "type": "response.created",
            "response": {**response, "status": "in_progress", "output": [], "usage": None},
        }
        yield {"type": "response.output_item.done", "output_index": 0, "item": item}
        yield {"type": "response.completed", "response": response}

    def serve(self) -> None:
        """Answer until closed."""
        self._http.serve_forever(0.05)

    def close(self) -> None:
        """End."""
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def model_server(file: str) -> Generator[ModelServer]:
    """A service for the length of a block."""
    server = ModelServer(file)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
