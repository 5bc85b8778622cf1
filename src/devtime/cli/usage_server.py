"""Usage of all machines, asked of the server of config.toml: the same questions, the same cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit

from devtime.kernel.errors import DevTimeError, Invalid, Unauthenticated, Unavailable
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import PriceEdges, TokenSums, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from http.client import HTTPConnection

_PATIENCE_S = 30.0
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_MOST_BYTES = 256_000_000
_ADVICE = "`devtime up` starts one here; config.toml, [api], names another."


class Server:
    """Asks `GET /api/usage/cells`."""

    def __init__(self, endpoint: str, key: str) -> None:
        if not (endpoint and key):
            raise Invalid("--machine", f"other machines' usage needs the server, and config.toml names none. {_ADVICE}")
        self._endpoint = endpoint.rstrip("/")
        self._key = key

    def rates(self) -> dict[int, Rate]:
        """Every rate events have, by its id."""
        answer = self._ask([("range", "today")])
        return {int(str(told["id"])): _rate(told) for told in _tables(answer, "rates")}

    def sums(self, question: UsageQuestion, edges: PriceEdges) -> list[UsageCell]:
        """The sums that answer the question."""
        fields = [("timezone", question.zone), *(("part", part) for part in question.parts)]
        if question.first_day is None and question.last_day is None:
            fields.append(("range", "all"))
        else:
            # Both ends are needed: nothing is older than the first, nothing is of a day after the second.
            fields.append(("start", str(question.first_day or _FIRST_DAY)))
            fields.append(("end", str(question.last_day or _LAST_DAY)))
        for name, wanted in (
            ("agent", question.agents),
            ("model", question.models),
            ("project", question.projects),
            ("session", question.sessions),
            ("branch", question.branches),
            ("machine", question.machines),
        ):
            fields += [(name, one) for one in wanted]
        fields += [("edge", f"{rate}:{slot}") for rate, slots in edges.items() for slot in slots]
        return [_cell(told) for told in _tables(self._ask(fields), "cells")]

    def _ask(self, fields: list[tuple[str, str]]) -> Mapping[str, object]:
        from http.client import HTTPException

        try:
            connection = self._connect()
            target = f"{urlsplit(self._endpoint).path}/api/usage/cells?{urlencode(fields)}"
            connection.request("GET", target, headers={"X-API-Key": self._key, "Accept": "application/json"})
            response = connection.getresponse()
            data = response.read(_MOST_BYTES)
            connection.close()
        except (OSError, HTTPException, ValueError) as error:
            raise Unavailable(f"{self._endpoint} cannot be asked ({error}). {_ADVICE}") from None
        if response.status != 200:
            raise _refusal(response.status, data, self._endpoint)
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise Unavailable(f"{self._endpoint} answers something else than usage. Is it DevTime, and as new as this?")
        return cast("dict[str, object]", answer)

    def _connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        parts = urlsplit(self._endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid("config.toml, api.endpoint", "is no address such as http://localhost:8765")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        return kind(parts.hostname, parts.port, timeout=_PATIENCE_S)


def _refusal(status: int, data: bytes, endpoint: str) -> DevTimeError:
    if status in (401, 403):
        return Unauthenticated(f"{endpoint} does not accept the key in config.toml ({status}). {_ADVICE}")
    if status == 404:
        return Unavailable(f"{endpoint} knows nothing of AI usage; update the server.")
    try:
        detail = str(json.loads(data)["detail"])[:200]
    except (ValueError, TypeError, KeyError, RecursionError):
        detail = ""
    return Unavailable(f"{endpoint} answers {status}{': ' + detail if detail else ''}.")


def _tables(answer: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    told = answer.get(name)
    rows = cast("list[object]", told) if isinstance(told, list) else []
    return [cast("Mapping[str, object]", row) for row in rows if isinstance(row, dict)]


def _rate(told: Mapping[str, object]) -> Rate:
    agent, model, provider, speed, tier, region = (str(told.get(name, "")) for name in Rate._fields[:6])
    is_logged, is_guessed = told.get("is_cost_logged") is True, told.get("is_model_guessed") is True
    return Rate(agent, model, provider, speed, tier, region, _whole(told, "prompt_class"), is_logged, is_guessed)


def _cell(told: Mapping[str, object]) -> UsageCell:
    names = told.get("names")
    counts = TokenSums(
        events=_whole(told, "events"),
        input=_whole(told, "input_tokens"),
        output=_whole(told, "output_tokens"),
        cache_read=_whole(told, "cache_read_tokens"),
        cache_write=_whole(told, "cache_write_tokens"),
        cache_write_1h=_whole(told, "cache_write_1h_tokens"),
        extra=_whole(told, "extra_tokens"),
        reasoning=_whole(told, "reasoning_tokens"),
        web_searches=_whole(told, "web_searches"),
    )
    parts = tuple(cast("list[str | int]", names)) if isinstance(names, list) else ()
    times = _whole(told, "logged_nusd"), _whole(told, "first_ms"), _whole(told, "last_ms")
    return UsageCell(parts, int(str(told.get("rate_id", 0))), _whole(told, "period"), counts, *times)


def _whole(told: Mapping[str, object], name: str) -> int:
    value = told.get(name)
    return value if isinstance(value, int) else 0
