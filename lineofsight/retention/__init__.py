"""How long files and rows are kept: the rules as dated data, and what is due by them on a day."""
