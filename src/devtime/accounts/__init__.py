"""People and what lets them in: users, passwords, API keys, web sessions, one-time links, invitations."""
