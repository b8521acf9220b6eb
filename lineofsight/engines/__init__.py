"""Engines: they open frames and collect results. Nothing here means anything."""
