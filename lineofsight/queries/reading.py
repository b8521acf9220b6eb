"""What was read of a delivery's files and what was not: which columns, under which headings, and how tables meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lineofsight.intake.report import FileRead, JoinRead, ReadingReport
from lineofsight.queries.deliveries import Delivery, delivery_from, latest_link
from lineofsight.queries.record import Record


@dataclass(frozen=True)
class ReadingOutcomes:
    """How many files, rows and columns came to what. `guessed`: columns found under a heading that nobody named."""

    files_read: int
    files_not_read: int
    rows: int
    broken_rows: int
    lines_left_out: int
    found: int
    guessed: int
    missing: int
    unknown: int


@dataclass(frozen=True)
class Reading:
    """What was read of one delivery. `reported` is false where it is not read yet, or was before reports were kept."""

    delivery: Delivery
    format: str
    reported: bool
    outcomes: ReadingOutcomes
    files: list[FileRead]
    joins: list[JoinRead]


def reading(record: Record, delivery: str) -> Reading:
    """The reading report of a delivery; refuses where the authority has no such delivery."""
    link = latest_link(record, delivery)
    report = ReadingReport.of(link.says.get("reading"))
    return Reading(
        delivery=delivery_from(record, link),
        format=link.says["format"],
        reported=bool(report.files),
        outcomes=_outcomes(report.files),
        files=report.files,
        joins=report.joins,
    )


def _outcomes(files: list[FileRead]) -> ReadingOutcomes:
    how = Counter(column.how for file in files for column in file.columns)
    were_read = sum(file.read_as is not None for file in files)
    return ReadingOutcomes(
        files_read=were_read,
        files_not_read=len(files) - were_read,
        rows=sum(file.rows for file in files),
        broken_rows=sum(file.broken for file in files),
        lines_left_out=sum(file.left_out for file in files),
        found=how["found"],
        guessed=how["guessed"],
        missing=how["missing"],
        unknown=sum(len(file.unknown) for file in files),
    )
