"""What travels: request and response types of each dialect, shared by server and client. No I/O, no SQL."""
