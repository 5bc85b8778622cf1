"""`$DEVTIME_HOME` (default `~/.devtime`): where it is, locks, and the `config.toml` every client here reads."""
