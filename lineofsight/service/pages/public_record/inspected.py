"""What inspections found: their grades, their weaknesses by subject, and weaknesses that were found again."""

from __future__ import annotations

from typing import Any

from lineofsight.oversight import recurrence
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.wording import value_words
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.presenters import Section, address, shown
from lineofsight.vocabulary.days import MONTHS, in_words
from lineofsight.vocabulary.profile import RaisedAgain


def said_before(asked: PublicPage, among: Statements) -> Section:
    """The grades of every inspection, and weaknesses against the inspections and visits that raised them."""
    grid = recurrence.recurrence(among)
    occasions = [
        {
            "name": o.name.split(",")[0],
            "when": _short(o.written),
            "full": o.name,
            "later": all(one.said_first > asked.day for one in o.statements),
        }
        for o in grid.occasions
    ]
    rows = [
        {
            "theme": theme,
            "raised": sum(bool(c.statements) for c in cells),
            "cells": [
                {
                    "count": len(c.statements),
                    "confirmed": c.confirmed,
                    "occasion": o.name,
                    "href": asked.link("statements", [("theme", theme), ("subject", o.name)]),
                }
                for c, o in zip(cells, grid.occasions, strict=True)
            ],
        }
        for theme, cells in grid.rows
    ]
    return {
        "occasions": occasions,
        "rows": rows,
        "grades": grades_of(asked, among),
        "pairs": _pairs(asked, among),
    }


def grades_of(asked: PublicPage, among: Statements) -> list[dict[str, Any]]:
    """Every grade of an inspection that a statement gives, in order of days."""
    grades = [one for one in among if one.subject_kind == "inspection" and one.unit == "grade" and one.value]
    return [_grade(asked, one) for one in sorted(grades, key=lambda one: (one.begun_on, one.subject))]


def _pairs(asked: PublicPage, among: Statements) -> list[dict[str, Any]]:
    """Weaknesses that we judged to be found again, each with what was done between; from the day it was judged."""
    return [
        _pair(asked, pair, among)
        for pair in asked.profile.raised_again
        if pair.judged_on <= asked.view.known_day and {pair.earlier, pair.later} <= among.by_reference.keys()
    ]


def _pair(asked: PublicPage, pair: RaisedAgain, among: Statements) -> dict[str, Any]:
    between = [among.by_reference[to] for to in pair.done_between if to in among.by_reference]
    return {
        "theme": pair.theme,
        "earlier": shown(asked, among.by_reference[pair.earlier], among, links=False),
        "later": shown(asked, among.by_reference[pair.later], among, links=False),
        "between": [shown(asked, each, among, links=False) for each in between],
        "because": pair.because,
        "judged_on": in_words(pair.judged_on.isoformat()),
    }


def _grade(asked: PublicPage, one: Statement) -> dict[str, Any]:
    return {
        "when": in_words(one.about_from or one.said_on),
        "subject": one.subject,
        "area": one.definition or "",
        "grade": value_words(one),
        "kind": one.kind,
        "href": address(asked, one),
        "said_by": one.said_by,
        "later": one.said_first > asked.day,
    }


def _short(written: str) -> str:
    """A written day, month or year with its month in three letters, for the head of a narrow column."""
    return " ".join(word[:3] if word in MONTHS else word for word in in_words(written).split(" "))
