"""All that touches storage: the chain of entries, kept files, history files, backup, verification, erasure."""
