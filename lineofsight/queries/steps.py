"""Whether a step that somebody enters now can follow what the record holds."""

from __future__ import annotations

from lineofsight.oversight.directions import INSTRUMENT
from lineofsight.oversight.transitions import Machine
from lineofsight.queries.record import Record, View
from lineofsight.queries.registers import instruments, reviews_known


def check_step(record: Record, view: View, kind: str, subject: str, step: str) -> None:
    """Refuses a step of a review or an instrument that cannot follow where it stands now.

    Statements of the past are kept as they were made: steps between may be missing, but none may run backwards.
    """
    for machine, standing in _standing_now(record, view, kind, subject):
        if step in machine.steps and machine.reached_by(standing, step) is None:
            machine.check_step(standing, step)


def _standing_now(record: Record, view: View, kind: str, subject: str) -> list[tuple[Machine, str]]:
    if kind == "review":
        codes = subject.replace(", ", " and ").split(" and ")
        found = reviews_known(record, view)
        return [(review.regime, review.progress.standing) for review in found if review.code in codes]
    if kind == "direction":
        found_instruments = instruments(record, view)
        return [(INSTRUMENT, each.progress.standing) for each in found_instruments if each.subject == subject]
    return []
