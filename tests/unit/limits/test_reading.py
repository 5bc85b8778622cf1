"""Reading what machines send of limits: hostile items are refused alone, hostile lines are left out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from devtime.kernel.errors import Invalid
from devtime.limits.reading import decode_limits_batch, read_line, read_told
from devtime.limits.sources import Link, Source
from devtime.plugins.kinds.probe.lines import Badge, BarChart, Count, Percent, Point, Progress, Text

NOW_MS = 1_768_478_400_000
LINES = [
    Text("Account", "ada@example.org", "#22c55e", "since May"),
    Progress("Session", 42.0, 100.0, Percent(), "2026-01-15T14:00:00Z", 18_000_000),
    Progress("Requests", 320.0, 300.0, Count("requests"), None, None, "#f00"),
    Badge("Status", "Well", None, None),
    BarChart("Days", (Point("2026-01-14", 2.5, "$2.50"), Point("2026-01-15", 0.0)), "made up", None),
]


def told(**fields: Any) -> dict[str, Any]:
    return {"plugin": "claude", "at_ms": NOW_MS, "lines": [msgspec.to_builtins(LINES[1])], **fields}


def progress(**fields: Any) -> dict[str, Any]:
    return {"type": "progress", "label": "L", "used": 1, "limit": 2, "format": {"kind": "percent"}, **fields}


@pytest.mark.parametrize("line", LINES, ids=lambda line: type(line).__name__)
def test_lines_read_back_as_a_probe_told_them(line: Any) -> None:
    assert read_line(msgspec.json.decode(msgspec.json.encode(line))) == line


@pytest.mark.parametrize(
    "item",
    [
        None,
        7,
        [],
        {},
        {"type": "video"},
        {"type": ["text"]},
        progress(used=-1),
        progress(used="1"),
        progress(used=True),
        progress(limit=0),
        progress(limit=float("inf")),
        progress(used=float("nan")),
        progress(used=10**400),
        progress(format=None),
        progress(format={"kind": "litres"}),
        progress(format={"kind": ["percent"]}),
        {"type": "barChart", "label": "L", "points": [{"label": "", "value": 1}, {"label": "a", "value": -1}, 3]},
        {"type": "barChart", "label": "L"},
        {"type": "barChart", "label": "L", "points": 5},
    ],
)
def test_a_line_that_cannot_be_shown_is_left_out(item: object) -> None:
    assert read_line(item) is None


@pytest.mark.parametrize(
    "resets_at", ["soon", "2026-01-15", "2026-01-15T10:00:00", "9999-12-31T23:59:59Z", 5, "x" * 99]
)
def test_a_reset_that_is_no_instant_is_forgotten(resets_at: object) -> None:
    line = read_line(progress(resetsAt=resets_at))
    assert isinstance(line, Progress)
    assert line.resets_at is None


@pytest.mark.parametrize("period", [0, -1, 1.5, True, "5", 10**18])
def test_a_period_that_is_none_is_forgotten(period: object) -> None:
    line = read_line(progress(periodDurationMs=period))
    assert isinstance(line, Progress)
    assert line.period_duration_ms is None


def test_text_is_cleaned_and_cut() -> None:
    line = read_line({"type": "text", "label": "a\x00\n" + "b" * 500, "value": "\ud800", "color": "red; x:y"})
    assert line == Text("a " + "b" * 126, "\ufffd", None, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"plugin": ""}, "plugin"),
        ({"plugin": "../etc"}, "plugin"),
        ({"plugin": 5}, "plugin"),
        ({"instance": "a b"}, "instance"),
        ({"at_ms": None}, "at_ms"),
        ({"at_ms": "yesterday"}, "at_ms"),
        ({"at_ms": NOW_MS + 3 * 86_400_000}, "at_ms"),
        ({"lines": []}, "lines"),
        ({"lines": "none"}, "lines"),
        ({"lines": [5]}, "lines"),
        ({"overview": {}}, "overview"),
        ({"links": "x"}, "links"),
    ],
)
def test_a_snapshot_that_says_nothing_is_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_told(told(**fields), "laptop", NOW_MS)
    assert refused.value.field == field


def test_what_surrounds_the_lines_is_kept_only_if_a_page_can_hold_it() -> None:
    good, bad = "https://claude.ai/settings", "javascript:alert(1)"
    links = [{"label": "Usage", "url": good}, {"label": "Click", "url": bad}, {"label": 5}]
    read = read_told(told(icon="data:text/html;base64,PHA+", brand_color="red", links=links), "laptop", NOW_MS)
    assert (read.icon, read.brand_color, read.links) == (None, None, (Link("Usage", good),))
    assert read.source == Source("laptop", "claude", "")
    icon = "data:image/svg+xml;base64,PHN2Zy8+"
    assert read_told(told(icon=icon, brand_color="#d97757"), "laptop", NOW_MS).icon == icon


def test_with_an_error_the_lines_are_those_of_the_last_good_attempt() -> None:
    failed = read_told(told(error="Not logged in.", fetched_at_ms=NOW_MS - 60_000), "laptop", NOW_MS)
    assert (failed.error, failed.fetched_at_ms, len(failed.lines)) == ("Not logged in.", NOW_MS - 60_000, 1)
    assert read_told(told(error="Not logged in."), "laptop", NOW_MS).lines == ()
    assert read_told({"plugin": "x", "at_ms": NOW_MS, "error": "Down."}, "laptop", NOW_MS).fetched_at_ms is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"5", b"{}", b'{"snapshots":[]}', b'{"machine":"a","snapshots":5}', b"{" * 9000]
)
def test_a_body_that_is_no_batch_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        decode_limits_batch(body)
