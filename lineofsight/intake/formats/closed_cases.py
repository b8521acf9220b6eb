"""Worklists that also hold closed cases, told only by a column such as Case status.

Settings say which values of which column mean closed: `[closed]`. Nothing is left out by a guess: a column that
looks as if it told of closed cases is only pointed out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

import polars as pl

from lineofsight.intake.days_as_written import days_of
from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import NOTE, WARNING, file_finding
from lineofsight.intake.formats.usual_exports import in_words
from lineofsight.intake.sheets.table import Sheet
from lineofsight.vocabulary.nobody import as_one_name
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.yes import YES

_MOST_VALUES = 15
_LONGEST_VALUE = 40
_CLOSED = re.compile(
    r"((case|episode|referral|record|involvement|status)s?[ :-]+)?((is|now|already|been)[ :-]+)?"
    r"(closed|ended|inactive|not active|no longer (open|active|involved|known|allocated)|archived|discharged|ceased|terminated|"
    r"finished|nfa|no further action|de-?registered|de-?allocated)\b(?! *\?).*"
)
_OPEN = re.compile(
    r"(case )?(open|opened|re-?opened|active|current|ongoing|live|allocated|unallocated|pending|suspended|new|in progress)( .*)?"
)
_STATUS_HEADING = re.compile(
    r".*\b(status|state|stage|closed|ended|closure|active|inactive|open|current)\b.*"
)
_OTHER_STATUS = re.compile(
    r".*\b(legal|immigration|marital|disab\w*|ethnic\w*|consent|plan|visit|review|education)\b.*"
)
_SAYS_CLOSED = re.compile(r"(is |case |record |episode )*(closed|ended|inactive|closure)( case| flag| y n)?")
_SAYS_OPEN = re.compile(r"(is |case |record |episode )*(open|active|current|live)( case| flag| y n)?")
_NO = ("no", "n", "false", "0")


@dataclass(frozen=True)
class StatusValue:
    """A value of a column, in how many rows it stands, and whether it probably means that the case is closed.

    `known`: whether it is a usual word for how a case stands, and so nobody's name.
    """

    value: str
    rows: int
    closed: bool
    known: bool


@dataclass(frozen=True)
class StatusColumn:
    """A column that tells how a case stands, and its values, the most frequent first."""

    heading: str
    values: list[StatusValue] = field(default_factory=list)

    @property
    def closed(self) -> list[str]:
        """The values that probably mean closed."""
        return [one.value for one in self.values if one.closed]


def means_closed(value: str, heading: str, others: Collection[str] = ()) -> bool:
    """Whether a value of a column probably means that the case is closed. `others`: every value of the column."""
    said, head = as_one_name(value).strip(" .*-()"), in_words(heading)
    if _CLOSED.fullmatch(said):
        return True
    if said in YES:
        return bool(_SAYS_CLOSED.fullmatch(head))
    if said in _NO:
        return bool(_SAYS_OPEN.fullmatch(head))
    return said == "c" and {as_one_name(one) for one in others} <= {"o", "c"}


def status_columns(rows: pl.DataFrame, taken: Collection[str]) -> list[StatusColumn]:
    """The columns of a worklist that tell how a case stands; those with values that mean closed first.

    `rows`: the file's cells under its own headings; `taken`: the headings that fill columns of ours.
    """
    found = [_status_column(rows, heading) for heading in rows.columns if heading not in taken]
    return sorted((one for one in found if one), key=lambda one: not one.closed)


def _status_column(rows: pl.DataFrame, heading: str) -> StatusColumn | None:
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in rows[heading].to_list():
        if name := as_one_name(text or ""):
            counts[name] += 1
            written.setdefault(name, " ".join(text.split()))
    if not 0 < len(counts) <= _MOST_VALUES or max(map(len, counts)) > _LONGEST_VALUE:
        return None
    column = StatusColumn(
        heading,
        [_value(written[name], count, heading, counts) for name, count in counts.most_common()],
    )
    return column if _tells_how_a_case_stands(column, counts) else None


def _value(value: str, rows: int, heading: str, others: Collection[str]) -> StatusValue:
    closed = means_closed(value, heading, others)
    said = as_one_name(value)
    is_usual = len(said) <= len("no further action") and (closed or bool(_OPEN.fullmatch(said)))
    return StatusValue(value, rows, closed, is_usual or said in YES or said in _NO)


def _tells_how_a_case_stands(column: StatusColumn, counts: Counter[str]) -> bool:
    days, unread, _ = days_of(pl.Series(list(counts), dtype=pl.String))
    if days.is_not_null().any() or (unread.all() and not any(re.search("[a-z]", name) for name in counts)):
        return bool(column.closed) and not days.is_not_null().any()
    words = in_words(column.heading)
    if _STATUS_HEADING.fullmatch(words) and not _OTHER_STATUS.fullmatch(words):
        return True
    stands = sum(one.rows for one in column.values if one.closed or _OPEN.fullmatch(as_one_name(one.value)))
    return bool(column.closed) and stands * 2 > counts.total()


@dataclass(frozen=True)
class Closed:
    """What a worklist says of closed cases: for each row whether its case is closed, and what there is to tell."""

    rows: pl.Series
    findings: list[pl.DataFrame]


def closed_in(sheet: Sheet, context: Context, taken: Collection[str]) -> Closed:
    """The rows whose case is closed by the source's settings. Refuses a list without a column that these name."""
    headings = {in_words(heading): heading for heading in reversed(sheet.rows.columns)}
    closed = pl.repeat(False, sheet.rows.height, dtype=pl.Boolean, eager=True)
    for named, values in context.closed.items():
        heading = headings.get(in_words(named))
        if heading is None and not values:
            continue
        if heading is None:
            raise Refused(
                f"{sheet.file!r} has no column {named[:40]!r}, which says which cases are closed, so it is not known which "
                "children count. Correct [closed] in the source's settings, or add the column."
            )
        closed = closed | _is_one_of(sheet.rows[heading], values)
    return Closed(closed, [*_left_out(sheet, closed), *_not_settled(sheet, context, taken, closed)])


def _is_one_of(cells: pl.Series, values: Collection[str]) -> pl.Series:
    wanted = {as_one_name(value) for value in values}
    written = [cell for cell in cells.drop_nulls().unique() if as_one_name(cell) in wanted]
    return cells.is_in(written).fill_null(False)


def _left_out(sheet: Sheet, closed: pl.Series) -> list[pl.DataFrame]:
    if not closed.any():
        return []
    says = f"{_rows(closed)} the case is closed by the source's settings. Its child does not count because of this row."
    return [
        file_finding("N17", NOTE, sheet.file, says, "Nothing, if that is right.", row=_first(sheet, closed))
    ]


def _not_settled(
    sheet: Sheet, context: Context, taken: Collection[str], closed: pl.Series
) -> list[pl.DataFrame]:
    """A finding for each column in which a word such as Closed stands and of which the settings say nothing."""
    settled = {in_words(name): values for name, values in context.closed.items()}
    findings = []
    for column in status_columns(sheet.rows, taken):
        said = settled.get(in_words(column.heading))
        if said is not None and not said:
            continue  # somebody said that no value of it means closed
        known = {as_one_name(value) for value in said or ()}
        likely = [value for value in column.closed if as_one_name(value) not in known]
        counted = _is_one_of(sheet.rows[column.heading], likely) & ~closed
        if counted.any():
            says = (
                f"{_rows(counted)} the column {column.heading[:40]!r} holds a word such as Closed or Ended, of which the source's "
                "settings say nothing. Their children are counted as open cases."
            )
            do = "Say in the source's settings which words of this column mean that a case is closed, or that none does."
            findings.append(file_finding("N18", WARNING, sheet.file, says, do, row=_first(sheet, counted)))
    return findings


def _rows(chosen: pl.Series) -> str:
    count = int(chosen.sum())
    return "In this row" if count == 1 else f"In {count:,} rows, beginning with this one,"


def _first(sheet: Sheet, chosen: pl.Series) -> int:
    return int(sheet.places.filter(chosen)[0])


def without_closed(texts: pl.DataFrame, closed: pl.Series, context: Context) -> pl.DataFrame:
    """A worklist's rows without those whose case is closed.

    Of a source that delivers only what changed, a missing row changes nothing: there a closed case is a row that
    has ended, with the day of receipt where no earlier day is written.
    """
    if context.is_full_list or not closed.any():
        return texts.filter(~closed)
    last = context.received_on - timedelta(days=1 if context.ends_inclusive else 0)
    written = (
        texts["ended_on"]
        if "ended_on" in texts.columns
        else pl.Series([None] * texts.height, dtype=pl.String)
    )
    days, _, _ = days_of(written)
    ended = (days <= last.toordinal()).fill_null(False)
    end = pl.select(pl.when(closed & ~ended).then(pl.lit(last.isoformat())).otherwise(written)).to_series()
    return texts.with_columns(end.alias("ended_on"))
