"""Money by financial year: budget, outturn and variance, the warnings, and what trust and successor councils cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from lineofsight import charts
from lineofsight.oversight import money
from lineofsight.oversight.money import (
    BUDGET,
    MEASURES,
    OUTTURN,
    VARIANCE,
    Figure,
    Money,
    Warned,
    WorkedOut,
    Year,
)
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.wording import number_words, value_words
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.presenters import Section, address
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CELLS = {BUDGET: "budget", OUTTURN: "outturn", VARIANCE: "variance"}


def spending(asked: PublicPage, among: Statements) -> Section:
    """The answer for the year of the day, the years with their sources, warnings, later bills and other sums."""
    found = money.money(among)
    year = found.year_of(asked.day)
    letters = _definitions(found)
    sought = {
        one.reference: one for each in found.years for several in each.not_found.values() for one in several
    }
    often = _sought_often(found)
    return {
        "answer": _answer(asked, found, year) if year else None,
        "rows": [_row(asked, each, letters, often) for each in found.years],
        "below": [
            {**_said(asked, one), "column": _CELLS[one.subject]}
            for one in sought.values()
            if one.reference in often
        ],
        "definitions": [{"letter": letter, "says": says} for says, letter in letters.items()],
        "not_found": [
            {**_said(asked, one), "says": one.says, "looked_in": one.looked_in} for one in sought.values()
        ],
        "warnings": [_warning(asked, one) for one in found.warnings],
        "bills": [_sum(asked, one) for one in found.bills],
        "other": [_sum(asked, one) for one in found.other],
        "drawing": _drawing(found),
    }


def rests_on(_asked: PublicPage, among: Statements) -> list[Statement]:
    """Every statement that the part shows."""
    found = money.money(among)
    own = [one for one in among if one.subject in MEASURES]
    warned = [each for one in found.warnings for each in (one.notice, *one.about_it)]
    every = {one.reference: one for one in (*own, *warned, *found.bills, *found.other)}
    return list(every.values())


# -- The answer ------------------------------------------------------------------------------


def _answer(asked: PublicPage, found: Money, year: Year) -> dict[str, Any]:
    figures = {name: found.main(year, measure) for measure, name in _CELLS.items()}
    worked_out = next((one for one in year.worked_out if one.area is None), None)
    return {
        "year": year.words,
        "latest_before": date(year.start + 2, 3, 31) <= asked.day,
        "says": _sentence(year, figures, worked_out),
        "figures": [
            {"name": name, **_cell_figure(asked, one), "definition": one.statement.definition or "not stated"}
            for name, one in figures.items()
            if one
        ],
        "others": [
            f"{area} spent {_pounds(one)}" for area in year.areas for one in year.of(OUTTURN, area)[:1]
        ],
        "not_found": [_said(asked, one) for measure in MEASURES for one in year.not_found.get(measure, [])],
        "warnings": [_warning(asked, one) for one in found.warned_about(year)],
    }


def _sentence(year: Year, figures: dict[str, Figure | None], worked_out: WorkedOut | None) -> str:
    """In one sentence what was budgeted, what was spent, and how far apart they are."""
    budget, outturn, stated = figures["budget"], figures["outturn"], figures["variance"]
    apart = bool(budget and outturn) and worked_out is None
    parts = [
        f"the council budgeted {_pounds(budget)}" if budget else "no budget of the council was found",
        f"spent {_pounds(outturn)}" if outturn else "no sum that it spent was found",
        _variance_words(stated, worked_out, apart),
    ]
    by_another = " by another definition" if apart else ""
    return f"In {year.words} {parts[0]}, {parts[1]}{by_another}, {parts[2]}."


def _variance_words(stated: Figure | None, worked_out: WorkedOut | None, apart: bool) -> str:
    told = []
    if worked_out:
        told.append(f"a variance of {_over(worked_out.amount)}, worked out by this record from the two")
    if stated:
        said = stated.statement
        told.append(f"{said.said_by}, gave {_pounds(stated)} ({said.definition or 'definition not stated'})")
    if told:
        return "; ".join(told)
    if apart:
        return "so the two cannot be compared and no variance is worked out"
    return "and no variance was found or can be worked out"


def _pounds(figure: Figure) -> str:
    return " ".join(filter(None, (figure.statement.bound, _millions(figure.amount))))


def _millions(amount: float) -> str:
    return f"£{amount / 1_000_000:,.1f} million"


def _over(amount: float) -> str:
    if round(amount / 100_000) == 0:
        return "nothing (to the nearest £0.1 million)"
    return f"{_millions(abs(amount))} {'over' if amount > 0 else 'under'} budget"


# -- The years -------------------------------------------------------------------------------


def _definitions(found: Money) -> dict[str, str]:
    """A letter for each definition of a figure, in order of appearance."""
    every = [
        one.statement.definition or "not stated"
        for year in found.years
        for measure in MEASURES
        for one in year.figures.get(measure, [])
    ]
    return dict(zip(dict.fromkeys(every), _LETTERS, strict=False))


def _sought_often(found: Money) -> Set[str]:
    """The references of what was looked for in vain for several years at once: told once, under the table."""
    times = Counter(one.reference for year in found.years for each in year.not_found.values() for one in each)
    return {reference for reference, count in times.items() if count > 1}


def _row(asked: PublicPage, year: Year, letters: dict[str, str], often: Set[str]) -> dict[str, Any]:
    cells = {name: _cell(asked, year, measure, letters, often) for measure, name in _CELLS.items()}
    cells["variance"]["worked_out"] = [
        {
            "area": one.area or "",
            "amount": round(one.amount),
            "text": _over(one.amount).replace(" million", "m"),
        }
        for one in year.worked_out
    ]
    apart = year.of(BUDGET) and year.of(OUTTURN) and not any(one.area is None for one in year.worked_out)
    cells["variance"]["apart"] = bool(apart)
    as_at = [("as_at", year.last_day.isoformat()), *asked.pairs[1:]]
    every = [one.statement for measure in MEASURES for one in year.figures.get(measure, [])]
    return {
        "year": year.words,
        "href": f"{asked.path('money')}?{urlencode(as_at)}",
        **cells,
        "sources": _sources(every),
    }


def _cell(
    asked: PublicPage, year: Year, measure: str, letters: dict[str, str], often: Set[str]
) -> dict[str, Any]:
    figures = [
        {**_cell_figure(asked, one), "letter": letters.get(one.statement.definition or "not stated", "")}
        for one in year.figures.get(measure, [])
    ]
    sought = year.not_found.get(measure, [])
    return {
        "figures": figures,
        "not_found": [{**_said(asked, one), "below": one.reference in often} for one in sought],
        "known_by": in_words(london_day(asked.view.known_by).isoformat()),
    }


def _cell_figure(asked: PublicPage, figure: Figure) -> dict[str, Any]:
    statement = figure.statement
    return {
        "text": _pounds(figure),
        "short": _pounds(figure).replace(" million", "m"),
        "amount": round(figure.amount),
        "area": statement.area or "",
        "said_by": statement.said_by,
        "said_on": in_words(statement.said_on),
        "kind": statement.kind,
        "later": statement.said_first > asked.day,
        "href": address(asked, statement),
        "headline": statement.title,
    }


def _sources(statements: Iterable[Statement]) -> list[str]:
    """Who published, each once with the days: the last column of a year."""
    days: dict[str, list[str]] = {}
    for one in statements:
        days.setdefault(one.source_publisher, []).append(in_words(one.source_date or one.said_on))
    return [f"{publisher}, {'; '.join(dict.fromkeys(several))}" for publisher, several in days.items()]


def _drawing(found: Money) -> SafeString | str:
    """The authority's own budgets and outturns, a small chart for each definition that two years or more have."""
    every = [
        (name, one.definition, year.start + 1, one)
        for year in found.years
        for measure, name in _CELLS.items()
        if measure != VARIANCE
        for one in year.of(measure)
    ]
    groups: dict[tuple[str, str], dict[int, float]] = {}
    for name, definition, ending, one in every:
        groups.setdefault((name, definition), {})[ending] = one.amount / 1_000_000
    shown = {group: values for group, values in groups.items() if len(values) > 1}
    if not shown:
        return ""
    ends = [year for values in shown.values() for year in values]
    lines = [
        charts.Line(
            f"{name.capitalize()}, £ million: {definition.split(',')[0]}",
            {year: values.get(year) for year in range(min(ends), max(ends) + 1)},
        )
        for (name, definition), values in shown.items()
    ]
    told = "The council's own budget and outturn by year; the figures are in the table that follows."
    return drawn(
        lambda width: charts.lines(
            lines,
            title="Budget and outturn by the year they end in",
            description=told,
            width=width,
            key="money",
        )
    )


# -- Warnings and sums -----------------------------------------------------------------------


def _warning(asked: PublicPage, one: Warned) -> dict[str, Any]:
    return {
        **_said(asked, one.notice),
        "subject": one.notice.subject,
        "says": one.notice.says,
        "later": one.notice.said_first > asked.day,
        "about_it": [_said(asked, other) for other in one.about_it],
    }


def _said(asked: PublicPage, one: Statement) -> dict[str, Any]:
    return {
        "day": in_words(one.said_on),
        "said_by": one.said_by,
        "headline": one.title,
        "kind": one.kind,
        "href": address(asked, one),
    }


def _sum(asked: PublicPage, one: Statement) -> dict[str, Any]:
    return {
        **_said(asked, one),
        "year": money.year_words(money.financial_year(one.first_day)),
        "amount": number_words(one),
        "exact": value_words(one),
        "definition": one.definition or "not stated",
        "subject": one.subject,
        "source": f"{one.source_publisher}: {one.source_title}",
    }
