"""Corrections that people record on a child's page: what somebody says is wrong, and what was decided.

`{"entered_at": "2019-10-09T06:00:00Z", "correction": [{"child": "…", "about": "episode", …}]}`. The moment makes the
same correction, recorded again after another, a delivery of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lineofsight.intake.checks.reading import refused_rows
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.format import Format
from lineofsight.intake.formats.inspection_report import framed
from lineofsight.record.entry import ATTESTED
from lineofsight.record.tables.correction import CORRECTION
from lineofsight.vocabulary.refusal import Refused

ENDING = ".corrections.json"
_NAME = CORRECTION.name


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The corrections in these files; refuses a delivery in which a file holds none."""
    if not files:
        raise Refused("There is no correction in this delivery.")
    rows, findings, received = list[dict[str, Any]](), list[pl.DataFrame](), 0
    for file in files:
        given = _corrections(file)
        passed, found = refused_rows(CORRECTION, given, file.name)
        findings += found
        received += len(given)
        for row in passed:
            rows.append({**row, ATTESTED: context.received_us, FILE: file.name, ROW: len(rows) + 1})
    made = framed(CORRECTION, rows)
    present = {_NAME: [made.select(CORRECTION.key)]}
    return Reading({_NAME: made}, present, received, received - len(rows), findings)


def _corrections(file: NamedBytes) -> list[Any]:
    try:
        said = json.loads(file.content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Refused(f"{file.name!r} is not JSON that can be read.") from None
    given = said.get(_NAME) if isinstance(said, Mapping) else None
    if not isinstance(given, list) or not given:
        raise Refused(f"{file.name!r} has to hold a list called {_NAME}.")
    return given


FORMAT = Format(
    name="corrections",
    title="Corrections that people asked for",
    read=read,
    endings=(ENDING,),
    is_case=True,
    for_sources=False,
    recognised_by=(ENDING,),
)
