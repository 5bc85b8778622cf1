"""Words every other package speaks: time, zones, slots, ids, errors, settings. No input or output lives here."""
