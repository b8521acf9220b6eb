"""Everything that anybody promised, in one list: by whom, by when, its standing, and earlier promises of the same.

The statements that keep or break an undertaking or a direction give its standing. Requirements and actions have
steps. An action about a review's finding counts as a recommendation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lineofsight.oversight import directions, promises
from lineofsight.oversight.improvement import Action
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import in_step_order
from lineofsight.oversight.transitions import BEGIN
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.vocabulary.days import read_period

UNDERTAKING, REQUIREMENT, ACTION, RECOMMENDATION = KINDS = (
    "undertaking",
    "requirement",
    "action",
    "recommendation",
)
STANDINGS = (
    "overdue",
    "due",
    "open",
    "said done",
    "evidenced",
    "signed off",
    "sustained",
    "kept",
    "broken",
    "kept and broken, by different accounts",
    "outcome told",
    "overtaken",
    "dropped",
)
"""The standings of a promise, in reading order."""

DUE_WITHIN_DAYS = 28
"""In the four weeks before its due day ends, a promise is due and not only open."""

_OF_REQUIREMENTS = {"met": "kept", "not met": "broken"}
_OF_PROMISES = {
    promises.KEPT: "kept",
    promises.KEPT_LATE: "kept",
    promises.BROKEN: "broken",
    promises.DISPUTED: "kept and broken, by different accounts",
    promises.OVERTAKEN: "overtaken",
    promises.TOLD: "outcome told",
}


@dataclass(frozen=True)
class Obligation:
    """One promise on a day. `source` is who promised or required it, `owner` is who answers for it."""

    kind: str
    name: str
    title: str
    source: str
    owner: str
    said_on: date
    due: str | None
    standing: str
    themes: tuple[str, ...]
    statements: tuple[Statement, ...]
    before: tuple[str, ...] = ()
    """The names of earlier promises of the same, linked promises first."""
    linked: tuple[str, ...] = ()
    """The names in `before` that a statement links to this promise."""

    @property
    def year(self) -> int:
        """The year in which it was promised."""
        return self.said_on.year

    @property
    def said_about(self) -> str:
        """The day, month or year of `said_on` as its source gives it."""
        first = self.statements[0]
        for written in (first.said_on, first.about_from or ""):
            period = read_period(written)
            if period and period.first == self.said_on:
                return written
        return self.said_on.isoformat()


def obligations(statements: Statements, actions: Iterable[Action], day: date) -> list[Obligation]:
    """Everything promised by a day, as at that day, oldest first, with earlier promises of the same."""
    then = Statements(one for one in statements if min(one.first_day, one.said_first) <= day)
    found = [
        *(
            _promised(one, day)
            for one in promises.promises(then, day)
            if one.statement.said_first <= day and one.statement.subject_kind not in ("action", "requirement")
        ),
        *_required(then, day),
        *(_of_action(one, day) for one in actions),
    ]
    return _with_before(sorted(found, key=lambda one: (one.said_on, one.kind, one.name)))


def _timed(due: str | None, day: date) -> str:
    """Open, due or overdue."""
    period = read_period(due or "")
    if period is None:
        return "open"
    left = (period.last - day).days
    return "overdue" if left < 0 else "due" if left < DUE_WITHIN_DAYS else "open"


def _promised(promise: promises.Promise, day: date) -> Obligation:
    said = promise.statement
    standing = _OF_PROMISES.get(promise.standing) or _timed(said.due_on, day)
    kind = REQUIREMENT if said.subject_kind == "direction" else UNDERTAKING
    return Obligation(
        kind,
        said.reference,
        said.title,
        said.said_by,
        said.owner or said.asked_of or said.said_by,
        said.said_first,
        said.due_on,
        standing,
        tuple(said.themes),
        (said, *promise.outcomes),
    )


def _required(statements: Statements, day: date) -> list[Obligation]:
    rows: dict[str, list[Statement]] = {}
    for statement in in_step_order(directions.REQUIREMENT, statements):
        if statement.subject_kind == "requirement" and statement.first_day <= day:
            rows.setdefault(statement.subject, []).append(statement)
    return [_requirement(name, said, statements, day) for name, said in rows.items()]


def _requirement(name: str, said: list[Statement], among: Statements, day: date) -> Obligation:
    """A requirement as an obligation. Its steps give its standing, or else the statements that keep or break it."""
    first = said[0]
    due = [one.due_on for one in said if one.due_on][-1:]
    standing = directions.stands(said)
    standing = _OF_REQUIREMENTS.get(standing, standing)
    if standing == "open":
        kept, broken = ([to for one in said for to in among.of(one, how)] for how in ("keeps", "breaks"))
        standing = ("kept" if kept else "broken") if bool(kept) != bool(broken) else "open"
    standing = _timed(due[0] if due else None, day) if standing == "open" else standing
    owner = [one.owner for one in said if one.owner][-1:]
    themes = tuple(dict.fromkeys(theme for one in said for theme in one.themes))
    return Obligation(
        REQUIREMENT,
        name,
        first.title,
        first.said_by,
        owner[0] if owner and owner[0] else first.asked_of or first.said_by,
        first.said_first,
        due[0] if due else None,
        standing,
        themes,
        tuple(said),
    )


def _of_action(action: Action, day: date) -> Obligation:
    first = action.statements[0]
    about = next(iter(action.about), None)
    kind = RECOMMENDATION if any(one.subject_kind == "review" for one in action.about) else ACTION
    return Obligation(
        kind,
        action.name,
        action.title,
        about.said_by if about else first.said_by,
        action.owner or first.said_by,
        first.first_day,
        action.due,
        _action_standing(action, day),
        tuple(action.themes),
        (*action.statements, *action.about),
    )


def _action_standing(action: Action, day: date) -> str:
    if action.standing in ("proposed", "agreed", "reopened", BEGIN):
        return _timed(action.due, day)
    if action.standing == "evidenced" and action.is_overdue(day):
        return "overdue"
    return action.standing


# -- the same promised before -----------------------------------------------------------------------


def _with_before(found: Sequence[Obligation]) -> list[Obligation]:
    return [_placed(one, found[:at]) for at, one in enumerate(found)]


def _placed(obligation: Obligation, earlier: Sequence[Obligation]) -> Obligation:
    linked = tuple(other.name for other in earlier if _are_linked(obligation, other))
    alike = (other.name for other in earlier if set(other.themes) & set(obligation.themes))
    return replace(
        obligation, before=(*linked, *(name for name in alike if name not in linked)), linked=linked
    )


def _are_linked(obligation: Obligation, other: Obligation) -> bool:
    """Whether a statement of either links to the other, or both share a finding or statement."""
    mine, theirs = _references(obligation), _references(other)
    return bool(mine & theirs) or bool(_links(obligation) & theirs) or bool(_links(other) & mine)


def _references(obligation: Obligation) -> set[str]:
    return {said.reference for said in obligation.statements}


def _links(obligation: Obligation) -> set[str]:
    return {to for said in obligation.statements for relation in RELATIONS for to in said.links(relation)}
