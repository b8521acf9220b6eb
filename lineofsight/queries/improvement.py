"""Actions as at a day, their tests measured on the record itself, and what no plan covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from lineofsight.oversight import improvement as rules
from lineofsight.oversight.coverage import Aspect as AspectOf
from lineofsight.oversight.coverage import coverage as coverage_of
from lineofsight.oversight.improvement import SeriesOf
from lineofsight.oversight.plan_checks import honesty
from lineofsight.oversight.statements import Statement
from lineofsight.oversight.sustained import NOT_SEEN, Counts
from lineofsight.queries.as_json import Moment
from lineofsight.queries.figures import FigureQuery, not_seen, trend
from lineofsight.queries.history import history_of
from lineofsight.queries.record import (
    Record,
    RestsOn,
    View,
    author_of,
    cached_by_state,
    delivery_of,
    position,
)
from lineofsight.queries.statements import Reference, refer, statements

_LONGEST_DAYS = 800
"""How far back a test is measured of which every day is worked out alone."""


@dataclass(frozen=True)
class WorkHead:
    """How an answer about an authority's own work begins."""

    as_at: date
    known_by: Moment
    rests_on: RestsOn
    position: int
    authority: str


def head(record: Record, view: View, day: date) -> WorkHead:
    """The head of an answer as at a day."""
    at = position(record, view.moment, witnessed=view.witnessed)
    return WorkHead(day, view.known_by, view.rests_on, at, record.authority)


@dataclass(frozen=True)
class Test:
    """A test of an action as it was written, what it measures, and how it came out."""

    __test__ = False  # pytest looks for classes of this name

    written: str
    refused: str | None
    measure: str | None
    at_most: int | None
    days: int | None
    outcome: str | None
    since: date | None
    count: int | None


@dataclass(frozen=True)
class Step:
    """A step of an action; `statement` None where the record itself took it."""

    step: str | None
    on: date
    statement: Reference | None


@dataclass(frozen=True)
class StepReached(Step):
    """A step and where it led."""

    standing: str


@dataclass(frozen=True)
class Evidence(Reference):
    """A statement that brings a file of evidence."""

    evidence: str | None


@dataclass(frozen=True)
class Action:
    """One action of an improvement plan."""

    name: str
    title: str
    standing: str
    owner: str | None
    holders: list[str]
    vacant: bool
    owner_left: bool
    due: str | None
    dues: list[str]
    overdue: bool
    themes: list[str]
    test: Test | None
    reopened_itself_on: date | None
    evidence: list[Evidence]
    about: list[Reference]
    steps: list[StepReached]
    out_of_order: list[Step]
    statements: list[Reference]


@dataclass(frozen=True)
class PlanChecks:
    """The actions, by name, that a plan should be asked about."""

    closed_without_evidence: list[str]
    moved: list[str]
    owners_left: list[str]
    overdue: list[str]


@dataclass(frozen=True)
class Aspect:
    """One area of practice, and what covers it."""

    aspect: str
    says: str
    covered: bool
    findings: list[Reference]
    plans: list[Reference]
    actions: list[str]
    proposed: list[str]
    undertakings: list[Reference]


@dataclass(frozen=True)
class Improvement(WorkHead):
    """An authority's actions, the checks on its plan, and coverage by area of practice."""

    count: int
    plan: PlanChecks
    actions: list[Action]
    aspects: list[Aspect]


def improvement(record: Record, view: View, day: date) -> Improvement:
    """The answer of `actions --json`."""
    found = actions(record, view, day)
    checks = honesty(found, day)
    return Improvement(
        **vars(head(record, view, day)),
        count=len(found),
        plan=PlanChecks(
            closed_without_evidence=[each.name for each in checks.closed_without_evidence],
            moved=[each.name for each in checks.moved],
            owners_left=[each.name for each in checks.owners_left],
            overdue=[each.name for each in checks.overdue],
        ),
        actions=[action_answer(each, day) for each in found],
        aspects=[_aspect(each) for each in coverage(record, view, day, found)],
    )


def actions(record: Record, view: View, day: date) -> list[rules.Action]:
    """An authority's actions as at a day."""
    return rules.actions(statements(record, view), day, series_of(record, view))


def action(record: Record, view: View, day: date, name: str) -> rules.Action | None:
    """One action as at a day; None where none of that name had begun."""
    return next((each for each in actions(record, view, day) if each.name == name), None)


def coverage(record: Record, view: View, day: date, found: list[rules.Action]) -> list[AspectOf]:
    """Every area of practice with what covers it on a day."""
    return coverage_of(statements(record, view), found, day)


def entered_by(record: Record, statement: Statement) -> str:
    """Who delivered this version of a statement."""
    return author_of(record, delivery_of(record, statement.link))


def reported_complete_by(record: Record, each: rules.Action) -> set[str]:
    """The people who entered that an action is complete, whatever office they entered it for."""
    steps = (step for step in each.progress.taken if step.step == "said done")
    return {entered_by(record, step.statement) for step in steps if step.statement}


# -- what a test is measured on ---------------------------------------------------------------------


def series_of(record: Record, view: View) -> SeriesOf:
    """Gives the counts of a measure for an authority's days, as known by the view's moment."""
    return partial(_series, record, view)


def _series(record: Record, view: View, measure: str, first: date, last: date) -> Counts:
    latest = history_of(record, witnessed=view.witnessed).latest()
    if latest is None:
        return []
    query = FigureQuery(last, min(view.moment, latest), witnessed=view.witnessed)
    if measure == NOT_SEEN:
        first = max(first, last - timedelta(days=_LONGEST_DAYS))
        days = (first + timedelta(days=at) for at in range((last - first).days + 1))
        return [(day, _not_seen_on(record, day, query.known_by, view.witnessed)) for day in days]
    return _unallocated(record, query, first)


@cached_by_state(48)
def _unallocated(record: Record, query: FigureQuery, first: date) -> Counts:
    return [(row.as_at, row.unallocated) for row in trend(record, query, first).days]


@cached_by_state(4096)
def _not_seen_on(record: Record, day: date, known_by: int, witnessed: bool) -> int | None:
    return not_seen(record, FigureQuery(day, known_by, witnessed=witnessed)).allocated_not_seen


# -- as answers -------------------------------------------------------------------------------------


def action_answer(each: rules.Action, day: date) -> Action:
    """One action with its statements."""
    return Action(
        name=each.name,
        title=each.title,
        standing=each.standing,
        owner=each.owner,
        holders=list(each.holders),
        vacant=each.vacant,
        owner_left=each.owner_left,
        due=each.due,
        dues=list(each.dues),
        overdue=each.is_overdue(day),
        themes=list(each.themes),
        test=_test(each),
        reopened_itself_on=each.reopened_itself_on,
        evidence=[Evidence(**vars(refer(shown)), evidence=shown.evidence) for shown in each.evidence],
        about=[refer(about) for about in each.about],
        steps=[StepReached(**vars(_step(step)), standing=to) for step, to in each.progress.reached],
        out_of_order=[_step(step) for step in each.progress.out_of_order],
        statements=[refer(stated) for stated in each.statements],
    )


def _test(each: rules.Action) -> Test | None:
    if each.test_written is None:
        return None
    limit, found = each.test, each.outcome
    return Test(
        written=each.test_written,
        refused=each.test_refused or None,
        measure=limit.measure if limit else None,
        at_most=limit.at_most if limit else None,
        days=limit.days if limit else None,
        outcome=found.state if found else None,
        since=found.since if found else None,
        count=found.count if found else None,
    )


def _step(step: rules.Step) -> Step:
    return Step(step.step, step.day, refer(step.statement) if step.statement else None)


def _aspect(each: AspectOf) -> Aspect:
    return Aspect(
        aspect=each.name,
        says=each.says,
        covered=each.covered,
        findings=[refer(found) for found in each.findings],
        plans=[refer(plan) for plan in each.plans],
        actions=[done.name for done in each.actions],
        proposed=[done.name for done in each.proposed],
        undertakings=[refer(promise) for promise in each.undertakings],
    )
