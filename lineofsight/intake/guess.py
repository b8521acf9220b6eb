"""What the files of a delivery hold, where nobody has said: told by names, sheets and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.annex_lists import is_heading, list_number
from lineofsight.intake.formats.ssd_tables import table_named
from lineofsight.intake.sheets.book import heading_of, is_book, sheets_of
from lineofsight.intake.sheets.layout import MOST_ABOVE, Expected
from lineofsight.intake.unpacking import TABLES
from lineofsight.vocabulary.refusal import Refused

SSD, ANNEX_A, WORKLIST = "ssd_tables", "annex_a", "worklist"


def guessed_format(files: Sequence[NamedBytes]) -> str:
    """The format of case records that the files are probably in; refuses files in which no table can be."""
    tables = [file for file in files if file.name.lower().endswith(TABLES)]
    if not tables:
        raise Refused(
            "None of these files is a table. Give an Annex A workbook, a worklist (CSV or workbook), or the folder "
            "of tables of the Standard Safeguarding Dataset."
        )
    if any(table_named(file.name) for file in tables):
        return SSD
    return next((found for file in tables if (found := _of(file)) != WORKLIST), WORKLIST)


def _of(file: NamedBytes) -> str:
    if not is_book(file):
        stem = re.split(r"[/\\]", file.name)[-1].rpartition(".")[0]
        return (
            ANNEX_A
            if re.match(r"(?i)\s*(annex|list|aa)\b|.*\blist[ _]*\d", stem) and list_number(stem)
            else WORKLIST
        )
    try:
        for sheet in sheets_of(file, MOST_ABOVE + 1):
            if table_named(sheet.name):
                return SSD
            number = list_number(sheet.name)
            if number and heading_of(sheet, _headings(number)) is not None:
                return ANNEX_A
    except Refused:
        return WORKLIST  # whoever reads it says what is wrong with it; the other files tell what they are
    return WORKLIST


def _headings(number: int) -> Expected:
    return Expected(f"list {number}", lambda heading: is_heading(number, heading), needs=3)
