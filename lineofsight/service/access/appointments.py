"""Appointments: what somebody from outside was appointed to, from when to when, and by which document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.service.access.roles import Role
from lineofsight.service.models import Appointment, Grant
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words, read_day
from lineofsight.vocabulary.refusal import Refused

APPOINTED = frozenset({Role.COMMISSIONER, Role.IMPROVEMENT_PARTNER, Role.SAFEGUARDING_PARTNERSHIP})
"""The roles that nobody holds without an appointment."""
ENDS = frozenset({Role.COMMISSIONER, Role.IMPROVEMENT_PARTNER})
"""Those whose appointment has a last day; a safeguarding partnership goes on until its arrangements change."""
LONGEST_DOCUMENT = 500


class Missing(Refused):
    """Something of an appointment is missing or cannot be read; `field` names it."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True)
class Appointed:
    """An appointment. No topic means every topic; `ends_on` is the last day, and None where it has none."""

    topics: tuple[str, ...]
    begins_on: date
    ends_on: date | None
    document: str

    def holds_on(self, day: date) -> bool:
        """Whether the appointment holds on a day. It ends by itself: nobody has to do anything."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


def appointed(role: Role, *, topics: str, begins: str, ends: str, document: str) -> Appointed | None:
    """What was written of an appointment; None for a role that has none. Refuses (`Missing`) what does not suffice."""
    text = " ".join(document.split())
    if role not in APPOINTED:
        for field, given in (("covers", topics), ("begins", begins), ("ends", ends), ("document", text)):
            if given:
                raise Missing(field, f"The role {role.value} has no appointment.")
        return None
    first = read_day(begins.strip()) if begins.strip() else None
    if first is None:
        raise Missing("begins", "Enter the first day of the appointment, such as 2019-10-09.")
    last = read_day(ends.strip()) if ends.strip() else None
    if ends.strip() and last is None:
        raise Missing("ends", "The last day cannot be read. Write it as 2019-10-09.")
    if last is None and role in ENDS:
        raise Missing("ends", "Enter the last day of the appointment, such as 2019-10-09.")
    if last is not None and last < first:
        raise Missing("ends", "The last day is before the first day.")
    if not text or len(text) > LONGEST_DOCUMENT:
        raise Missing(
            "document",
            f"Enter the document that appoints them, in at most {LONGEST_DOCUMENT} letters.",
        )
    return Appointed(_topics(topics), first, last, text)


def _topics(text: str) -> tuple[str, ...]:
    known = list(code_set("topic"))
    named = set(text.replace(",", " ").split())
    if unknown := named - set(known):
        raise Missing("covers", f"{min(unknown)!r} is no topic; use some of: {', '.join(known)}.")
    return tuple(sorted(named, key=known.index))


def keep(grant: Grant, appointment: Appointed) -> None:
    """Write down the appointment of a role that was just given."""
    Appointment.objects.create(
        grant=grant,
        topics=" ".join(appointment.topics),
        begins_on=appointment.begins_on.isoformat(),
        ends_on=appointment.ends_on.isoformat() if appointment.ends_on else "",
        document=appointment.document,
    )


def of(grant: Grant) -> Appointed | None:
    """The appointment of a role; None where it has none."""
    row = getattr(grant, "appointment", None)
    if row is None:
        return None
    last = date.fromisoformat(row.ends_on) if row.ends_on else None
    return Appointed(tuple(row.topics.split()), date.fromisoformat(row.begins_on), last, row.document)


def in_force(grant: Grant, day: date) -> bool:
    """Whether a role that was not ended holds on a day: one that needs an appointment holds as long as that does."""
    appointment = of(grant)
    if appointment is None:
        return grant.role not in APPOINTED
    return appointment.holds_on(day)


def as_shown(grant: Grant) -> dict[str, Any] | None:
    """An appointment as pages and JSON show it."""
    appointment = of(grant)
    if appointment is None:
        return None
    last = appointment.ends_on.isoformat() if appointment.ends_on else ""
    return {
        "topics": list(appointment.topics),
        "begins_on": appointment.begins_on.isoformat(),
        "begins_in_words": in_words(appointment.begins_on.isoformat()),
        "ends_on": last,
        "ends_in_words": in_words(last) if last else "",
        "document": appointment.document,
    }
