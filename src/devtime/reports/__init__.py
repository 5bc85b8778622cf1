"""Usage reports folded from sums: days, sessions, 5-hour blocks; priced. Pure; no database, no printing."""
