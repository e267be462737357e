"""One module a command. Each is imported only when its command runs."""
