"""The language server against editors that behave, and streams of anything."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtime.client.outbox import open_outbox
from devtime.lsp.server import LanguageServer
from devtime.lsp.tracking import Tracker


def frame(message: object) -> bytes:
    content = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(content), content)


def call(method: str, params: object = None, number: object = None) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    return message if number is None else {**message, "id": number}


def serve(home: Path, *messages: object, tail: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
    answers = io.BytesIO()
    tracker = Tracker(str(home), lambda: 1_793_606_400_000, lambda _: None)
    given_ = io.BytesIO(b"".join(map(frame, messages)) + tail)
    code = LanguageServer(tracker, "", given_, answers).serve()
    told = [json.loads(part.split(b"\r\n\r\n", 1)[1]) for part in answers.getvalue().split(b"Content-Length") if part]
    return code, told


def queued(home: Path) -> list[dict[str, Any]]:
    with open_outbox(str(home)) as outbox:
        return [json.loads(body) for _, body in outbox.peek(100).entries]


_BEGIN = call("initialize", {"clientInfo": {"name": "Zed"}, "workspaceFolders": [{"uri": "file:///srv/lamp"}]}, 1)
_SHUT_DOWN, _EXIT = call("shutdown", number="two"), call("exit")


def document(name: str, **fields: object) -> dict[str, Any]:
    return {"textDocument": {"uri": f"file:///srv/lamp/{name}", "languageId": "python", "version": 1, **fields}}


def test_a_session_from_beginning_to_end(tmp_path: Path) -> None:
    code, answers = serve(
        tmp_path,
        _BEGIN,
        call("initialized", {}),
        call("textDocument/didOpen", document("a.py", text="secret = 1")),
        call("textDocument/didSave", document("a.py")),
        call("textDocument/hover", document("a.py"), 7),
        _SHUT_DOWN,
        _EXIT,
    )
    assert code == 0
    assert answers[0]["result"]["capabilities"]["textDocumentSync"]["openClose"] is True
    assert [answer["id"] for answer in answers] == [1, 7, "two"]
    assert answers[1]["error"]["code"] == -32_601
    assert [(row["tool"], row["project"], row.get("is_write")) for row in queued(tmp_path)] == [
        ("zed", "lamp", None), ("zed", "lamp", True),
    ]  # fmt: skip
    assert b"secret" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_an_editor_that_hangs_up_without_a_word_loses_nothing(tmp_path: Path) -> None:
    code, _ = serve(
        tmp_path, _BEGIN, call("textDocument/didOpen", document("a.py")), tail=b"Content-Length: 50\r\n\r\n{"
    )
    assert code == 1
    assert len(queued(tmp_path)) == 1


@pytest.mark.parametrize(
    "message",
    [
        b"", b"{", b"[]", b"\xff", b"[" * 99_999, call("textDocument/didOpen"), call("textDocument/didOpen", []),
        call("textDocument/didOpen", {"textDocument": {"uri": 7}}), {"id": [1], "method": "x"}, {"result": 1, "id": 3},
        call("$/cancelRequest", {"id": 1}),
    ],
)  # fmt: skip
def test_messages_that_are_none_are_passed_over(tmp_path: Path, message: object) -> None:
    code, answers = serve(tmp_path, _BEGIN, message, call("textDocument/didOpen", document("a.py")), _SHUT_DOWN, _EXIT)
    assert code == 0
    assert [answer["id"] for answer in answers] == [1, "two"]
    assert len(queued(tmp_path)) == 1


def test_a_text_of_a_hundred_megabytes_is_passed_over(tmp_path: Path) -> None:
    code, _ = serve(
        tmp_path, _BEGIN, b" " * (100 << 20), call("textDocument/didOpen", document("a.py")), _SHUT_DOWN, _EXIT
    )
    assert code == 0
    assert len(queued(tmp_path)) == 1


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_end_the_server_in_peace(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    home = tmp_path_factory.getbasetemp() / "noise"
    code, _ = serve(home, tail=noise)
    assert code == 1
