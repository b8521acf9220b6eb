"""Repeated failings: themes, and the inspections, visits and reports that raised them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import MONTHS, read_period

CONFIRMED = "official record"
WEAKNESS = "weakness"


@dataclass(frozen=True)
class Occasion:
    """An inspection, visit or report: its name, its day, and the statements about it."""

    name: str
    begun_on: int
    statements: list[Statement]

    @property
    def written(self) -> str:
        """When it was, as exactly as its name or its statements say: a day, a month or a year, as written."""
        if _month_in(self.name):
            return date.fromordinal(self.begun_on).isoformat()[:7]
        first = min(self.statements, key=lambda statement: statement.begun_on)
        return first.about_from or first.said_on


@dataclass(frozen=True)
class Cell:
    """One occasion's statements that found a weakness in one theme."""

    statements: list[Statement]

    @property
    def confirmed(self) -> bool:
        """Whether an official record states any of it; otherwise it is only claimed."""
        return any(one.kind == CONFIRMED for one in self.statements)


@dataclass(frozen=True)
class Recurrence:
    """The grid: occasions across, themes down, the themes raised most often first."""

    occasions: list[Occasion]
    rows: list[tuple[str, list[Cell]]]


def recurrence(statements: Statements) -> Recurrence:
    """Themes against occasions, from statements about an inspection that found a weakness.

    Strengths, mixed findings, and findings not yet told apart are not counted.
    """
    occasions = _occasions(statements)
    rows = [(theme, [_cell(occasion, theme) for occasion in occasions]) for theme in code_set("theme")]
    raised = [row for row in rows if any(cell.statements for cell in row[1])]
    raised.sort(key=lambda row: -sum(bool(cell.statements) for cell in row[1]))
    return Recurrence(occasions, raised)


def _occasions(statements: Statements) -> list[Occasion]:
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.subject_kind == "inspection" and statement.themes:
            found.setdefault(statement.subject, []).append(statement)
    occasions = [Occasion(name, _day_of(name, said), said) for name, said in found.items()]
    return sorted(occasions, key=lambda occasion: (occasion.begun_on, occasion.name))


def _day_of(name: str, said: list[Statement]) -> int:
    """The day of an inspection: the month in its name, otherwise the first day that a statement is about."""
    month = _month_in(name)
    return month.toordinal() if month else min(one.begun_on for one in said)


def _month_in(name: str) -> date | None:
    """The first day of the month with which a name ends: `focused visit, October 2018`."""
    month, _, year = name.rpartition(",")[2].strip().partition(" ")
    if month in MONTHS and read_period(year):
        return date(int(year), MONTHS.index(month) + 1, 1)
    return None


def _cell(occasion: Occasion, theme: str) -> Cell:
    return Cell([one for one in occasion.statements if theme in one.themes and one.found == WEAKNESS])
