"""Access: the only way pages and commands read the record."""
