"""Words every other package speaks: time, ids, errors, settings. No I/O lives here, save reading settings."""
