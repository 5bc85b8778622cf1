"""Measurements of a real server on this machine: `python -m tests.bench`. Nothing here passes or fails."""
