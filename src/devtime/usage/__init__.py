"""What AI agents used, as all machines of a user told it: events, their quarter-hour sums, and both kept exact."""
