"""The areas of practice and what covers each, so that an area without a plan is visible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.improvement import Action
from lineofsight.oversight.promises import LATE, OPEN, promises
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.vocabulary.codes import code_set

_NOT_COVERING = ("not begun", "proposed", "dropped")
_FOUND_BY = ("inspection", "review", "service")
_NOT_FOUND = ("undertaking", "request", "question", "not found")


@dataclass(frozen=True)
class Aspect:
    """One area of practice on a day: the findings about it, and what covers it."""

    name: str
    says: str
    findings: tuple[Statement, ...]
    plans: tuple[Statement, ...]
    actions: tuple[Action, ...]
    undertakings: tuple[Statement, ...]
    proposed: tuple[Action, ...]

    @property
    def covered(self) -> bool:
        """Whether a plan, action or undertaking covers it."""
        return bool(self.plans or self.actions or self.undertakings)


def coverage(statements: Statements, actions: Iterable[Action], day: date) -> list[Aspect]:
    """Every area of practice, in the order of the code set, with what covers it on a day."""
    found = list(actions)
    promised = [
        one.statement
        for one in promises(statements, day)
        if one.standing in (OPEN, LATE)
        and one.statement.said_first <= day
        and one.statement.subject_kind != "action"
    ]
    return [
        _aspect(code.code, code.says, statements, found, promised, day) for code in code_set("theme").values()
    ]


def _aspect(
    name: str, says: str, statements: Statements, found: list[Action], promised: list[Statement], day: date
) -> Aspect:
    own = [one for one in found if name in one.themes]
    told = [one for one in statements if _is_of(one, name) and one.said_first <= day]
    return Aspect(
        name,
        says,
        tuple(one for one in told if one.subject_kind in _FOUND_BY and one.kind not in _NOT_FOUND),
        tuple(one for one in told if one.subject_kind == "aspect" and one.speaks_of(day)),
        tuple(one for one in own if one.standing not in _NOT_COVERING),
        tuple(one for one in promised if _is_of(one, name)),
        tuple(one for one in own if one.standing == "proposed"),
    )


def _is_of(statement: Statement, name: str) -> bool:
    return name in statement.themes or (statement.subject_kind == "aspect" and statement.subject == name)
