"""Cards are remembered; whatever is wrong with the file, prices stay right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.pricing import cards
from devtime.pricing.cards import Remembered, key_of, stamp_prices
from devtime.pricing.pricer import Pricer
from devtime.pricing.prices import FREE, Step, Timeline

from .conftest import price_on, rate_of

NOW = "2026-11-23"
Open = Callable[..., Pricer]
LINE = Timeline((FREE,), (Step(0, ((0, 0),)),), "T", "p", "s", 1)

_HOT = """
import sys
from pathlib import Path
from devtime.pricing.calculate import cost_of_cell
from devtime.pricing.pricer import open_pricer
from devtime.wire.rates import Rate
card = open_pricer(Path(sys.argv[1]), {"prices": {"gpt-5": {"multiplier": 2}}}).card(Rate("claude", sys.argv[2]))
print(card and card.prices[-1].input)
heavy = {"genai_prices", "msgspec", "dataclasses", "pydantic", "inspect", "typing_extensions", "importlib.metadata",
    "asyncio", "httpx", "rich", "tomlkit", "uuid", "platform"}
print(sorted(heavy & set(sys.modules)))
"""


def _ask(home: Path, model: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", _HOT, str(home), model], capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout.splitlines()


@pytest.mark.parametrize(("model", "price"), [("claude-opus-4-6", "5"), ("gpt-5", "2.50"), ("nobodys", "None")])
def test_what_was_asked_once_needs_no_price_list_again(tmp_path: Path, model: str, price: str) -> None:
    first = _ask(tmp_path, model)
    assert first[0] == price
    assert "genai_prices" in first[1]
    assert _ask(tmp_path, model) == [price, "[]"]


def _file(home: Path) -> Path:
    return home / "cache" / "prices.json"


def test_the_file_is_the_users_alone(open_at: Open, tmp_path: Path) -> None:
    open_at().card(rate_of("gpt-5"))
    assert _file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in _file(tmp_path).parent.iterdir()] == ["prices.json"]


def test_remembered_cards_are_equal_to_fresh_ones(open_at: Open, pricer: Pricer) -> None:
    rates = {
        number: rate_of(model, prompt, tier=tier)
        for number, (model, prompt, tier) in enumerate(
            (model, prompt, tier)
            for model in ("claude-opus-4-6", "deepseek-chat", "gpt-5.6-sol", "gemini-4-argon", "nobodys", "<synthetic>")
            for prompt in (0, 250_000, 300_000)
            for tier in ("", "batch", "flex")
        )
    }
    fresh = pricer.cards(rates)
    open_at().cards(rates)
    assert open_at().cards(rates) == fresh
    assert open_at().edges(rates) == {number: card.edges for number, card in fresh.items() if card and card.edges}


def test_changed_prices_of_the_users_own_are_not_answered_from_memory(open_at: Open) -> None:
    assert price_on(open_at().card(rate_of("gpt-5")), NOW).output == 10
    assert price_on(open_at({"gpt-5": {"output": 3}}).card(rate_of("gpt-5")), NOW).output == 3
    assert price_on(open_at().card(rate_of("gpt-5")), NOW).output == 10


def test_a_new_price_list_or_new_rules_are_not_answered_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "genai_prices" / "data.py"
    listed.parent.mkdir()
    listed.write_text("1")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = stamp_prices("")
    assert before == stamp_prices("") != stamp_prices("x")
    assert str(listed) in before
    listed.write_text("22")
    assert stamp_prices("") != before
    os.utime(listed, ns=(1, 1))
    after = stamp_prices("")
    os.utime(listed, ns=(2, 2))
    assert stamp_prices("") != after


def test_without_a_stamp_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert stamp_prices("") == ""
    kept = Remembered(tmp_path / "prices.json", "")
    kept.add("k", LINE)
    kept.save()
    assert list(tmp_path.iterdir()) == []


def _hostile(good: dict[str, object]) -> list[object]:
    """The card, with one thing wrong at a time."""
    price = ["1"] * 6
    return [
        3,
        [],
        "x",
        {},
        good | {"prices": []},
        good | {"prices": [price]},
        good | {"prices": [[*price[:5], "NaN", []]]},
        good | {"prices": [[*price[:5], "-1", []]]},
        good | {"prices": [[*price[:5], "1e400000000", []]]},
        good | {"prices": [[*price[:5], "Infinity", []]]},
        good | {"prices": [[*price[:5], 1, []]]},
        good | {"prices": [[*price, [3]]]},
        good | {"prices": [[*price, ["x" * 2_000]]]},
        good | {"steps": []},
        good | {"steps": [[96, [[0, 0]]]]},
        good | {"steps": [[0, []]]},
        good | {"steps": [[0, [[0, 9]]]]},
        good | {"steps": [[0, [[0, -1]]]]},
        good | {"steps": [[0, [[5, 0]]]]},
        good | {"steps": [[0, [[0, 0], [96, 0]]]]},
        good | {"steps": [[0, [[0, 0], [4, 0], [4, 0]]]]},
        good | {"steps": [[0, [[0, 0]]], [7, [[0, 0]]]]},
        good | {"steps": [[0, [[0, 0]]], [0, [[0, 0]]]]},
        good | {"steps": [[0, [["0", 0]]]]},
        good | {"steps": [[0, [[0, "0"]]]]},
        good | {"steps": [[0, [[0, 0.0]]]]},
        good | {"steps": [[0, [[0]]]]},
        good | {"steps": [[0, [[0, 0]]]] * 100_000},
        good | {"title": 3},
        good | {"source": None},
        good | {"context_window": -1},
        good | {"context_window": "much"},
    ]


def test_a_card_that_was_tampered_with_is_made_anew(open_at: Open, tmp_path: Path) -> None:
    rate = rate_of("gpt-5")
    open_at().card(rate)
    content = json.loads(_file(tmp_path).read_text())
    good = content["cards"][key_of(rate)]
    for bad in _hostile(good):
        content["cards"][key_of(rate)] = bad
        _file(tmp_path).write_text(json.dumps(content))
        assert price_on(open_at().card(rate), NOW).output == 10, bad
        assert json.loads(_file(tmp_path).read_text())["cards"][key_of(rate)] == good


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"3", b"null", b'{"stamp":3}', b"\xff\xfe", b"[" * 200_000, b'{"cards":{}}', b"\x00" * 100],
)
def test_a_broken_file_counts_as_none_and_is_replaced(open_at: Open, tmp_path: Path, content: bytes) -> None:
    _file(tmp_path).parent.mkdir()
    _file(tmp_path).write_bytes(content)
    assert price_on(open_at().card(rate_of("gpt-5")), NOW).output == 10
    assert key_of(rate_of("gpt-5")) in json.loads(_file(tmp_path).read_text())["cards"]


def test_cards_that_are_no_table_count_as_none(open_at: Open, tmp_path: Path) -> None:
    _file(tmp_path).parent.mkdir()
    _file(tmp_path).write_text(json.dumps({"stamp": stamp_prices(""), "cards": [1]}))
    assert open_at().card(rate_of("gpt-5"))


def test_a_place_that_cannot_be_written_changes_no_price(open_at: Open, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert price_on(open_at().card(rate_of("gpt-5")), NOW).output == 10
    (tmp_path / "cache").unlink()
    (tmp_path / "cache" / "prices.json").mkdir(parents=True)
    assert price_on(open_at().card(rate_of("gpt-5")), NOW).output == 10
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["prices.json"]


def test_a_draft_that_leads_elsewhere_is_not_followed(open_at: Open, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    _file(tmp_path).parent.mkdir()
    (tmp_path / "cache" / f"prices.{os.getpid()}.new").symlink_to(victim)
    open_at().card(rate_of("gpt-5"))
    assert victim.read_text() == "precious"
    assert _file(tmp_path).is_file()


def test_two_processes_keep_each_others_cards(tmp_path: Path) -> None:
    one, other = (Remembered(tmp_path / "prices.json", "s") for _ in range(2))
    assert one.find("a") == other.find("b") == (False, None)
    one.add("a", LINE)
    other.add("b", None)
    one.save()
    other.save()
    kept = Remembered(tmp_path / "prices.json", "s")
    assert kept.find("a") == (True, LINE)
    assert kept.find("b") == (True, None)
    assert Remembered(tmp_path / "prices.json", "t").find("a") == (False, None)


def test_made_up_names_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MOST_CARDS", 3)
    path = tmp_path / "prices.json"
    for number in range(6):
        kept = Remembered(path, "s")
        kept.add(str(number), None)
        kept.add("x" * 100_000, None)
        kept.save()
    assert sorted(json.loads(path.read_text())["cards"]) == ["0", "1", "2"]


@given(st.text(), st.text(), st.text())
def test_keys_tell_all_rates_apart(agent: str, model: str, provider: str) -> None:
    key = key_of(rate_of(model, agent=agent, provider=provider))
    assert json.loads(key)[:3] == [agent, provider, model]
