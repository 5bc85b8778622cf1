"""Hooks of lifecycle plugins, outside of any request: a queue, and where each plugin stands in it."""
