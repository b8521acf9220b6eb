"""What the name of a file or a sheet says that it holds."""

from __future__ import annotations

import re
from datetime import date

from lineofsight.intake.unpacking import TABLES

_DAY = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d{1,3}(?!\d))")
_DAY_FIRST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_. ](0?[1-9]|1[0-2])[-_. ](20\d{2})(?!\d)")


def bare_name(name: str) -> str:
    """A name without its folder, schema, ending, date, copy's number and capitals: `dbo.ssd_Person (2).csv` is `person`."""
    stem = re.split(r"[/\\]", name)[-1].lower()
    if stem.endswith(TABLES):
        stem = stem.rpartition(".")[0]
    stem = re.sub(r"\s*(?:\(\d+\)|-\s*copy(?:\s*\(\d+\))?)\s*$", "", stem)
    stem = stem.rpartition(".")[2].strip().replace("-", "_").replace(" ", "_")
    return re.sub(r"_?\d[\d_t]*$", "", re.sub(r"^.*?ssd_", "", stem))


def day_in(name: str) -> date | None:
    """The day that stands in the name of a file or a sheet, as 2026-03-15, 20260315 or 15-03-2026; None where none does."""
    try:
        if found := _DAY.search(name):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.search(name):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None
