"""How dollars and tokens are written for people. Pure functions; no HTML."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_MANY = Decimal(10_000)
_FINE_DIGITS = 9
_UNITS = ((1_000_000_000_000, "T"), (1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))


def usd(amount: Decimal) -> str:
    """`$1,234.56`, from ten thousand on whole dollars; `<$0.01` for less than a cent that is not nothing."""
    if amount < 0:
        return "−" + usd(-amount)
    if 0 < amount < _CENT:
        return "<$0.01"
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    return f"${amount.quantize(Decimal(1), ROUND_HALF_UP):,}" if rounded >= _MANY else f"${rounded:,}"


def fine_usd(amount: Decimal) -> str:
    """`$0.016504`: as many digits as there are, at least cents and at most nine, so that sums can be checked."""
    text = f"{amount:,.{_FINE_DIGITS}f}"
    whole, _, fraction = text.partition(".")
    return f"${whole}.{fraction.rstrip('0').ljust(2, '0')}"


def signed_usd(amount: Decimal) -> str:
    """`+$3.20` or `−$12.00` (a true minus sign); `±$0` for less than a cent either way."""
    if abs(amount) < _CENT:
        return "±$0"
    return ("+" if amount > 0 else "−") + usd(abs(amount))


def price(amount: Decimal) -> str:
    """A price per million tokens: `$15`, `$0.50`, `$0.075`."""
    whole, _, fraction = f"{amount:,.6f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"${whole}.{fraction.ljust(2, '0')}" if fraction else f"${whole}"


def tokens(count: int) -> str:
    """`812`, `45.3k`, `1.24M`, `3.10B`: three digits and a unit."""
    for size, unit in _UNITS:
        # What would be rounded to a thousand of the smaller unit is written in this one.
        if count >= size * 0.9995:
            value = count / size
            digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return f"{value:.{digits}f}{unit}"
    return f"{count:,}"


def ratio(part: int, whole: int) -> str:
    """`92.4%`: one digit, for shares whose last percents matter; nothing of nothing is `–`."""
    if whole <= 0:
        return "–"
    share = 100 * part / whole
    return "100%" if part == whole else f"{min(share, 99.9):.1f}%"
