"""Shortening runs of thousands of digits in streamed JSON: at such a number the parser would take the process down."""

from __future__ import annotations

import re

MOST_DIGITS = 1_000
"""No number means anything with so many; Python refuses to read one of 4,300."""

_DIGITS = b"0123456789"
_LONG = re.compile(rb"(?<!\d)(\d{%d})\d+" % MOST_DIGITS)


class DigitCutter:
    """Cuts every run of digits to MOST_DIGITS, in chunks cut anywhere."""

    def __init__(self) -> None:
        """Nothing was fed yet."""
        self._run = 0

    def feed(self, data: bytes) -> bytes:
        """The next bytes, with what they continue in mind."""
        if self._run:
            rest = data.lstrip(_DIGITS)
            count = len(data) - len(rest)
            kept = min(count, MOST_DIGITS - self._run)
            if not rest:
                self._run += kept
                return data[:kept]
            data = data[:kept] + rest
        data = _LONG.sub(rb"\1", data)
        self._run = len(data) - len(data.rstrip(_DIGITS))
        return data
