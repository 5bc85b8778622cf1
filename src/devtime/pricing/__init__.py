"""What tokens cost: price cards from the catalogue and the user's own, and the arithmetic. Decimal only."""
