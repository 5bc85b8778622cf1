"""DevTime's own API under `/api`. Errors are RFC 9457 problems."""
