"""Running DevTime as processes: the embedded database, the server processes, the worker beside them, first start."""
