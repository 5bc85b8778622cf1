"""The local ledger (SQLite): one row an event, what was read of each log, sums by quarter-hour."""
