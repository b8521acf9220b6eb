"""Data quality: issues by cause, the rows of one, and what a named person answers about it."""
