"""Oversight: what was said, promised, found and asked in public, and what became of it."""
