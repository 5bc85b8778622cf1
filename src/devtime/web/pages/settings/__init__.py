"""The settings pages: each shows its view and takes its forms. Forms need a session or a full key."""
