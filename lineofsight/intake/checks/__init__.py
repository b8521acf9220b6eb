"""Checks, a module per table. A check's code stays the same from year to year."""
