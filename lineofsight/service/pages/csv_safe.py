"""CSVs whose cells no spreadsheet runs as a formula, wherever it takes a cell to begin."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_SIGNS = "=+\\-@|%\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
"""What a formula begins with, or a call of another program; some as wide as a Chinese character, which some programs run too."""
_BEGINS = re.compile(f"[{_SIGNS}\t\r\n]")
_AFTER_A_SEPARATOR = re.compile(
    f"[;,|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029\uff1b\uff0c][^\\w{_SIGNS}]*[{_SIGNS}]"
)
"""A spreadsheet set to another separator begins a new cell after it."""


def csv_safe(cell: Any) -> Any:
    """A cell with a quote before it where a spreadsheet could take it, or a part of it, for a formula; else as it is.

    Marks without width, control characters and blanks before a sign do not hide it. A separator right before a
    sign becomes a blank and a quote, since a quote at the cell's beginning would not reach the part after it.
    """
    if not isinstance(cell, str):
        return cell
    text = _AFTER_A_SEPARATOR.sub(_apart, cell)
    begins = "".join(letter for letter in text if not _is_invisible(letter))
    return f"'{text}" if _BEGINS.match(begins) or _BEGINS.match(text) else text


_BLANKS = str.maketrans(dict.fromkeys(";,|", " "))


def _apart(match: re.Match[str]) -> str:
    """A separator and what follows it up to a sign, with a quote right before the sign."""
    return f"{match[0][:-1].translate(_BLANKS)}'{match[0][-1]}"


_FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters that are drawn as nothing."""


def _is_invisible(letter: str) -> bool:
    """Whether a letter takes no width or is blank: a spreadsheet passes over it."""
    return letter not in "\t\r\n" and (
        letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc", "Zs", "Mn")
    )


def written(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV, every cell safe; lines end as the standard says."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_safe(cell) for cell in row])
    return text.getvalue()
