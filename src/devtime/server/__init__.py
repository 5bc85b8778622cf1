"""What the API and the pages share: the application, who is asking, limits, errors, live events. Knows no routes."""
