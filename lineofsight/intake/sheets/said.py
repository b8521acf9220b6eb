"""The findings about a file's layout, which every format shares."""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import NOTE, REFUSED, WARNING, file_finding
from lineofsight.vocabulary.refusal import Refused


def dress(file: str, *, above: int, asides: int, surplus: int) -> list[pl.DataFrame]:
    """What stood around a table's rows and was left out."""
    findings = []
    if above:
        lines = "A line above the headings was" if above == 1 else f"{above} lines above the headings were"
        findings.append(file_finding("F10", NOTE, file, f"{lines} left out.", "Nothing."))
    if asides:
        lines = "1 line that is not a row" if asides == 1 else f"{asides} lines that are not rows"
        says = f"{lines}, such as a total, a hint or a count of rows, {'was' if asides == 1 else 'were'} left out."
        findings.append(file_finding("F11", NOTE, file, says, "Nothing, unless rows are missing."))
    if surplus:
        rows = "1 row ends" if surplus == 1 else f"{surplus} rows end"
        says = f"{rows} in more empty cells than there are headings, as after a comma at the end of a line. They were left out."
        findings.append(file_finding("F12", NOTE, file, says, "Nothing."))
    return findings


def merged(file: str, rows: int) -> pl.DataFrame:
    """Cells that are one over several rows, such as a worker's name beside all of the worker's children."""
    says = (
        f"{rows} rows share a merged cell with the row above. What it says was read for each of these rows."
    )
    return file_finding(
        "F15", WARNING, file, says, "Check that it holds for each of them, or unmerge the cells."
    )


def called_otherwise(file: str, called: str, is_one: str) -> pl.DataFrame:
    """A file that is something else than its name says, and was read as what it is."""
    says = f"The file is called as {called}, but it is {is_one}. It was read as that."
    return file_finding("F16", NOTE, file, says, "Give it the ending of what it is.")


def nameless(file: str, at: int) -> pl.DataFrame:
    """A column without a heading in which something stands."""
    says = f"Column {at} has no name. It was stored but not read."
    return file_finding("F04", WARNING, file, says, "Give it a name, or remove it.")


def broken_row(file: str, number: int, cells: int, expected: int) -> pl.DataFrame:
    """A row with too few or too many cells."""
    says = f"This row has {cells} cells, but the heading has {expected}."
    do = "Put text that contains a comma in quotation marks, and load the row again."
    return file_finding("F02", REFUSED, file, says, do, row=number)


def not_loaded(place: str, refused: Refused) -> pl.DataFrame:
    """A file or sheet that cannot be read: it says nothing, and takes nothing away."""
    says = f"{refused} Nothing in it was loaded or withdrawn."
    return file_finding("F06", REFUSED, place, says, "Correct the file and load it again.")


def unknown_column(
    file: str, name: str, of: str, do: str = "Correct its name, or remove it."
) -> pl.DataFrame:
    """A column that is not one of those read."""
    says = f"The column {name[:40]!r} is not a column of {of}. It was stored but not read."
    return file_finding("F04", WARNING, file, says, do)


def left_for_another(file: str, what: str, why: str) -> pl.DataFrame:
    """A file or sheet that was not read, since another one holds the same table."""
    says = f"Two files or sheets hold the {what} rows. This one {why}, so the other one was read and this one was not."
    return file_finding("F13", WARNING, file, says, "Deliver one of the two.")
