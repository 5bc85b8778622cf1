"""Mending `\\ud800` without its other half in streamed JSON: at one of them the parser would give up the whole file."""

from __future__ import annotations

import re

_LONGEST = 12
r"""The bytes of a whole pair, `\ud83d\ude00`."""

_HINT = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.?)",
    re.DOTALL,
)


class SurrogateMender:
    """Replaces lone surrogate escapes by the escape of U+FFFD, in chunks cut anywhere."""

    def __init__(self) -> None:
        """Nothing was fed yet."""
        self._held = b""

    def feed(self, data: bytes, is_end: bool) -> bytes:
        """What of all that was fed is mended and complete; an escape that may go on is held until the next call."""
        data = self._held + data
        cut = len(data) if is_end else _begin_of_open_escape(data)
        data, self._held = data[:cut], data[cut:]
        return _ESCAPE.sub(_mend, data) if _HINT.search(data) else data


def _begin_of_open_escape(data: bytes) -> int:
    """Where the first escape begins that the end of the data may have cut in two; data begins outside of escapes."""
    last = max(len(data) - _LONGEST, 0)
    if data.find(b"\\", last) < 0:
        return len(data)
    return next((match.start() for match in _ESCAPE.finditer(data) if match.start() >= last), len(data))


def _mend(match: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if match["lone"] else match[0]
