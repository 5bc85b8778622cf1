"""Reading time: sums, days, sessions, streaks, single heartbeats. Read-only; may join the tables of all features."""
