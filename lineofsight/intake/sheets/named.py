"""What the name of a file or a sheet says that it holds."""

from __future__ import annotations

import re

from lineofsight.intake.sheets.read import TABLES


def bare_name(name: str) -> str:
    """A name without its folder, schema, ending, date, copy's number and capitals: `dbo.ssd_Person (2).csv` is `person`."""
    stem = re.split(r"[/\\]", name)[-1].lower()
    if stem.endswith(TABLES):
        stem = stem.rpartition(".")[0]
    stem = re.sub(r"\s*(?:\(\d+\)|-\s*copy(?:\s*\(\d+\))?)\s*$", "", stem)
    stem = stem.rpartition(".")[2].strip().replace("-", "_").replace(" ", "_")
    return re.sub(r"_?\d[\d_t]*$", "", re.sub(r"^.*?ssd_", "", stem))
