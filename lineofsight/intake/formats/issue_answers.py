"""Answers that people enter about data quality issues: who owns one, and until when it is accepted.

`{"entered_at": "2019-10-09T06:00:00Z", "issue_answer": [{"issue": "…", "owner": "…", …}]}`. The moment makes the same
answer, given again after another, a delivery of its own.
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
from lineofsight.record.tables.issue_answer import ISSUE_ANSWER
from lineofsight.vocabulary.refusal import Refused

ENDING = ".issues.json"
_NAME = ISSUE_ANSWER.name


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The answers in these files; refuses a delivery in which a file is none, or has no answer."""
    if not files:
        raise Refused("There is no answer in this delivery.")
    rows, findings, received = list[dict[str, Any]](), list[pl.DataFrame](), 0
    for file in files:
        given = _answers(file)
        passed, found = refused_rows(ISSUE_ANSWER, given, file.name)
        findings += found
        received += len(given)
        for row in passed:
            rows.append({**row, ATTESTED: context.received_us, FILE: file.name, ROW: len(rows) + 1})
    made = framed(ISSUE_ANSWER, rows)
    return Reading(
        {_NAME: made}, {_NAME: [made.select(ISSUE_ANSWER.key)]}, received, received - len(rows), findings
    )


def _answers(file: NamedBytes) -> list[Any]:
    try:
        said = json.loads(file.content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Refused(f"{file.name!r} is not JSON that can be read.") from None
    given = said.get(_NAME) if isinstance(said, Mapping) else None
    if not isinstance(given, list) or not given:
        raise Refused(f"{file.name!r} has to hold a list called {_NAME}.")
    return given


FORMAT = Format(
    name="issue_answers",
    title="Answers about data quality issues",
    read=read,
    endings=(ENDING,),
    of_a_service=True,
    for_sources=False,
    recognised_by=(ENDING,),
)
