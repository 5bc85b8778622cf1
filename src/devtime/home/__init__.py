"""`$DEVTIME_HOME` (default `~/.devtime`): where it is, and the `config.toml` every client on the machine reads."""
