"""The kinds of plugins: what each is handed, and what is expected of it. One folder a kind."""
