"""The protocol's side: what is listened to, and the few answers an editor needs. Offers no feature."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import IO

import msgspec

from devtime import __version__
from devtime.kernel.clock import now_ms
from devtime.lsp.messages import Closed, Message, Params, read_message, write_message
from devtime.lsp.tracking import Tracker, path_of

_INCREMENTAL = 2
_CAPABILITIES = {"textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": {"includeText": False}}}
_METHOD_NOT_FOUND = -32_601


class LanguageServer:
    """One editor's server, on a pair of streams."""

    def __init__(self, tracker: Tracker, editor: str, given: IO[bytes], answers: IO[bytes]) -> None:
        self._tracker = tracker
        self._editor = editor
        self._given = given
        self._answers = answers
        self._is_shut_down = False

    def serve(self) -> int:
        """Listen until the editor ends; answers the exit code the protocol asks for."""
        try:
            while True:
                message = _decode(read_message(self._given))
                if message.method == "exit":
                    return 0 if self._is_shut_down else 1
                self._handle(message)
        except Closed:
            return 0 if self._is_shut_down else 1
        finally:
            self._tracker.end()

    def _handle(self, message: Message) -> None:
        if message.method == "initialize":
            self._begin(_decode_params(message))
            self._answer(
                message, {"capabilities": _CAPABILITIES, "serverInfo": {"name": "devtime", "version": __version__}}
            )
        elif message.method == "shutdown":
            self._is_shut_down = True
            self._tracker.end()
            self._answer(message, None)
        elif message.method.startswith("textDocument/did"):
            self._notice(message.method.removeprefix("textDocument/did"), _decode_params(message))
        elif message.id is not None and message.method:
            error = {"code": _METHOD_NOT_FOUND, "message": f"devtime does not offer {message.method[:64]}"}
            write_message(self._answers, {"id": message.id, "error": error})

    def _begin(self, params: Params) -> None:
        told = params.client_info.name if params.client_info else ""
        self._tracker.name_editor(self._editor or told or _name_of_process(params.process_id))
        folders = params.workspace_folders or []
        root = folders[0].uri if folders else params.root_uri or ""
        self._tracker.folder = path_of(root) or params.root_path or ""

    def _notice(self, what: str, params: Params) -> None:
        document = params.text_document
        if what == "Open":
            self._tracker.open(document.uri, document.language_id)
        elif what == "Change":
            self._tracker.change(document.uri)
        elif what == "Save":
            self._tracker.save(document.uri)
        elif what == "Close":
            self._tracker.close(document.uri)

    def _answer(self, message: Message, result: object) -> None:
        write_message(self._answers, {"id": message.id, "result": result})


def run_language_server(home: str, editor: str = "") -> int:
    """Speak with one editor on standard input and output until it ends; answers the exit code."""
    tracker = Tracker(home, now_ms)

    def stop(*_: object) -> None:
        tracker.end()
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)
    return LanguageServer(tracker, editor, sys.stdin.buffer, sys.stdout.buffer).serve()


def _decode(content: bytes) -> Message:
    """A message; one that is none does nothing."""
    try:
        return msgspec.json.decode(content, type=Message)
    except (msgspec.DecodeError, RecursionError):
        return Message()


def _decode_params(message: Message) -> Params:
    try:
        return msgspec.json.decode(message.params, type=Params)
    except (msgspec.DecodeError, RecursionError):
        return Params()


def _name_of_process(number: int | None) -> str:
    """What the editor's program is called, where the system tells (Linux): some do not say it."""
    try:
        return Path(f"/proc/{int(number or 0)}/comm").read_text("utf-8", "replace").strip()
    except OSError:
        return ""
