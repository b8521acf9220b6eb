"""Bytes in, entries and findings out. Bad data never raises here: it becomes a finding."""
