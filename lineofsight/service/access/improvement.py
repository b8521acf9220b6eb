"""Actions as at a day and known by a moment, their tests measured on the record itself; and what no plan covers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

from lineofsight.allocation.states import OPEN_EPISODES
from lineofsight.oversight import improvement
from lineofsight.oversight.coverage import Aspect
from lineofsight.oversight.coverage import coverage as coverage_of
from lineofsight.oversight.held import NOT_SEEN, Counts
from lineofsight.oversight.honesty import honesty as honesty_of
from lineofsight.oversight.improvement import Action, SeriesOf, Step
from lineofsight.oversight.statements import Statement
from lineofsight.service.access import answers, deliveries
from lineofsight.service.access import statements as read
from lineofsight.service.access.view import View
from lineofsight.service.store import chain

_LONGEST_DAYS = 800
"""How far back a test is measured of which every day is worked out alone."""


def series_of(authority: str, view: View) -> SeriesOf:
    """Gives the counts of a measure for an authority's days, as known by the view's moment."""
    return partial(_series, answers.Asked(authority, OPEN_EPISODES, view.witnessed), view.moment)


def _series(asked: answers.Asked, moment: int, measure: str, first: date, last: date) -> Counts:
    latest = asked.held().latest()
    if latest is None:
        return []
    settled, state = min(moment, latest), chain.state()
    if measure == NOT_SEEN:
        first = max(first, last - timedelta(days=_LONGEST_DAYS))
        days = (first + timedelta(days=at) for at in range((last - first).days + 1))
        return [(day, _not_seen(asked, day, settled, state)) for day in days]
    return _unallocated(asked, first, last, settled, state)


@lru_cache(maxsize=48)
def _unallocated(asked: answers.Asked, first: date, last: date, settled: int, _state: str) -> Counts:
    found = answers.trend(asked, first, last, settled)
    return [(date.fromisoformat(row["as_at"]), row["unallocated"]) for row in found["days"]]


@lru_cache(maxsize=4096)
def _not_seen(asked: answers.Asked, day: date, settled: int, _state: str) -> int | None:
    count: int | None = answers.not_seen(asked, day, settled)["allocated_not_seen"]
    return count


def actions(authority: str, view: View, day: date) -> list[Action]:
    """An authority's actions as at a day."""
    return improvement.actions(read.statements(authority, view), day, series_of(authority, view))


def action(authority: str, view: View, day: date, name: str) -> Action | None:
    """One action as at a day; None where none of that name had begun."""
    return next((one for one in actions(authority, view, day) if one.name == name), None)


def said_done_by(one: Action) -> set[str]:
    """The people who put into the record that an action is done, whatever office they said it for."""
    said = [step.statement for step in one.stood.taken if step.step == "said done" and step.statement]
    return {entered_by(statement) for statement in said}


def entered_by(one: Statement) -> str:
    """Who delivered this version of a statement."""
    return deliveries.author_of(chain.delivery_of(one.link))


def coverage(authority: str, view: View, day: date, found: list[Action]) -> list[Aspect]:
    """Every aspect of an authority's service with what covers it on a day."""
    return coverage_of(read.statements(authority, view), found, day)


def answer(authority: str, view: View, day: date) -> dict[str, Any]:
    """The actions, how honest the plan is, and the aspects, as JSON."""
    found = actions(authority, view, day)
    plan = honesty_of(found, day)
    return {
        **View(day, view.known_by, view.witnessed).as_json(),
        "position": read.position(authority, view),
        "authority": authority,
        "count": len(found),
        "plan": {name: [one.name for one in getattr(plan, name)] for name in
                 ("closed_without_evidence", "moved", "owners_left", "overdue")},
        "actions": [as_json(one, day) for one in found],
        "aspects": [_aspect(one) for one in coverage(authority, view, day, found)],
    }  # fmt: skip


def as_json(one: Action, day: date) -> dict[str, Any]:
    """One action with its statements beside it."""
    reopened = one.reopened_itself_on
    return {
        "name": one.name, "title": one.title, "standing": one.standing, "owner": one.owner, "holders": list(one.holders),
        "vacant": one.vacant, "owner_left": one.owner_left, "due": one.due, "dues": list(one.dues),
        "overdue": one.is_overdue(day), "themes": one.themes, "test": _test(one),
        "reopened_itself_on": reopened.isoformat() if reopened else None,
        "evidence": [{"evidence": said.evidence, **told(said)} for said in one.evidence],
        "about": [told(said) for said in one.about],
        "steps": [_step(step) | {"standing": to} for step, to in one.stood.reached],
        "out_of_order": [_step(step) for step in one.stood.out_of_order],
        "statements": [told(said) for said in one.statements],
    }  # fmt: skip


def _test(one: Action) -> dict[str, Any] | None:
    if one.test_written is None:
        return None
    found, limit = one.outcome, one.test
    return {
        "written": one.test_written,
        "refused": one.test_refused or None,
        "measure": limit.measure if limit else None,
        "at_most": limit.at_most if limit else None,
        "days": limit.days if limit else None,
        "outcome": found.state if found else None,
        "since": found.since.isoformat() if found and found.since else None,
        "count": found.count if found else None,
    }


def _step(one: Step) -> dict[str, Any]:
    said = told(one.statement) if one.statement else None
    return {"step": one.step, "on": one.day.isoformat(), "statement": said}


def _aspect(one: Aspect) -> dict[str, Any]:
    return {
        "aspect": one.name, "says": one.says, "covered": one.covered,
        "findings": [told(said) for said in one.findings], "plans": [told(said) for said in one.plans],
        "actions": [done.name for done in one.actions], "proposed": [done.name for done in one.proposed],
        "undertakings": [told(said) for said in one.undertakings],
    }  # fmt: skip


def told(one: Statement) -> dict[str, str]:
    """A statement by which a register's row is told: its reference, its page, by whom and when."""
    return {"reference": f"{one.authority}/{one.reference}", "address": read.address_of(one), "headline": one.title,
            "said_by": one.said_by, "said_on": one.said_on}  # fmt: skip
