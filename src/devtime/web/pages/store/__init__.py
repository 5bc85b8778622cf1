"""The store of plugins and themes, and what each user made of it."""
