"""Work that waits for nobody: what is due, how often, and the loop that does it. One table, `schedule.TASKS`."""
