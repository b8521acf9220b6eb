"""Every table of the record. Intake, the dictionary, the history files and erasure iterate TABLES."""

from __future__ import annotations

from lineofsight.record.schema import Table
from lineofsight.record.tables import adoption, care, people, plans, referrals, workers, workforce
from lineofsight.record.tables.correction import CORRECTION
from lineofsight.record.tables.finding import FINDING
from lineofsight.record.tables.holiday import HOLIDAY
from lineofsight.record.tables.inspections import INSPECTION_TABLES
from lineofsight.record.tables.issue_answer import ISSUE_ANSWER
from lineofsight.record.tables.refused_row import REFUSED_ROW
from lineofsight.record.tables.source import SOURCE
from lineofsight.record.tables.statement import STATEMENT

CASE_TABLES: tuple[Table, ...] = (
    people.CHILD,
    people.ADDRESS,
    people.DISABILITY,
    people.IDENTIFIER,
    people.FAMILY,
    people.MOTHER,
    referrals.CONTACT,
    referrals.EARLY_HELP,
    referrals.EPISODE,
    referrals.ASSESSMENT,
    referrals.ENQUIRY,
    referrals.CONFERENCE,
    plans.NEED_PLAN,
    plans.NEED_VISIT,
    plans.PROTECTION_PLAN,
    plans.PROTECTION_VISIT,
    plans.PROTECTION_REVIEW,
    care.CARE_EPISODE,
    care.PLACEMENT,
    care.LEGAL_STATUS,
    care.CARE_VISIT,
    care.CARE_REVIEW,
    care.CARE_LEAVER,
    care.MISSING,
    adoption.PERMANENCE,
    adoption.ADOPTER,
    workers.INVOLVEMENT,
    workers.WORKER,
    workers.TEAM,
    workforce.EMPLOYMENT,
    workforce.ABSENCE,
    workforce.CASE_LIMIT,
)
"""The tables that case systems deliver."""

OF_A_SERVICE: tuple[Table, ...] = (*CASE_TABLES, CORRECTION, workers.TEAM_PARENT, REFUSED_ROW, ISSUE_ANSWER)
"""The tables that only a service has: a public record is without them."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SOURCE,
        STATEMENT,
        *INSPECTION_TABLES,
        ISSUE_ANSWER,
        *CASE_TABLES,
        CORRECTION,
        workers.TEAM_PARENT,
        REFUSED_ROW,
        HOLIDAY,
        FINDING,
    )
}
"""The tables by name."""


def without_children() -> None:
    """Take every table that only a service has out of `TABLES`. Called once, as a public record starts."""
    for table in OF_A_SERVICE:
        TABLES.pop(table.name, None)


def holds_children() -> bool:
    """Whether this record has tables of children at all."""
    return people.CHILD.name in TABLES
