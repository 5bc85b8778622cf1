"""Handlers of the pages: read the address, have a view composed, answer HTML or JSON."""
