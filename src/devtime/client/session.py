"""The typed HTTP client of DevTime's own API."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import httpx
import msgspec

from devtime.kernel.errors import DevTimeError, Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from devtime.wire.import_answers import ImportAnswer

_PIECE_BYTES = 1 << 18
_TIMEOUT = httpx.Timeout(30.0, read=300.0, write=300.0)


class Client:
    """One server, asked with one key. Errors are told as DevTime's own, with what to do."""

    def __init__(self, endpoint: str, key: str, transport: httpx.BaseTransport | None = None) -> None:
        """`endpoint` and `key` as in `config.toml`; Unauthenticated when one is missing."""
        if not endpoint or not key:
            raise Unauthenticated("config.toml names no [api] endpoint and key; `devtime up` writes both")
        self._endpoint = endpoint
        self._http = httpx.Client(
            base_url=endpoint, headers={"X-API-Key": key}, timeout=_TIMEOUT, transport=transport, trust_env=False
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def upload(self, file: Path, kind: str, told: Callable[[int], None]) -> ImportAnswer:
        """Send a file to be imported; `told` hears how many bytes went."""
        with file.open("rb") as stream, self._speaking():
            answer = self._http.post(
                "/api/imports", params={"name": file.name, "kind": kind}, content=_pieces(stream, told)
            )
        return msgspec.json.decode(_checked(answer).content, type=ImportAnswer)

    def fetch_import(self, import_id: str) -> ImportAnswer:
        """How far an import is."""
        with self._speaking():
            answer = self._http.get(f"/api/imports/{import_id}")
        return msgspec.json.decode(_checked(answer).content, type=ImportAnswer)

    def download(self, path: str, target: BinaryIO, told: Callable[[int], None]) -> None:
        """Write what a path answers to `target`; `told` hears how many bytes came."""
        with self._speaking(), self._http.stream("GET", path) as answer:
            if answer.status_code >= 400:
                answer.read()
            _checked(answer)
            for piece in answer.iter_bytes(_PIECE_BYTES):
                target.write(piece)
                told(len(piece))

    def post_json(self, path: str, body: bytes) -> bytes:
        """Send a JSON body; answers the body of the answer."""
        with self._speaking():
            answer = self._http.post(path, content=body, headers={"Content-Type": "application/json"})
        return _checked(answer).content

    def get_json(self, path: str) -> bytes:
        """What a path answers."""
        with self._speaking():
            answer = self._http.get(path)
        return _checked(answer).content

    @contextmanager
    def _speaking(self) -> Generator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._endpoint} cannot be asked: {error}. Is it running? `devtime up`") from None


def _pieces(stream: BinaryIO, told: Callable[[int], None]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE_BYTES):
        yield piece
        told(len(piece))


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.status_code < 400:
        return answer
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        # A proxy, a login page, another program: it says nothing of what was sent.
        told = f"{answer.request.url.host} answered {answer.status_code}, and not as DevTime does"
        raise Unavailable(f"{told}: look at [api] endpoint in config.toml") from None
    if answer.status_code == 429:
        raise TooMany(detail, _seconds(answer.headers.get("Retry-After", "")))
    if answer.status_code >= 500:
        raise Unavailable(detail)
    kinds: dict[int, type[DevTimeError]] = {401: Unauthenticated, 403: Forbidden, 404: NotFound}
    if answer.status_code in kinds:
        raise kinds[answer.status_code](detail)
    raise Invalid("", detail)


def _seconds(text: str) -> int:
    return min(int(text), 3_600) if text.isdecimal() else 30
