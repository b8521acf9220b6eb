"""Evidence packs: a folder or a zip with what was public on each day of a period, that verifies itself."""
