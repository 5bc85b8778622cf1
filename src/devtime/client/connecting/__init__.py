"""Setting agents, editors and shells up to call `devtime hook`, and undoing it. One file a kind of client."""
