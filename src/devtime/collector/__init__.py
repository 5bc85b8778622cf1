"""Reading agents' logs as they grow, and telling the server: the process that runs on a developer's machine."""
