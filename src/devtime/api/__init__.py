"""The HTTP APIs: one folder a dialect, one file a resource. No SQL and no arithmetic live here."""
