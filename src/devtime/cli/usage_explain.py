"""The arithmetic of one request: `devtime usage --explain`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from devtime.cli.quick import write
from devtime.cli.terminal import BOLD, DIM, YELLOW, clean
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.cli.usage_show import View, price_advice
from devtime.cli.usage_zone import local_time
from devtime.kernel.errors import Invalid, NotFound
from devtime.reports.rows import model_label

if TYPE_CHECKING:
    from devtime.pricing.prices import Card
    from devtime.wire.usage import UsageEvent

_NANO = Decimal("1e-9")


def show_explanation(desk: Desk, wanted: Wanted) -> None:
    """What one request cost, line by line, and where each price is from."""
    from devtime.cli.usage_tables import view_of

    named = wanted.given.text("explain")
    event = find_event(desk, named)
    if wanted.given.flag("json"):
        import json

        write(json.dumps(_as_json(event, desk.pricer.card(event.rate)), indent=2, ensure_ascii=False) + "\n")
        return
    write(explain_event(event, desk, view_of(wanted)))


def find_event(desk: Desk, named: str) -> UsageEvent:
    """The request of that id, the last one of that session, or the last one of all that was asked about."""
    if named and named != "last":
        if named.lstrip("-").isdigit() and len(named) < 21:
            found = desk.ledger.find_event(int(named))
            if found is not None:
                return found
        events = desk.ledger.events(desk.question._replace(sessions=(named,)), 1)
        if not events:
            raise NotFound(f"neither a request nor a session is called {clean(named)[:80]!r}")
    else:
        events = desk.ledger.events(desk.question, 1)
        if not events:
            raise NotFound("nothing was used there; widen the question, or run `devtime usage`")
    return events[0]


def explain_event(event: UsageEvent, desk: Desk, view: View) -> str:
    """The explanation as text."""
    if not view.has_cost:
        raise Invalid("--explain", "and --no-cost exclude each other")
    moment = local_time(event.time_ms, desk.zone)
    place = " / ".join(clean(part) for part in (event.project or event.folder, event.branch) if part)
    lines = [
        f"{view.paint(clean(model_label(event.rate)), BOLD)}, {event.agent}, {moment:%Y-%m-%d %H:%M:%S} ({desk.zone})",
        view.paint(f"request {event.key} of session {clean(event.session)}{', ' + place if place else ''}", DIM),
        f"The prompt had {event.prompt_tokens:,} tokens.",
        "",
    ]
    card = desk.pricer.card(event.rate)
    if card is None:
        lines.append(view.paint(f"No price is known for {clean(event.model)}.", YELLOW))
        lines.append(price_advice(event.model))
    else:
        lines += _arithmetic(event, card, view)
    if event.cost_nusd is not None:
        lines += [
            "",
            f"The log itself says ${event.cost_nusd * _NANO:f}; that counts unless --mode calculate is given.",
        ]
    return "\n".join(lines) + "\n"


def _arithmetic(event: UsageEvent, card: Card, view: View) -> list[str]:
    from devtime.pricing.calculate import explain

    terms = explain(event, card)
    if not terms:
        return ["It used nothing, so it cost nothing."]
    wide = max(len(term.what) for term in terms)
    digits = max(len(f"{term.tokens:,}") for term in terms)
    total = sum((term.cost_usd for term in terms), Decimal(0))
    lines: list[str] = []
    notes: dict[str, None] = {}
    for term in terms:
        price = f"${term.usd_each:f} each" if term.usd_each is not None else f"${term.usd_per_million:f} per million"
        lines.append(f"  {term.what:<{wide}}  {term.tokens:>{digits},} × {price:<22} = ${term.cost_usd:f}")
        notes |= dict.fromkeys(term.notes)
    left = 2 + wide + 2 + digits + 3 + 22
    lines.append(view.paint(f"{'  total':<{left}} = ${total:f}", BOLD))
    lines.append("")
    titled = f" ({clean(card.title)})" if card.title else ""
    lines.append(f"Prices: {clean(card.source) or 'the price list'}{titled}, at the time of the request.")
    lines += [f"- {clean(note)}" for note in notes]
    return lines


def _as_json(event: UsageEvent, card: Card | None) -> dict[str, object]:
    from devtime.pricing.calculate import explain

    terms = explain(event, card) if card else []
    return {
        "key": event.key,
        "agent": event.agent,
        "session": event.session,
        "model": model_label(event.rate),
        "time_ms": event.time_ms,
        "prompt_tokens": event.prompt_tokens,
        "logged_usd": None if event.cost_nusd is None else float(event.cost_nusd * _NANO),
        "computed_usd": float(sum((term.cost_usd for term in terms), Decimal(0))) if card else None,
        "source": card.source if card else None,
        "terms": [
            {
                "what": term.what,
                "tokens": term.tokens,
                "usd_per_million": float(term.usd_per_million),
                "usd_each": None if term.usd_each is None else float(term.usd_each),
                "cost_usd": float(term.cost_usd),
                "notes": list(term.notes),
            }
            for term in terms
        ],
    }
