"""Locks the doors of a worker process from inside, as far as the system has locks. Standard library and ctypes only."""
