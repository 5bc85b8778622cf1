"""The queue's end at the recording of heartbeats: one row an event, in the transaction that records them."""

from __future__ import annotations

WITNESS = """
INSERT INTO plugin_events (user_id, revision, times, identities)
SELECT $1, guard.revision, $3, $4 FROM guard
WHERE EXISTS (SELECT FROM plugin_runs r WHERE r.user_id = $1 AND r.hears AND r.paused_at IS NULL)
"""
"""What `activity.ingest.Ingest` runs inside the statement that writes: for users with a plugin that listens, a row."""
