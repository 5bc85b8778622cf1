"""Our cards against the price list's own arithmetic, for any listed model, moment and usage."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from genai_prices import Usage
from hypothesis import given, settings
from hypothesis import strategies as st

from devtime.kernel.clock import from_datetime
from devtime.pricing.calculate import cost_of
from devtime.pricing.catalog import price_rate
from devtime.pricing.lookup import find_listing, list_providers
from devtime.pricing.match import claude_version, read_name
from devtime.pricing.overrides import Overrides
from devtime.pricing.pricer import open_pricer
from devtime.pricing.terms import LONG_PROMPTS
from devtime.wire.rates import PROMPT_EDGES, Rate, prompt_class
from devtime.wire.usage_sums import TokenSums

MAKERS = (
    "anthropic",
    "openai",
    "google",
    "x-ai",
    "moonshotai",
    "deepseek",
    "zai",
    "github-copilot",
    "openrouter",
    "aws",
)
MODELS = [(maker, model.id) for maker in MAKERS for model in list_providers()[maker].models]
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
COUNTS = st.one_of(st.integers(0, 50_000), st.sampled_from(PROMPT_EDGES), st.integers(0, 2_000_000))
END_MS = from_datetime(datetime(2027, 7, 1, tzinfo=UTC))


@settings(max_examples=300)
@given(st.sampled_from(MODELS), MOMENTS, st.tuples(*[COUNTS] * 5))
def test_a_request_costs_what_the_price_list_computes(
    listed: tuple[str, str], moment: datetime, counts: tuple[int, ...]
) -> None:
    provider_id, model_id = listed
    plain, output, read, write, write_1h = counts
    prompt = plain + read + write + write_1h
    rate = Rate("pi", model_id, provider_id, prompt_class=prompt_class(prompt))
    name = read_name(rate)
    listing = find_listing(name) if name else None
    timeline = price_rate(rate, Overrides())
    if not name or not listing or not timeline:
        assert timeline is None
        return
    if claude_version(name.names) and listing.provider.id != "anthropic":
        # Sellers leave out what Anthropic charges for caches; we put its proportions there, the list does not.
        read = write = write_1h = 0
        prompt = plain
        timeline = price_rate(rate._replace(prompt_class=prompt_class(prompt)), Overrides())
        assert timeline
    theirs = listing.model.get_prices(moment)
    if claude_version(name.names) and theirs.cache_read_mtok is None:
        return  # older than caches
    if (listing.provider.id, listing.model.id) in LONG_PROMPTS:
        return
    usage = Usage(
        input_tokens=prompt,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=write + write_1h,
        cache_write_1h_tokens=write_1h,
    )
    expected = theirs.calc_price(usage)["total_price"]
    tokens = TokenSums(1, plain, output, read, write, write_1h)
    card = timeline.card(END_MS // 900_000)
    assert cost_of(tokens, card.prices_at(from_datetime(moment))) == expected


def test_one_card_serves_all_moments_of_a_model_with_hours() -> None:
    model = next(model for model in list_providers()["deepseek"].models if model.id == "deepseek-flash")
    card = open_pricer(Path(mkdtemp()), {}, now_ms=END_MS).card(Rate("pi", "deepseek-flash"))
    assert card
    for quarter in range(96 * 8):
        moment = datetime.fromtimestamp(1_794_000_000 // 900 * 900 + quarter * 900, UTC)
        assert card.prices_at(from_datetime(moment)).output == model.get_prices(moment).output_mtok
