"""The logged door to children whose rows are due, and the erasure of one that two people have decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.queries import retention as read
from lineofsight.queries.record import Record
from lineofsight.queries.retention import DueChild, RetentionDue
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, closed_to, log_access, log_access_by
from lineofsight.service.models import ErasureRequest, Link
from lineofsight.service.store import chain, clock, erasure
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import AuthorityCode, authority_code
from lineofsight.vocabulary.moments import london_day, microseconds, moment_of
from lineofsight.vocabulary.refusal import Refused


def due(record: Record, as_at: date, *, by: str) -> RetentionDue:
    """Whose rows are due, for whoever is at the command line; each child listed is written to the access log."""
    with transaction.atomic():
        answer = read.due(record, as_at)
        named = {one.child for one in answer.children} | {one.child for one in answer.cannot_tell}
        log_access_by(by, record.authority, sorted(named), "retention due")
    return answer


def erase_due(authority: AuthorityCode, child: str, *, by: str, second: str) -> Link:
    """Erase a child whose rows are due today, as two people have decided. Raises Refused, and erases nothing, otherwise."""
    first, other = by.strip(), second.strip()
    if not first or not other or first.casefold() == other.casefold():
        raise Refused(
            "Two people have to decide: give your name and that of another person.",
            command="Yours is --by NAME.",
        )
    one = check_due(authority, child)
    return erasure.erase_child(authority, child, _ground(one), by=f"{first} and {other}")


def _ground(one: DueChild) -> str:
    """What an erasure names as its ground for ever: the rule and the years, and no day of the child's life."""
    return f"retention rule {one.rule} ({one.because})"


def check_due(authority: str, child: str) -> DueChild:
    """What says that a child's rows are due today. Raises Refused where they are not, or a hold stands."""
    answer = read.due(open_record(authority), _today())
    if answer.holds:
        raise Refused(f"Hold {answer.holds[0].number} stands: nothing may be erased by a rule until it ends.")
    one = next((one for one in answer.children if one.child == child), None)
    if one is None:
        raise Refused("By the rules in force this child's rows are not due today, so nothing was erased.")
    return one


# -- on a page: one person asks, another decides ---------------------------------------------------

CHANNEL = "page: retention"
ERASED, KEPT = "erased", "kept"


@dataclass(frozen=True)
class Asked:
    """An erasure that somebody asked for and nobody has decided: why it is due, and whether it still is."""

    number: int
    child: str
    reason: str
    by: str
    at: datetime
    is_due: bool


@dataclass(frozen=True)
class Seen:
    """What a person sees: those due, without children restricted to others (`restricted` counts them), what was asked."""

    due: RetentionDue
    asked: Sequence[Asked]
    restricted: int


def seen_by(viewer: Viewer, record: Record) -> Seen:
    """Whose rows are due today, for a person who may erase them with another. The caller logs the children it shows."""
    _permitted(viewer)
    answer = read.due(record, _today())
    closed = closed_to(viewer)
    is_due = {one.child for one in answer.children}
    asked = [_asked(one, is_due) for one in _undecided(viewer.authority) if one.child not in closed]
    children = [one for one in answer.children if one.child not in closed]
    unclear = [one for one in answer.cannot_tell if one.child not in closed]
    restricted = len(answer.children) + len(answer.cannot_tell) - len(children) - len(unclear)
    return Seen(replace(answer, children=children, cannot_tell=unclear), asked, restricted)


def log_seen(viewer: Viewer, children: Sequence[str]) -> None:
    """Write that a person saw these children on the page."""
    with transaction.atomic():
        log_access(viewer, sorted(set(children)), CHANNEL)


def ask(viewer: Viewer, children: Sequence[str]) -> int:
    """Ask for children to be erased; gives how many. Raises Refused where one is not due, restricted, or a hold stands."""
    _permitted(viewer)
    if not children:
        raise Refused("Select at least one child.")
    with chain.writing():
        waiting = {one.child for one in _undecided(viewer.authority)}
        wanted = sorted(set(children) - waiting)
        for child in wanted:
            one = _check_may(viewer, child)
            ErasureRequest.objects.create(
                authority=viewer.authority,
                child=child,
                reason=f"{one.because}; due since {in_words(one.due_since.isoformat())}"[:500],
                asked_by=viewer.by,
                asked_at=microseconds(clock.now()),
            )
        log_access(viewer, wanted, "erasure asked for")
    return len(wanted)


def asked_for(viewer: Viewer, number: int) -> Asked:
    """A request that this person may decide: somebody else's, undecided. Raises Refused."""
    _permitted(viewer)
    request = next((one for one in _undecided(viewer.authority) if one.number == number), None)
    if request is None or request.child in closed_to(viewer):
        raise Refused("No request with that number is waiting to be decided.")
    if request.asked_by == viewer.by:
        raise Refused("Somebody else has to decide this: you asked for it.")
    return _asked(request, {request.child})


def keep(viewer: Viewer, number: int) -> None:
    """Decide that a child's rows are kept for now, whoever asked."""
    request = asked_for(viewer, number)
    with chain.writing():
        _decide(viewer, number, KEPT)
        log_access(viewer, [request.child], "erasure not confirmed")


def confirm(viewer: Viewer, number: int) -> Link:
    """Erase a child, as somebody else asked and this person confirms. Raises Refused, and erases nothing, otherwise."""
    request = asked_for(viewer, number)
    one = _check_may(viewer, request.child)
    return erasure.erase_child(
        authority_code(viewer.authority),
        request.child,
        _ground(one),
        by=f"{request.by} and {viewer.by}",
        also=lambda _: _decide(viewer, number, ERASED),
    )


def _decide(viewer: Viewer, number: int, decision: str) -> None:
    """Close a request, inside the transaction that acts on it."""
    undecided = ErasureRequest.objects.filter(number=number, authority=viewer.authority, decided_at=None)
    changed = undecided.update(
        decision=decision, decided_by=viewer.by[:200], decided_at=microseconds(clock.now())
    )
    if not changed:
        raise Refused("Somebody else has just decided this.")


def _check_may(viewer: Viewer, child: str) -> DueChild:
    if child in closed_to(viewer):
        raise Refused("A child selected is restricted to named people.")
    return check_due(viewer.authority, child)


def _undecided(authority: str) -> list[ErasureRequest]:
    return list(ErasureRequest.objects.filter(authority=authority, decided_at=None).order_by("number"))


def _asked(request: ErasureRequest, is_due: set[str]) -> Asked:
    return Asked(
        request.number,
        request.child,
        request.reason,
        request.asked_by,
        moment_of(request.asked_at),
        request.child in is_due,
    )


def _permitted(viewer: Viewer) -> None:
    if not viewer.may(Permission.RETENTION):
        raise PermissionDenied


def _today() -> date:
    return london_day(clock.now())
