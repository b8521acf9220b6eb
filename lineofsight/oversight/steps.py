"""The steps of one thing in a register, gathered from the statements that tell of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.transitions import Machine


def by_subject(statements: Statements, kind: str, day: date) -> dict[str, list[Statement]]:
    """The statements of a kind of subject that speak of a day's past, by subject, in the order of their days."""
    found: dict[str, list[Statement]] = {}
    for one in in_order((one for one in statements if one.subject_kind == kind), day):
        found.setdefault(one.subject, []).append(one)
    return found


def in_order(statements: Iterable[Statement], day: date) -> list[Statement]:
    """Statements that begin by a day, by the day they speak of; of one day, those said first first."""
    begun = [one for one in statements if one.begun_on <= day.toordinal()]
    return sorted(begun, key=lambda one: (one.begun_on, one.said_first, one.reference))


def steps_of(statements: Iterable[Statement]) -> list[Statement]:
    """Those that tell of a step, one for each day and step: several may tell of the same."""
    found: dict[tuple[int, str], Statement] = {}
    for one in statements:
        if one.step:
            found.setdefault((one.begun_on, one.step), one)
    return list(found.values())


def first_day_of(statements: Iterable[Statement], step: str) -> Statement | None:
    """The first statement that tells of a step."""
    return next((one for one in statements if one.step == step), None)


def in_step_order(machine: Machine, statements: Iterable[Statement]) -> list[Statement]:
    """Statements by the day they begin; those of one day as they came to the record, then as steps follow."""
    places = {step: at for at, step in enumerate(machine.steps)}
    return sorted(
        statements,
        key=lambda one: (one.begun_on, one.link, places.get(one.step or "", len(places)), one.reference),
    )
