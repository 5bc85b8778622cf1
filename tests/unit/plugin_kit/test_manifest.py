"""`plugin.json`: what is wrong with it is told with the place an author must go to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.plugins.kit.manifest import describe_manifest, read_manifest
from devtime.plugins.kit.problem import place_of

GOOD = {"name": "streak-counter", "display_name": "Streak", "version": "1.2.0", "plugin_type": "widget"}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('{\n  "name": "A b",\n  "display_name": "x"\n}', 2, "kebab-case"),
        ('{\n  "name": "a",\n  "display_name": 3\n}', 3, "expected `str`"),
        ('{\n  "name": "a"\n}', 1, "display_name is missing"),
        ('{\n  "name": "a",\n  "display_name": "x",\n  "colour": 1\n}', 4, "not a field"),
        ('{\n  "name": "a",\n  "display_name": "x",\n  "version": "1"\n}', 4, "1.4.0"),
        ('{\n  "name": "a",\n  "display_name": "x",\n  "main": "../x.js"\n}', 4, "in the plugin's folder"),
        ('{\n  "name": "a",\n  "display_name": "x",\n  "repository": "javascript:1"\n}', 4, "http(s)"),
        ('{\n  "name": "a",\n  "display_name": "x",\n  "description": "' + "d" * 91 + '"\n}', 4, "90 is the most"),
        ('{\n  "name": "a",,\n}', 2, "not JSON"),
        ('{\n  "name": "a"', 2, "not JSON"),
        ("[]", 1, "object"),
        (" " * 70_000, 1, "larger than"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, told: str) -> None:
    problems = read_manifest(text)[1]
    assert problems[0].line == line
    assert told in problems[0].message


def test_a_manifest_that_was_written_is_read_again() -> None:
    manifest, problems = read_manifest(json.dumps(GOOD))
    assert manifest is not None
    assert problems == []
    assert read_manifest(describe_manifest(manifest)) == (manifest, [])


@given(st.text(max_size=60), st.integers(0, 60))
def test_the_place_of_a_character_leads_back_to_it(text: str, index: int) -> None:
    index = min(index, len(text))
    line, column = place_of(text, index)
    lines = text.split("\n")
    assert sum(len(each) + 1 for each in lines[: line - 1]) + column - 1 == index


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_manifest(text)
