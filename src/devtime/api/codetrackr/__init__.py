"""The CodeTrackr-compatible API under `/api/v1`. Errors are `{"error": …}`."""
