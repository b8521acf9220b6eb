"""Oversight: what was said, promised, found and asked in public, and what happened next."""
