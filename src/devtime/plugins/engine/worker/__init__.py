"""The process strangers' code runs in: one run at a time, one socket, no rights."""
