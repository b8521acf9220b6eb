"""What the cells of an Annex A list mean: codes, choices, yes and no; and where a row of a table is put."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lineofsight.intake.cells import sex, without_choice, yes_or_no
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.unsure import UNSURE
from lineofsight.vocabulary.codes import code_set

Row = Mapping[str, str]
Rows = dict[str, list[dict[str, str | None]]]


def put(made: Rows, table: str, row: Row, **cells: str | None) -> None:
    """Add a row of a table: the child's, in the place of the list's row."""
    placed = {"child": row["child"], FILE: row[FILE], ROW: row[ROW], UNSURE: row.get(UNSURE) or None}
    made[table].append({**placed, **cells})


def coded(text: str, codes: str) -> str:
    """The code a cell begins with, where it is one of the set; else the cell without the letter of its choice."""
    plain = without_choice(text)
    found = re.match(r"[A-Za-z]{0,3}\d*[A-Za-z]?\b", plain)
    known = code_set(codes)
    return found[0].upper() if found and found[0].upper() in known else plain


def yes(text: str) -> str:
    """`Y` or `N`, or the cell where it is neither."""
    said = yes_or_no(text)
    return without_choice(text) if said is None else said


def sex_of(row: Row) -> str:
    """The sex of the person a row is about, as written where it is none of the three."""
    written = row.get("sex", "")
    of_sex = sex(written)
    return written if of_sex is None else of_sex


def ethnicity_of(row: Row) -> str:
    """The department's four letters where the cell begins with them."""
    ethnicity = without_choice(row.get("ethnicity", ""))
    return ethnicity[:4] if re.match(r"[A-Z]{4}\b", ethnicity) else ethnicity
