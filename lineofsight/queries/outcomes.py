"""What became of a statement, in a few words: kept or broken, answered, contradicted, corrected."""

from __future__ import annotations

from datetime import date

from lineofsight.oversight.promises import promise_of, request_of
from lineofsight.oversight.statements import Statement, Statements

NO_ANSWER = "no answer found"


def outcomes(among: Statements, statement: Statement, day: date) -> list[str]:
    """What became of a statement by a day, as the statements among which it is known say; empty where none does."""
    found = []
    promise, request = promise_of(among, statement, day), request_of(among, statement)
    replies = [reply for reply in among.of(statement, "answers") if reply.kind != "not found"]
    if promise:
        found.append(promise.status)
    elif among.of(statement, "became_of"):
        found.append("outcome known")
    if replies:
        found.append(f"answered by {len(replies)}")
    elif request:
        found.append(NO_ANSWER)
    if contradictions := among.contradictions(statement):
        found.append(f"contradicted by {len(contradictions)}")
    if counted := {*_links(among, statement, "counts_differently")}:
        found.append(f"counted differently by {len(counted)}")
    if among.of(statement, "corrects"):
        found.append("corrected")
    return found


def _links(among: Statements, statement: Statement, relation: str) -> list[str]:
    """The statements linked to one by a relation, from either end."""
    return [other.reference for other in (*among.to(statement, relation), *among.of(statement, relation))]
