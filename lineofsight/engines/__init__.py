"""Engines open frames and collect results. They contain no rules."""
