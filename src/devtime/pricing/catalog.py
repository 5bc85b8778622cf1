"""From a rate to its prices over time, out of the price list (genai-prices). Slow to import: only for unseen rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import TypeGuard

from genai_prices.types import ModelInfo, ModelPrice, StartDateConstraint, TimeOfDateConstraint

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.pricing.charges import apply_special, lengthen, override, read_listed, times
from devtime.pricing.lookup import Listing, find_listing
from devtime.pricing.match import SYNTHETIC, Name, claude_version, read_name
from devtime.pricing.overrides import Entry, Overrides
from devtime.pricing.prices import FREE, Prices, Step, Timeline
from devtime.pricing.terms import FAST, LONG_PROMPTS, PLAIN_CACHE, TIERS, US_ONLY, US_ONLY_SINCE, WINDOWS
from devtime.wire.rates import Rate

CATALOGUE = f"genai-prices {version('genai-prices')}"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT = time(0, tzinfo=UTC)

At = Callable[[datetime], Prices | None]


def price_rate(rate: Rate, overrides: Overrides) -> Timeline | None:
    """The prices of a rate; None when nobody told what its model costs."""
    if rate.model.strip() == SYNTHETIC:
        return _free_timeline()
    spelled = rate.model.strip().lower()
    name = read_name(rate)
    names = (spelled, *(name.names if name else ()))
    entries = overrides.find(names, is_fast=bool(name and name.is_fast))
    if entries and entries[0].alias:
        name = read_name(rate._replace(model=entries[0].alias, provider=""))
    listing = find_listing(name) if name else None
    if listing and name:
        at = _listed(rate, name, listing, entries)
        dates, hours = _changes(listing.model)
        provider, source = listing.provider.id, f"{CATALOGUE}, {listing.provider.name}"
        title, window = _about(name, listing)
    else:
        at, dates, hours = _own(rate, entries), set[date](), set[time]()
        provider, source, title, window = "", "", rate.model, None
    dates |= {entry.since for entry in entries if entry.since}
    if entries:
        source = f"{entries[0].place} over {source}" if source else entries[0].place
        title, window = entries[0].title or title, entries[0].context_window or window
    return _timeline(at, dates, hours, (title, provider, source, window))


def _free_timeline() -> Timeline:
    return Timeline((FREE,), (Step(0, ((0, 0),)),), SYNTHETIC, "", "no model was asked", None)


def _about(name: Name, listing: Listing) -> tuple[str, int | None]:
    """The model's title and context window; what its listing leaves out is told by the others of the same name."""
    elsewhere = [find_listing(name._replace(providers=(provider,), is_fast=False)) for provider in name.providers]
    models = [listing.model, *(found.model for found in elsewhere if found)]
    title = next((model.name for model in models if model.name), listing.model.id)
    window = next((model.context_window for model in models if model.context_window), None)
    return title, window or WINDOWS.get(listing.model.id)


# When


def _changes(model: ModelInfo) -> tuple[set[date], set[time]]:
    """The days and the times of day at which the model's prices may change."""
    dates, hours = set[date](), set[time]()
    conditions = [] if isinstance(model.prices, ModelPrice) else [price.constraint for price in model.prices]
    for constraint in conditions + [variant.constraint for variant in model.price_variants or ()]:
        match constraint:
            case StartDateConstraint():
                dates.add(constraint.start_date)
            case TimeOfDateConstraint():
                hours |= {constraint.start_time, constraint.end_time}
            case None:
                pass
    return dates, hours


def _timeline(
    at: At, dates: Iterable[date], hours: Iterable[time], about: tuple[str, str, str, int | None]
) -> Timeline | None:
    """Ask for the price after each change; None when it is nowhere known."""
    days = sorted({0, *((day - _EPOCH.date()).days for day in dates if day > _EPOCH.date())})
    slots = sorted({0, *(_slot_of_day(hour) for hour in hours)})
    found: dict[Prices, int] = {}
    steps: list[Step] = []
    for day in days:
        of_day: list[tuple[int, int]] = []
        for slot in slots:
            prices = at(_EPOCH + timedelta(milliseconds=(day * SLOTS_PER_DAY + slot) * SLOT_MS))
            if prices is None:
                return None
            index = found.setdefault(prices, len(found))
            if not of_day or of_day[-1][1] != index:
                of_day.append((slot, index))
        if not steps or steps[-1].hours != tuple(of_day):
            steps.append(Step(day * SLOTS_PER_DAY, tuple(of_day)))
    return Timeline(tuple(found), tuple(steps), *about)


def _slot_of_day(hour: time) -> int:
    moment = datetime.combine(date(1970, 1, 1), hour if hour.tzinfo else hour.replace(tzinfo=UTC)).astimezone(UTC)
    return (moment.hour * 60 + moment.minute) // 15


# How much


def _listed(rate: Rate, name: Name, listing: Listing, entries: Sequence[Entry]) -> At:
    """The listed prices, the user's own over them, then what speed, tier and region make of them."""
    model, provider = listing.model, listing.provider.id
    claude = claude_version(name.names)

    def read(prices: ModelPrice) -> Prices | None:
        found = read_listed(prices, rate.prompt_class, is_claude=claude is not None)
        long = LONG_PROMPTS.get((provider, model.id))
        return lengthen(found, rate.prompt_class, *long) if found and long else found

    def at(moment: datetime) -> Prices | None:
        plain = read(model.get_prices(moment))
        if plain is None:
            return None
        entry = _entry_at(entries, moment)
        prices = override(plain, entry, rate) if entry else plain
        if prices is None:
            return None
        if name.is_fast and not listing.is_fast and not (entry and entry.is_for_fast):
            special = _variant(model, {"speed": "fast", "service_tier": "fast"}, moment, read)
            factor = next((FAST[one] for one in name.names if one in FAST), None)
            if entry and entry.fast_multiplier is not None:
                special, factor = None, entry.fast_multiplier
            prices = apply_special(prices, plain, special, factor, "fast")
        if rate.tier in ("batch", "flex", "priority"):
            context = {"processing": "batch"} if rate.tier == "batch" else {"service_tier": rate.tier}
            special = _variant(model, context, moment, read)
            factor = TIERS.get((provider, rate.tier))
            prices = apply_special(prices, plain, special, factor, rate.tier, is_cache_plain=provider in PLAIN_CACHE)
        if rate.region == "us" and provider == "anthropic" and claude and claude >= US_ONLY_SINCE:
            prices = times(prices, US_ONLY, f"US only × {US_ONLY}")
        return prices

    return at


def _own(rate: Rate, entries: Sequence[Entry]) -> At:
    """The prices of a model that only the user knows; its first price holds before its first date too."""

    def at(moment: datetime) -> Prices | None:
        entry = _entry_at(entries, moment) or (entries[0] if entries else None)
        prices = override(None, entry, rate) if entry else None
        if entry and prices and rate.speed == "fast" and entry.fast_multiplier is not None and not entry.is_for_fast:
            return times(prices, entry.fast_multiplier, f"fast × {entry.fast_multiplier}")
        return prices

    return at


def _entry_at(entries: Sequence[Entry], moment: datetime) -> Entry | None:
    return next((entry for entry in reversed(entries) if not entry.since or entry.since <= moment.date()), None)


def _variant(
    model: ModelInfo, context: dict[str, str], moment: datetime, read: Callable[[ModelPrice], Prices | None]
) -> tuple[Prices, Prices] | None:
    """The plain and the special prices the list has for a speed or tier: those of now, else the first ones to come.

    The list notes such prices from the day on they were looked up; the proportion is taken for the time before.
    """
    variants = [
        variant for variant in model.price_variants or () if all(context.get(k) == v for k, v in variant.when.items())
    ]
    if not variants:
        return None
    starts = [variant.constraint.start_date for variant in variants if _starts(variant.constraint)]
    if len(starts) == len(variants) and min(starts) > moment.date():
        moment = datetime.combine(min(starts), _MIDNIGHT)
    plain, special = read(model.get_prices(moment)), read(model.get_prices(moment, context))
    return (plain, special) if plain and special else None


def _starts(constraint: StartDateConstraint | TimeOfDateConstraint | None) -> TypeGuard[StartDateConstraint]:
    return isinstance(constraint, StartDateConstraint)
