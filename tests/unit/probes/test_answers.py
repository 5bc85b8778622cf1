"""What becomes of a probe's answer: every message and every rule of sections 1.3 and 1.4 of the contract."""

from __future__ import annotations

import msgspec
import pytest

from devtime.plugins.kinds.probe.answer import GENERIC, Told, read_answer, spell_number
from devtime.plugins.kinds.probe.lines import Badge, BarChart, Progress, Text, error_line

NAN, INF, MINUS_INF = {"number": "NaN"}, {"number": "Infinity"}, {"number": "-Infinity"}
PERCENT = {"kind": "percent"}
P = "progress line at index 0"
C = "barChart line at index 0"


def progress(**changed: object) -> dict[str, object]:
    fields = {"type": "progress", "label": "L", "used": 1, "limit": 100, "format": PERCENT} | changed
    return {name: value for name, value in fields.items() if value != "absent"}


def lines_of(*lines: dict[str, object] | None) -> list[dict[str, object]]:
    return msgspec.json.decode(msgspec.json.encode(read_answer(Told(lines=list(lines))).lines))


def only(line: dict[str, object]) -> dict[str, object]:
    (found,) = lines_of(line)
    return found


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (Told(thrown="Login required."), "Login required."),
        (Told(thrown="  spaced \n"), "spaced"),
        (Told(thrown=""), GENERIC),
        (Told(thrown="   "), GENERIC),
        (Told(broken="TypeError: x"), GENERIC),
        (Told(broken="null"), GENERIC),
        (Told(broken="undefined"), GENERIC),
        (Told(failure="missing probe()"), "missing probe()"),
        (Told(failure="script eval failed", broken="SyntaxError"), "script eval failed"),
        (Told(lines=[]), ""),
    ],
)
def test_a_failure_has_the_text_of_the_contract(told: Told, text: str) -> None:
    assert told.error == text


def test_the_generic_text_is_the_contracts() -> None:
    assert GENERIC == "The plugin failed, try again or contact plugin author."


def test_an_error_is_a_red_badge() -> None:
    assert msgspec.to_builtins(error_line("x")) == {
        "type": "badge",
        "label": "Error",
        "text": "x",
        "color": "#ef4444",
        "subtitle": None,
    }


@pytest.mark.parametrize("plan", [None, "Pro"])
@pytest.mark.parametrize(("lines", "text"), [(None, "missing lines"), ([], "no lines returned")])
def test_without_lines_the_plan_is_kept(
    plan: str | None, lines: list[dict[str, object] | None] | None, text: str
) -> None:
    answer = read_answer(Told(plan=plan, lines=lines))
    assert (answer.plan, answer.lines) == (plan, (error_line(text),))


@pytest.mark.parametrize(("plan", "kept"), [("", None), ("Pro", "Pro"), (None, None), (" ", " ")])
def test_a_plan_is_a_string_that_is_not_empty(plan: str | None, kept: str | None) -> None:
    assert read_answer(Told(plan=plan, lines=[{"type": "text"}])).plan == kept


@pytest.mark.parametrize("index", [0, 1, 2])
def test_an_element_that_is_no_object_replaces_all_lines(index: int) -> None:
    lines: list[dict[str, object] | None] = [{"type": "text", "label": "a", "value": "b"}] * 3
    lines[index] = None
    assert read_answer(Told(lines=lines)).lines == (error_line(f"invalid line at index {index}"),)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("table", "table"),
        ("", ""),
        ("Text", "Text"),
        (5, ""),
        (None, ""),
        ({"kind": "undefined"}, ""),
        ("barchart", "barchart"),
    ],
)
def test_an_unknown_type_is_told_in_its_place(kind: object, shown: str) -> None:
    first, second = lines_of({"type": kind}, {"type": "text", "label": "a", "value": "b"})
    assert first["text"] == f"unknown line type at index 0: {shown}"
    assert second["value"] == "b"


def test_a_line_without_a_type_is_of_an_unknown_one() -> None:
    assert only({"label": "x"})["text"] == "unknown line type at index 0: "


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"used": "1"}, f"{P} invalid used (expected number)"),
        ({"used": None}, f"{P} invalid used (expected number)"),
        ({"used": "absent"}, f"{P} invalid used (expected number)"),
        ({"used": True}, f"{P} invalid used (expected number)"),
        ({"used": {"kind": "bigint"}}, f"{P} invalid used (expected number)"),
        ({"used": {"kind": "object"}}, f"{P} invalid used (expected number)"),
        ({"limit": "100"}, f"{P} invalid limit (expected number)"),
        ({"limit": None}, f"{P} invalid limit (expected number)"),
        ({"limit": "absent"}, f"{P} invalid limit (expected number)"),
        ({"limit": False}, f"{P} invalid limit (expected number)"),
        ({"used": NAN}, f"{P} invalid used: NaN"),
        ({"used": INF}, f"{P} invalid used: inf"),
        ({"used": MINUS_INF}, f"{P} invalid used: -inf"),
        ({"used": -1}, f"{P} invalid used: -1"),
        ({"used": -0.5}, f"{P} invalid used: -0.5"),
        ({"used": -1e-7}, f"{P} invalid used: -0.0000001"),
        ({"limit": 0}, f"{P} invalid limit: 0"),
        ({"limit": -5}, f"{P} invalid limit: -5"),
        ({"limit": NAN}, f"{P} invalid limit: NaN"),
        ({"limit": INF}, f"{P} invalid limit: inf"),
        ({"used": NAN, "limit": 0}, f"{P} invalid used: NaN"),
        ({"used": "x", "limit": "y"}, f"{P} invalid used (expected number)"),
        ({"used": -1, "limit": "y"}, f"{P} invalid limit (expected number)"),
        ({"format": "absent"}, f"{P} missing format"),
        ({"format": "percent"}, f"{P} missing format"),
        ({"format": None}, f"{P} missing format"),
        ({"format": 5}, f"{P} missing format"),
        ({"format": {}}, f"{P} invalid format.kind (expected string)"),
        ({"format": {"kind": 1}}, f"{P} invalid format.kind (expected string)"),
        ({"format": {"kind": None}}, f"{P} invalid format.kind (expected string)"),
        ({"format": {"kind": "bytes"}}, f"{P} invalid format.kind: bytes"),
        ({"format": {"kind": ""}}, f"{P} invalid format.kind: "),
        ({"format": {"kind": "Percent"}}, f"{P} invalid format.kind: Percent"),
        ({"limit": 50}, f"{P}: percent format requires limit=100 (got 50)"),
        ({"limit": 99.5}, f"{P}: percent format requires limit=100 (got 99.5)"),
        ({"limit": 1e21}, f"{P}: percent format requires limit=100 (got 1000000000000000000000)"),
        ({"format": {"kind": "count"}}, f"{P}: count format suffix must be a string"),
        ({"format": {"kind": "count", "suffix": 5}}, f"{P}: count format suffix must be a string"),
        ({"format": {"kind": "count", "suffix": None}}, f"{P}: count format suffix must be a string"),
        ({"format": {"kind": "count", "suffix": ""}}, f"{P}: count format suffix must be non-empty"),
        ({"format": {"kind": "count", "suffix": " \t"}}, f"{P}: count format suffix must be non-empty"),
    ],
)
def test_a_bad_progress_line_says_what_is_wrong(changed: dict[str, object], text: str) -> None:
    assert only(progress(**changed)) == msgspec.to_builtins(error_line(text))


@pytest.mark.parametrize(
    ("format", "written"),
    [
        (PERCENT, PERCENT),
        ({"kind": "dollars"}, {"kind": "dollars"}),
        ({"kind": "dollars", "suffix": 5}, {"kind": "dollars"}),
        ({"kind": "count", "suffix": " credits "}, {"kind": "count", "suffix": "credits"}),
    ],
)
def test_a_format_is_written_as_it_was_meant(format: dict[str, object], written: dict[str, object]) -> None:
    assert only(progress(format=format))["format"] == written


@pytest.mark.parametrize("used", [0, 1, 100, 250.5, 1e15])
def test_used_may_exceed_the_limit(used: float) -> None:
    assert only(progress(used=used))["used"] == float(used)


def test_every_optional_key_is_there_as_null_and_amounts_are_floats() -> None:
    written = msgspec.json.encode(read_answer(Told(lines=[progress(used=42)])).lines[0]).decode()
    assert written == (
        '{"type":"progress","label":"L","used":42.0,"limit":100.0,"format":{"kind":"percent"},'
        '"resetsAt":null,"periodDurationMs":null,"color":null}'
    )


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (Text("a", "b"), {"type": "text", "label": "a", "value": "b", "color": None, "subtitle": None}),
        (Badge("a", "b"), {"type": "badge", "label": "a", "text": "b", "color": None, "subtitle": None}),
        (BarChart("a", ()), {"type": "barChart", "label": "a", "points": [], "note": None, "color": None}),
    ],
)
def test_lines_are_written_with_all_their_keys(line: object, written: dict[str, object]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(line)) == written


@pytest.mark.parametrize("kind", ["text", "badge"])
@pytest.mark.parametrize("field", ["label", "value"])
@pytest.mark.parametrize("given", [5, True, None, {"kind": "object"}, "absent"])
def test_labels_values_and_texts_are_strings_or_nothing(kind: str, field: str, given: object) -> None:
    name = "text" if field == "value" and kind == "badge" else field
    fields: dict[str, object] = {"type": kind, "label": "l", "value": "v", "text": "v", name: given}
    if given == "absent":
        del fields[name]
    assert only(fields)[name] == ""


@pytest.mark.parametrize("kind", ["text", "badge"])
@pytest.mark.parametrize("field", ["color", "subtitle"])
@pytest.mark.parametrize(
    ("given", "kept"), [("#fff", "#fff"), ("no colour", "no colour"), ("", ""), (5, None), (None, None)]
)
def test_colour_and_subtitle_are_strings_or_null(kind: str, field: str, given: object, kept: str | None) -> None:
    assert only({"type": kind, "label": "l", field: given})[field] == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2026-02-01T00:00:00.123456789Z", "2026-02-01T00:00:00.123456789Z"),
        ("  2026-02-01T00:00:00Z ", "2026-02-01T00:00:00Z"),
        ("2026-02-01T00:00:00+02:00", "2026-02-01T00:00:00+02:00"),
        ("2026-02-01T00:00:00-05:30", "2026-02-01T00:00:00-05:30"),
        ("2026-02-01T00:00:00", "2026-02-01T00:00:00Z"),
        ("2026-02-01T00:00:00.5", "2026-02-01T00:00:00.5Z"),
        ("2026-02-01", None),
        ("2026-02-01 00:00:00", None),
        ("2026-02-01T00:00", None),
        ("2026-02-01T00:00:00+0200", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-02-01T25:00:00Z", None),
        ("tomorrow", None),
        ("T", None),
        ("", None),
        ("   ", None),
        (1767225600, None),
        (True, None),
        ({"kind": "object"}, None),
        (None, None),
    ],
)
def test_resets_at_is_rfc_3339_or_dropped(given: object, kept: str | None) -> None:
    answer = read_answer(Told(lines=[progress(resetsAt=given)]))
    (line,) = answer.lines
    assert isinstance(line, Progress)
    assert line.resets_at == kept
    is_silent = kept is not None or given is None or (isinstance(given, str) and not given.strip())
    assert bool(answer.warnings) != is_silent


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1, 1),
        (18_000_000, 18_000_000),
        (1.9, 1),
        (0.5, None),
        (0, None),
        (-1, None),
        (NAN, None),
        (INF, 2**64 - 1),
        ("5", None),
        (None, None),
        (True, None),
    ],
)
def test_a_period_is_a_whole_number_above_0_or_dropped(given: object, kept: int | None) -> None:
    assert only(progress(periodDurationMs=given))["periodDurationMs"] == kept


def test_an_error_stands_where_the_line_would() -> None:
    told = lines_of({"type": "text", "label": "a"}, progress(used="x"), {"type": "badge", "label": "z"})
    assert [line["label"] for line in told] == ["a", "Error", "z"]
    assert told[1]["text"] == "progress line at index 1 invalid used (expected number)"


# --- Charts ---------------------------------------------------------------------------------------------------------


def chart(points: object, **more: object) -> dict[str, object]:
    return {"type": "barChart", "label": "T", "points": points} | more


@pytest.mark.parametrize("points", ["absent", None, "x", 5, {"kind": "object"}])
def test_a_chart_without_points_says_so(points: object) -> None:
    fields = chart(points)
    if points == "absent":
        del fields["points"]
    assert only(fields)["text"] == f"{C} missing points"


@pytest.mark.parametrize(
    ("point", "text"),
    [
        (None, f"{C} has invalid point at index 0"),
        ({"value": 1}, f"{C} has empty point label at index 0"),
        ({"label": " ", "value": 1}, f"{C} has empty point label at index 0"),
        ({"label": 5, "value": 1}, f"{C} has empty point label at index 0"),
        ({"label": "a"}, f"{C} point 0 invalid value"),
        ({"label": "a", "value": "1"}, f"{C} point 0 invalid value"),
        ({"label": "a", "value": NAN}, f"{C} point 0 invalid value"),
        ({"label": "a", "value": INF}, f"{C} point 0 invalid value"),
        ({"label": "a", "value": -1}, f"{C} point 0 invalid value"),
    ],
)
def test_a_bad_point_is_told_beside_the_good_ones(point: object, text: str) -> None:
    error, good = lines_of(chart([point, {"label": "b", "value": 2}]))
    assert error["text"] == text
    assert good["points"] == [{"label": "b", "value": 2.0, "valueLabel": None}]
    first, last = lines_of(chart([point]))
    assert (first["text"], last["text"]) == (text, f"{C} has no valid points")


def test_an_empty_chart_has_no_valid_points() -> None:
    assert only(chart([]))["text"] == f"{C} has no valid points"


@pytest.mark.parametrize(("count", "kept"), [(1, 1), (366, 366), (367, 366), (1000, 366)])
def test_a_chart_has_at_most_a_year_of_points(count: int, kept: int) -> None:
    points = [{"label": f"d{at}", "value": at} for at in range(count)]
    found = only(chart(points))["points"]
    assert isinstance(found, list)
    assert len(found) == kept


@pytest.mark.parametrize(
    ("given", "kept"), [("n", "n"), (" n ", "n"), ("", None), ("  ", None), (5, None), (None, None)]
)
def test_notes_and_labels_of_values_are_filled_or_null(given: object, kept: str | None) -> None:
    found = only(chart([{"label": "a", "value": 1, "valueLabel": given}], note=given))
    assert found["note"] == kept
    assert found["points"] == [{"label": "a", "value": 1.0, "valueLabel": kept}]


# --- The first generation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "used", "limit", "format"),
    [
        ({"value": 42, "max": 100, "unit": "percent"}, 42, 100, {"kind": "percent"}),
        ({"value": 1, "max": 4, "unit": "percent"}, 25, 100, {"kind": "percent"}),
        ({"value": 3.5, "max": 20, "unit": "dollars"}, 3.5, 20, {"kind": "dollars"}),
        ({"value": 7, "max": 9}, 7, 9, {"kind": "count", "suffix": ""}),
        ({"value": 7, "max": 9, "unit": "tokens"}, 7, 9, {"kind": "count", "suffix": ""}),
        ({"value": 12, "max": 9}, 12, 9, {"kind": "count", "suffix": ""}),
    ],
)
def test_progress_of_the_first_generation(
    fields: dict[str, object], used: float, limit: float, format: dict[str, object]
) -> None:
    line = only({"type": "progress", "label": "L", "color": "#000000", **fields})
    assert (line["used"], line["limit"], line["format"], line["color"]) == (used, limit, format, "#000000")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"value": "1", "max": 5}, f"{P} invalid value (expected number)"),
        ({"value": 1}, f"{P} invalid max (expected number)"),
        ({"value": -1, "max": 5}, f"{P} invalid value: -1"),
        ({"value": 1, "max": 0}, f"{P} invalid max: 0"),
        ({"value": NAN, "max": 5}, f"{P} invalid value: NaN"),
    ],
)
def test_bad_progress_of_the_first_generation(fields: dict[str, object], text: str) -> None:
    assert only({"type": "progress", "label": "L", **fields})["text"] == text


def test_a_line_with_fields_of_both_generations_is_of_the_second() -> None:
    assert only(progress(value=5, max=6))["used"] == 1.0
    assert (
        only({"type": "progress", "label": "L", "used": 5, "max": 6})["text"] == f"{P} invalid limit (expected number)"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "1"), (0.1, "0.1"), (1e21, "1" + "0" * 21), (float("nan"), "NaN"), (float("-inf"), "-inf"), (100.0, "100")],
)
def test_numbers_are_spelled_without_exponents(number: float, text: str) -> None:
    assert spell_number(number) == text
