"""What became of a statement, in a few words: kept or broken, answered, contradicted, corrected."""

from __future__ import annotations

from datetime import date

from lineofsight.oversight.promises import promise_of, request_of
from lineofsight.oversight.statements import Statement, Statements

NO_ANSWER = "no answer found"


def outcomes(among: Statements, one: Statement, day: date) -> list[str]:
    """What became of a statement by a day, as the statements among which it is known say; empty where none does."""
    found = []
    promise, request = promise_of(among, one, day), request_of(among, one)
    replies = [reply for reply in among.of(one, "answers") if reply.kind != "not found"]
    if promise:
        found.append(promise.standing)
    elif among.of(one, "became_of"):
        found.append("outcome known")
    if replies:
        found.append(f"answered by {len(replies)}")
    elif request:
        found.append(NO_ANSWER)
    if contradictions := among.contradictions(one):
        found.append(f"contradicted by {len(contradictions)}")
    if counted := {*_links(among, one, "counts_differently")}:
        found.append(f"counted differently by {len(counted)}")
    if among.of(one, "corrects"):
        found.append("corrected")
    return found


def _links(among: Statements, one: Statement, relation: str) -> list[str]:
    """The statements linked to one by a relation, from either end."""
    return [other.reference for other in (*among.to(one, relation), *among.of(one, relation))]
