"""Drawn tables: the cases of a rule as a person would write them down, so that a test reads as the rule."""

from __future__ import annotations


def drawn(text: str) -> list[dict[str, str]]:
    """The rows of a table drawn with bars between its cells, by heading; a cell left empty is empty text.

        said_on | source_date | known
        2018-10 | 2018-10-17  | 2018-10-17

    A line of dashes and bars under the heading is left out; so are blank lines.
    """
    lines = [line for line in text.splitlines() if line.strip() and set(line.strip()) - set("-|+ ")]
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    for row in rows:
        if len(row) != len(heading):
            raise ValueError(f"the drawn row {row} has {len(row)} cells, its heading {len(heading)}")
    return [dict(zip(heading, row, strict=True)) for row in rows]
