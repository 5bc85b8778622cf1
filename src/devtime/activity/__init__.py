"""Heartbeats and the time they add up to: recording, credit, slots, sessions, privacy, importing and exporting."""
