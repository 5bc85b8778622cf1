"""Agents' logs into usage events: one file an agent. No state, no ledger, no prices."""
