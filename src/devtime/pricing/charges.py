"""One price made of another: the listed one for a length of prompt, the user's own over it, a speed or tier on top."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from genai_prices.types import ModelPrice, TieredPrices

from devtime.pricing.overrides import Entry
from devtime.pricing.prices import FREE, ZERO, Prices
from devtime.pricing.terms import CLAUDE_CACHE
from devtime.wire.rates import PROMPT_EDGES, Rate

TOKENS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")
"""The prices that are for tokens."""


def read_listed(listed: ModelPrice, prompt_class: int, *, is_claude: bool) -> Prices | None:
    """The prices of one entry of the list for prompts of this class; None when it has none for tokens."""
    if all(value is None for value in listed.__dict__.values()):
        return FREE
    starts: set[int] = set()

    def pick(value: Decimal | TieredPrices | None) -> Decimal | None:
        if not isinstance(value, TieredPrices):
            return value
        tier = next((tier for tier in reversed(value.tiers) if is_above(prompt_class, tier.start)), None)
        if tier:
            starts.add(tier.start)
        return tier.price if tier else value.base

    paid, output = pick(listed.input_mtok), pick(listed.output_mtok)
    if paid is None:
        return None
    read, write, write_1h = map(pick, (listed.cache_read_mtok, listed.cache_write_mtok, listed.cache_write_1h_mtok))
    write = pick(listed.cache_write_5m_mtok) if write is None else write
    if is_claude:
        read = paid * CLAUDE_CACHE["read"] if read is None else read
        write = paid * CLAUDE_CACHE["write"] if write is None else write
        write_1h = paid * CLAUDE_CACHE["write_1h"] if write_1h is None else write_1h
    read = paid if read is None else read
    write = paid if write is None else write
    searches = pick(listed.web_searches_kcount)
    return Prices(
        paid,
        output or ZERO,
        read,
        write,
        write if write_1h is None else write_1h,
        searches / 1000 if searches else ZERO,
        tuple(_long_note(start) for start in sorted(starts)[-1:]),
    )


def lengthen(prices: Prices, prompt_class: int, start: int, paid: Decimal, output: Decimal) -> Prices:
    """The prices for a long prompt where the list has none: all that is read that many times, and the output."""
    if not is_above(prompt_class, start):
        return prices
    dearer = {kind: getattr(prices, kind) * (output if kind == "output" else paid) for kind in TOKENS}
    return prices._replace(**dearer, notes=(_long_note(start),))


def override(plain: Prices | None, entry: Entry, rate: Rate) -> Prices | None:
    """The user's prices over the listed ones; without those, input and output must be given."""
    given = dict(entry.prices)
    notes = ()
    if entry.above and is_above(rate.prompt_class, entry.above):
        given |= entry.long_prices
        notes = (_long_note(entry.above),)
    if plain is None:
        if "input" not in given or "output" not in given:
            return None
        paid = given["input"]
        write = given.get("cache_write", paid)
        plain = Prices(paid, given["output"], given.get("cache_read", paid), write, given.get("cache_write_1h", write))
    if "input" in given:
        plain = plain._replace(notes=())
    prices = plain._replace(**given, notes=plain.notes + notes)
    if entry.multiplier is not None:
        prices = times(prices, entry.multiplier, f"× {entry.multiplier.normalize():f}")
    return prices


def apply_special(
    prices: Prices,
    plain: Prices,
    special: tuple[Prices, Prices] | None,
    factor: Decimal | None,
    name: str,
    *,
    is_cache_plain: bool = False,
) -> Prices:
    """What a speed or tier makes of the prices: as the list says, else as the vendor does, else only a note."""
    if special:
        before, after = special
        changed = {
            kind: _in_proportion(getattr(prices, kind), getattr(before, kind), getattr(after, kind)) for kind in TOKENS
        }
        notes = after.notes if prices == plain else prices.notes
        return prices._replace(**changed, notes=(*notes, name))
    if factor is None:
        return prices._replace(notes=(*prices.notes, f"no price for {name} known, so the plain one"))
    if factor == 1:
        return prices
    return times(prices, factor, f"{name} × {factor}", kinds=TOKENS[:2] if is_cache_plain else TOKENS)


def _in_proportion(price: Decimal, before: Decimal, after: Decimal) -> Decimal:
    if price == before:
        return after
    return price * after / before if before else price


def times(prices: Prices, factor: Decimal, note: str, kinds: Sequence[str] = TOKENS) -> Prices:
    """The prices of these kinds, that many times."""
    changed = {kind: getattr(prices, kind) * factor for kind in kinds}
    return prices._replace(**changed, notes=(*prices.notes, note))


def is_above(prompt_class: int, start: int) -> bool:
    """Whether prompts of this class are longer than that."""
    return prompt_class > 0 and PROMPT_EDGES[min(prompt_class, len(PROMPT_EDGES)) - 1] >= start


def _long_note(start: int) -> str:
    return f"prompt over {start:,} tokens"
