"""Speaking with a DevTime server from a developer's machine."""
