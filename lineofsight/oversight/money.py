"""What a council budgeted and spent on children's services in each financial year, and the warnings about its money.

Figures come from statements alone, so on an earlier moment there are only those that were public by then. A variance
is worked out only from a budget and an outturn of one definition, and it is this record's: no statement says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lineofsight.oversight.statements import Statement, Statements

BUDGET = "children's services budget for the year"
OUTTURN = "children's services outturn for the year"
VARIANCE = "children's services variance for the year"
MEASURES = (BUDGET, OUTTURN, VARIANCE)
"""The subjects of a year's figures. A statement of one of them is about one financial year."""

_NOTICE = re.compile(r"\b(?:notice|warning)\b", re.IGNORECASE)
_BILL = re.compile(r"\b(?:children's trust|council) budget\b", re.IGNORECASE)
_SUM = re.compile(r"\bchildren's services\b|\boutturn\b", re.IGNORECASE)
_UNITS = {"GBP": 1.0, "GBP thousand": 1_000.0, "GBP million": 1_000_000.0}
_NEAR = (None, "about")
"""The bounds of figures that may be taken from each other: an "at least" has no difference."""


@dataclass(frozen=True)
class Figure:
    """A sum that a statement gives for one financial year, in pounds."""

    statement: Statement
    amount: float

    @property
    def definition(self) -> str:
        """What the sum is of, in one spelling; empty if the statement does not say."""
        return " ".join((self.statement.definition or "").casefold().split())


@dataclass(frozen=True)
class WorkedOut:
    """What this record works out: the outturn less the budget, in pounds. More than nothing is overspent."""

    budget: Figure
    outturn: Figure

    @property
    def amount(self) -> float:
        """The outturn less the budget."""
        return self.outturn.amount - self.budget.amount

    @property
    def area(self) -> str | None:
        """Whose it is; None for the authority itself."""
        return self.outturn.statement.area


@dataclass(frozen=True)
class Year:
    """A financial year: its figures and what was looked for in vain, by measure. `start` is the year of its 1 April."""

    start: int
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    not_found: dict[str, list[Statement]] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The year as it is written: `2018-19`."""
        return year_words(self.start)

    @property
    def last_day(self) -> date:
        """Its 31 March."""
        return date(self.start + 1, 3, 31)

    def of(self, measure: str, area: str | None = None) -> list[Figure]:
        """The figures of a measure and an area, in order of publication; no area is the authority itself."""
        return [one for one in self.figures.get(measure, []) if one.statement.area == area]

    @property
    def areas(self) -> list[str]:
        """The other authorities that have a figure in the year."""
        named = [one.statement.area for several in self.figures.values() for one in several]
        return list(dict.fromkeys(area for area in named if area is not None))

    @property
    def worked_out(self) -> list[WorkedOut]:
        """One variance for each area and definition that has both a budget and an outturn; of revised ones the last."""
        found: dict[tuple[str | None, str], WorkedOut] = {}
        for outturn in self.figures.get(OUTTURN, []):
            for budget in self.of(BUDGET, outturn.statement.area):
                if _comparable(budget, outturn):
                    found[outturn.statement.area, outturn.definition] = WorkedOut(budget, outturn)
        return list(found.values())


@dataclass(frozen=True)
class Warned:
    """A notice or warning: the statement of it, and what else was said about it."""

    notice: Statement
    about_it: list[Statement]


@dataclass(frozen=True)
class Money:
    """All that was public by a moment: the years in order, warnings, later bills and other sums of the years."""

    years: list[Year]
    warnings: list[Warned]
    bills: list[Statement]
    other: list[Statement]

    def year_of(self, day: date) -> Year | None:
        """The latest financial year that had ended by a day and has a figure, else the one that holds it; None if there is none.

        A year that is not over has no spending yet: what was known of it later is no answer on the day.
        """
        until = financial_year(day)
        of_years = [year for year in self.years if year.start <= until and year.figures]
        with_figures = [year for year in of_years if date(year.start + 1, 3, 31) <= day] or of_years
        return with_figures[-1] if with_figures else None

    def warned_about(self, year: Year) -> list[Warned]:
        """The warnings of a year and of the year before it, in which its budget was made."""
        around = (year.start - 1, year.start)
        return [one for one in self.warnings if financial_year(one.notice.first_day) in around]

    def main(self, year: Year, measure: str) -> Figure | None:
        """The authority's own figure to name first: official, and of the definition that most years have."""
        often = Counter(
            one.definition for each in self.years for several in each.figures.values() for one in several
        )
        ranked = [
            ((one.statement.kind == "official record", often[one.definition], place), one)
            for place, one in enumerate(year.of(measure))
        ]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def financial_year(day: date) -> int:
    """The year of the 1 April that begins the financial year holding a day."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def year_words(start: int) -> str:
    """A financial year as it is written: `2018-19`."""
    return f"{start}-{(start + 1) % 100:02d}"


def year_about(statement: Statement) -> int | None:
    """The financial year that holds all days a statement is about; None if no single one does."""
    last = statement.last_day
    start = financial_year(statement.first_day)
    return start if last is not None and financial_year(last) == start else None


def money(statements: Statements) -> Money:
    """The account of all statements known."""
    years = _years(statements)
    found = [one for one in statements if one.subject_kind == "budget" and one.kind != "not found"]
    warned = [one for one in found if _NOTICE.search(one.subject)]
    bills = [one for one in found if _BILL.search(one.subject) and _pounds(one) is not None]
    taken = {one.reference for one in [*warned, *bills]}
    other = [
        one
        for one in found
        if one.reference not in taken
        and one.subject not in MEASURES
        and _SUM.search(one.subject)
        and _pounds(one) is not None
        and year_about(one) is not None
    ]
    return Money(years, _warnings(warned), sorted(bills, key=_by_year), sorted(other, key=_by_year))


def _by_year(statement: Statement) -> tuple[int, date, str]:
    return financial_year(statement.first_day), statement.said_last, statement.reference


def _years(statements: Statements) -> list[Year]:
    figures: dict[int, dict[str, list[Figure]]] = {}
    sought: list[tuple[str, Statement]] = []
    for one in sorted(statements, key=lambda each: (each.said_last, each.reference)):
        if one.subject not in MEASURES:
            continue
        if one.kind == "not found":
            sought.append((one.subject, one))
        elif (start := year_about(one)) is not None and (amount := _pounds(one)) is not None:
            figures.setdefault(start, {}).setdefault(one.subject, []).append(Figure(one, amount))
    covered = {start for _, one in sought for start in _years_covered(one)}
    every = {*figures, *covered}
    return (
        [
            Year(start, figures.get(start, {}), _not_found(sought, start))
            for start in range(min(every), max(every) + 1)
        ]
        if every
        else []
    )


def _pounds(statement: Statement) -> float | None:
    unit = _UNITS.get(statement.unit or "")
    return None if unit is None or statement.number is None else statement.number * unit


def _years_covered(statement: Statement) -> Iterable[int]:
    """The financial years that lie wholly within the days of a search."""
    if statement.last_day is None:
        return ()
    first = statement.first_day
    begins = financial_year(first) + (0 if (first.month, first.day) == (4, 1) else 1)
    ends = financial_year(statement.last_day) + (
        (statement.last_day.month, statement.last_day.day) == (3, 31)
    )
    return range(begins, ends)


def _not_found(sought: list[tuple[str, Statement]], start: int) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for measure, one in sought:
        if start in _years_covered(one):
            found.setdefault(measure, []).append(one)
    return found


def _comparable(budget: Figure, outturn: Figure) -> bool:
    """Whether one may be taken from the other: of one stated definition, and neither only a limit."""
    bounds = (budget.statement.bound, outturn.statement.bound)
    return (
        bool(budget.definition)
        and budget.definition == outturn.definition
        and all(b in _NEAR for b in bounds)
    )


def _warnings(found: list[Statement]) -> list[Warned]:
    """Each notice once, by the first that tells of it by the days it is about; the rest beside it."""
    by_subject: dict[str, list[Statement]] = {}
    for one in sorted(found, key=lambda each: (each.said_first, each.reference)):
        by_subject.setdefault(one.subject, []).append(one)
    warned = [Warned(_notice_of(several), several) for several in by_subject.values()]
    kept = [Warned(one.notice, [o for o in one.about_it if o is not one.notice]) for one in warned]
    return sorted(kept, key=lambda one: (one.notice.said_first, one.notice.reference))


def _notice_of(several: list[Statement]) -> Statement:
    """The statement of the notice itself: of those said first, the one that gives a sum, or else the first."""
    first = [one for one in several if one.said_first == several[0].said_first]
    return next((one for one in first if one.value is not None), first[0])
