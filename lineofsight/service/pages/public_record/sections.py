"""The sections of an authority's public record: what each shows, worked out from the statements known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString

from lineofsight import charts
from lineofsight.oversight import directions, promises, series
from lineofsight.oversight.series import Counted
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.wording import about_words, is_claimed_zero, number_words
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.presenters import (
    Section,
    address,
    shown,
)
from lineofsight.vocabulary.days import in_words, read_period

_AROUND_DAYS = 31
_MOST_SAID = 12


# -- What was said ---------------------------------------------------------------------------


def said(asked: PublicPage, among: Statements) -> Section:
    """What was said in the month up to the day, newest first: on a stated day, or in a stated month.

    Yearly statistics are counted but not listed here: their place is under "Why?".
    """
    first = asked.day - timedelta(days=_AROUND_DAYS)
    lately = said_lately(asked, among)
    told = [one for one in lately if one.subject not in series.YEARLY]
    told.sort(key=lambda one: (len(one.said_on) == 10, one.said_last, one.reference), reverse=True)
    later = [one for one in among if one.said_first > asked.day and _of_days(one, first, asked.day)]
    return {
        "first": in_words(first.isoformat()),
        "count": len(lately),
        "statements": [shown(asked, one, among) for one in told[:_MOST_SAID]],
        "more": len(lately) - min(len(told), _MOST_SAID),
        "later": [shown(asked, one, among) for one in later[:_MOST_SAID]],
        "later_more": max(0, len(later) - _MOST_SAID),
        "later_count": len(later),
        "href": asked.link(
            "statements", [("said_from", first.isoformat()), ("said_to", asked.day.isoformat())]
        ),
    }


def said_lately(asked: PublicPage, among: Statements) -> list[Statement]:
    """The statements made in the month up to the day, on a stated day or in a stated month."""
    first = asked.day - timedelta(days=_AROUND_DAYS)
    return [
        one
        for one in among
        if first <= one.said_last and one.said_first <= asked.day and len(one.said_on) > 4
    ]


def _of_days(one: Statement, first: date, last: date) -> bool:
    """Whether a statement speaks closely of those days, not of a stretch of years around them."""
    ended = one.last_day or date.max
    return one.first_day >= first - timedelta(days=31) and one.first_day <= last and (ended - last).days < 366


# -- Children without a social worker --------------------------------------------------------


def counts(asked: PublicPage, among: Statements) -> list[Counted]:
    """The published counts that are listed, in order of their day."""
    since = asked.profile.counts_from or date.min
    return [c for c in series.figures(among, series.UNALLOCATED) if c.statement.first_day >= since]


def unallocated(asked: PublicPage, among: Statements) -> Section:
    """Every published figure with its counter and source, and the census count beneath."""
    found = counts(asked, among)
    census = series.once(c for c in series.figures(among, series.AWAITING) if c.statement.area in series.OWN)
    pairs = series.same_day_different(found)
    return {
        "rows": [_counted(asked, c) for c in found],
        "unnumbered": [
            shown(asked, one, among, links=False) for one in series.unnumbered(among, series.UNALLOCATED)
        ],
        "pairs": [(_counted(asked, one), _counted(asked, two)) for one, two in pairs],
        "census": [_counted(asked, c) for c in census],
        "census_most": max((c.number for c in census), default=1),
        "drawing": counts_drawn(asked, found),
    }


def _counted(asked: PublicPage, counted: Counted) -> dict[str, Any]:
    one = counted.statement
    return {
        "day": about_words(one),
        "number": _number(counted),
        "claimed_zero": is_claimed_zero(one),
        "share": round(counted.number / 10),
        "counter": _counter(counted),
        "said_by": one.said_by,
        "said_on": in_words(one.said_on),
        "kind": one.kind,
        "definition": one.definition or "not stated",
        "source": f"{one.source_publisher}: {one.source_title}",
        "confidence": one.confidence,
        "href": address(asked, one),
        "headline": one.title,
        "later": one.first_day > asked.day,
    }


def counts_drawn(asked: PublicPage, found: list[Counted], *, small: bool = False) -> SafeString | str:
    """Counts drawn by day and counter, lower where `small`; nothing where there are none."""
    if not found:
        return ""
    points = [
        charts.Point(
            c.statement.first_day,
            c.number,
            _counter(c),
            _point_label(c),
            address(asked, c.statement),
            asked.was_public(c.statement),
            until=_last_day(c.statement),
            bound=c.statement.bound or "",
        )
        for c in found
    ]
    told = "; ".join(f"{about_words(c.statement)}: {_point_label(c)}, {_counter(c)}" for c in found)
    return drawn(
        lambda width: charts.dots(
            points,
            title="Children without a social worker, by who counted",
            description=told,
            day=asked.day,
            width=width,
            height=260 if small else 320 if width < 500 else 340,
        )
    )


def _last_day(statement: Statement) -> date:
    """The last day that a count may be of; where it has no end, the last of the period it begins in."""
    period = read_period(statement.about_from or statement.said_on)
    return statement.last_day or (period.last if period else statement.first_day)


def _counter(counted: Counted) -> str:
    return counted.statement.counter or counted.statement.said_by


def _number(counted: Counted) -> str:
    """The number of a row; a zero that is somebody's word says whose."""
    if is_claimed_zero(counted.statement):
        return f"0, as claimed by {_counter(counted)}"
    return _point_label(counted)


def _point_label(counted: Counted) -> str:
    """The number beside a dot, whose counter is told beside it or in the key."""
    told = f"{counted.statement.bound or ''} {counted.number:,.0f}".strip()
    return f"{told}, claimed" if is_claimed_zero(counted.statement) else told


# -- Promised and happened -------------------------------------------------------------------


def promised(asked: PublicPage, among: Statements) -> Section:
    """Undertakings and orders made by the day, the latest first, with what became of them."""
    found = promises.promises(among, asked.day)
    rows = [_promise(asked, one, among) for one in reversed(found)]
    return {
        "count": len(found),
        "standings": [{"standing": words, "count": count} for words, count in promises.counted(found)],
        "later": len(promises.promises(among, date.max)) - len(found),
        "rows": rows,
    }


def _promise(asked: PublicPage, one: promises.Promise, among: Statements) -> dict[str, Any]:
    return {
        **shown(asked, one.statement, among, links=False),
        **_whose(one, among),
        "day": in_words(one.made_about),
        "told_on": in_words(one.statement.said_on) if one.made_about != one.statement.said_on else "",
        "due": in_words(one.statement.due_on) if one.statement.due_on else "no day given",
        "standing": one.standing,
        "status": one.status,
        "outcomes": [shown(asked, o, among, links=False) for o in one.outcomes],
        "afterwards": [shown(asked, o, among, links=False) for o in one.later],
        "sought": [
            shown(asked, o, among, links=False)
            for o in among.of(one.statement, "answers")
            if o.kind == "not found"
        ],
    }


def _whose(one: promises.Promise, among: Statements) -> dict[str, Any]:
    """Who has to do it, and who ordered it or tells of it: whoever ordered or reported it did not promise it."""
    said = one.statement
    if not one.ordered:
        return {
            "ordered": False,
            "whose": said.owner or said.said_by,
            "told_by": said.said_by if said.owner else "",
        }
    issuer = directions.issued_by(among, said.subject)
    told_by = said.said_by if said.said_by != issuer else ""
    return {"ordered": True, "whose": said.owner or "", "ordered_by": issuer or "", "told_by": told_by}


# -- Asked and answered ----------------------------------------------------------------------


def asked_and_answered(asked: PublicPage, among: Statements) -> Section:
    """Calls, questions and requests put by the day, with replies or none found."""
    found = promises.asked(among, asked.day)
    return {
        "count": len(found),
        "later": len(promises.asked(among)) - len(found),
        "unanswered": sum(not one.answered for one in found),
        "rows": [_asked(asked, one, among) for one in found],
    }


def _asked(asked: PublicPage, one: promises.Request, among: Statements) -> dict[str, Any]:
    return {
        **shown(asked, one.statement, among, links=False),
        "of": one.statement.asked_of or "not stated",
        "replies": [shown(asked, o, among, links=False) for o in one.replies],
        "not_found": [
            {**shown(asked, o, among, links=False), "looked_in": o.looked_in} for o in one.not_found
        ],
    }


# -- Why? ------------------------------------------------------------------------------------


def why(asked: PublicPage, among: Statements) -> Section:
    """Findings, staffing, demand and money side by side over the years."""
    groups = [_group(asked, among, name, measures) for name, measures in series.GROUPS.items()]
    return {"groups": [group for group in groups if group["rows"]]}


def _group(asked: PublicPage, among: Statements, name: str, measures: tuple[str, ...]) -> dict[str, Any]:
    found = [one for measure in measures if (one := series.series(among, measure))]
    years = sorted({_figure_year(c) for one in found for c in one.own})
    return {
        "name": name,
        "years": years,
        "rows": [_series_row(asked, one, years) for one in found],
        "drawing": _lines(name, found, years) if found else "",
    }


def _figure_year(counted: Counted) -> int:
    """The year a figure's period ends in."""
    return (counted.statement.last_day or counted.statement.first_day).year


def _series_row(asked: PublicPage, one: series.Series, years: list[int]) -> dict[str, Any]:
    by_year = {_figure_year(c): c for c in one.own}
    cells = [
        {"year": y, "text": number_words(by_year[y].statement), "href": address(asked, by_year[y].statement)}
        if y in by_year
        else None
        for y in years
    ]
    return {
        "measure": one.measure,
        "unit": "" if one.unit.startswith(("per cent", "GBP")) or one.unit in one.measure else one.unit,
        "cells": cells,
    }


def _lines(name: str, found: list[series.Series], years: list[int]) -> SafeString:
    measures = [_line(one, years) for one in found]
    told = f"{name}: the figures are in the table that follows."
    return drawn(
        lambda width: charts.lines(measures, title=f"{name} through the years", description=told, width=width)
    )


def _line(one: series.Series, years: list[int]) -> charts.Line:
    own = {_figure_year(c): c.number for c in one.own}
    scale = 1_000_000 if "GBP" in one.unit and max(own.values()) > 1e6 else 1
    marks = [
        charts.Mark(shape, _figure_year(c), c.number / scale)
        for area, shape in _BESIDE.items()
        for c in one.beside.get(area, [])
        if _figure_year(c) in years
    ]
    values = {year: own[year] / scale if year in own else None for year in range(min(years), max(years) + 1)}
    label = one.measure[0].upper() + one.measure[1:] + (" (£ million)" if scale > 1 else "")
    return charts.Line(label, values, tuple(marks), unit="%" if one.unit.startswith("per cent") else "")


_BESIDE = {"England": "england", "statistical neighbours": "neighbours"}
