"""Reading files into heartbeats: one module a format, all streaming. No database, no HTTP, nothing kept in memory."""
