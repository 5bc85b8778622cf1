"""What a script is, read without running it."""

from __future__ import annotations

import pytest

from devtime.plugins.kit.shape import blank_texts, find_hooks, infer_type


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("container.textContent = 'async function on_tick() {}'", "widget"),
        ("// async function on_tick(ctx) {}", "widget"),
        ("/* const endpoints = {} */ fetch('/x')", "widget"),
        ("function on_tik() {}", "widget"),
        ("async function on_tick(ctx) {}", "lifecycle"),
        ("const on_heartbeat = async () => {}", "lifecycle"),
        ("'use strict'; const endpoints = {};", "lifecycle"),
        ("const a = `on_tick`\nconst endpoints: Endpoints = {}", "lifecycle"),
    ],
)
def test_hooks_and_endpoints_make_it_lifecycle(script: str, expected: str) -> None:
    assert infer_type(script) == expected


def test_hooks_are_found_in_their_order_misspelled_ones_too() -> None:
    assert find_hooks("function on_tik() {}\nconst on_tick = 1\nfunction on_tik() {}") == ["on_tik", "on_tick"]


def test_blanking_keeps_every_place() -> None:
    script = "a('x\\'y') // c\n`l\nm` + \"q\""
    blank = blank_texts(script)
    assert len(blank) == len(script)
    assert blank.count("\n") == script.count("\n")
    assert "x" not in blank
