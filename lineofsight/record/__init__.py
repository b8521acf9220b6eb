"""What is recorded: the one schema, entries, how they are sealed, and how history is read from them."""
