"""Heartbeats and the time they add up to: recording, credit, slots, privacy, deleting, importing and exporting."""
