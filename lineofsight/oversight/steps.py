"""The steps of one thing in a register, from the statements about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.transitions import Machine


def by_subject(statements: Statements, kind: str, day: date) -> dict[str, list[Statement]]:
    """The statements about a kind of subject up to a day, by subject, in order of their days."""
    found: dict[str, list[Statement]] = {}
    for statement in in_order((one for one in statements if one.subject_kind == kind), day):
        found.setdefault(statement.subject, []).append(statement)
    return found


def in_order(statements: Iterable[Statement], day: date) -> list[Statement]:
    """Statements that begin by a day, in order of the day they are about, then of the day they were said."""
    begun = [one for one in statements if one.begun_on <= day.toordinal()]
    return sorted(begun, key=lambda one: (one.begun_on, one.said_first, one.reference))


def steps_of(statements: Iterable[Statement]) -> list[Statement]:
    """The statements with a step, one for each day and step, because several may report the same step."""
    found: dict[tuple[int, str], Statement] = {}
    for statement in statements:
        if statement.step:
            found.setdefault((statement.begun_on, statement.step), statement)
    return list(found.values())


def in_step_order(machine: Machine, statements: Iterable[Statement]) -> list[Statement]:
    """Statements in order of their first day, then of their arrival, then of the machine's steps."""
    places = {step: at for at, step in enumerate(machine.steps)}
    return sorted(
        statements,
        key=lambda one: (one.begun_on, one.link, places.get(one.step or "", len(places)), one.reference),
    )
