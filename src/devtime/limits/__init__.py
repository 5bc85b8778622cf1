"""How much of AI plans is left: what machines' probes told last, and the past of every progress line."""
