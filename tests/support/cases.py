"""Nights of a small service, drawn as tables: what a case system would deliver, as files."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import read_moment

AUTHORITY = AuthorityCode("999")

HEADINGS = {
    "person": "pers_person_id,pers_dob,pers_death_date",
    "cin_episodes": "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_nfa,cine_close_date,cine_close_reason",
    "involvements": "invo_involvements_id,invo_person_id,invo_professional_id,invo_professional_role_id,"
    "invo_professional_team,invo_involvement_start_date,invo_involvement_end_date,invo_referral_id",
    "professionals": "prof_professional_id,prof_staff_id,prof_professional_job_title,prof_social_worker_registration_no,"
    "prof_full_time_equivalency,prof_leaving_date",
    "cin_assessments": "cina_person_id,cina_referral_id,cina_assessment_start_date,cina_assessment_auth_date",
    "cin_plans": "cinp_person_id,cinp_referral_id,cinp_cin_plan_start_date,cinp_cin_plan_end_date",
    "cin_visits": "cinv_person_id,cinv_cin_visit_date,cinv_cin_visit_seen",
}
"""The columns a test's rows are given in, by table."""

SETTINGS = """
name = "{name}"
authority = "999"
format = "{format}"
roster = "{roster}"
workers_are_live = {live}
{more}
[allocation]
roles_that_count = ["CW"]
owners_that_do_not_count = [
  {{ worker = "DUTY01", why = "duty tray" }},
  {{ job_title = "Team Manager", why = "manager" }},
  {{ registration = "", job_title = "Support Worker", why = "not registered" }},
]
placeholders = ["UNKNOWN", "-1"]
seen_within_weeks = 4
"""


def describe(
    name: str = "nightly",
    *,
    kind: str = "ssd_tables",
    roster: str = "full",
    live: str = "true",
    more: str = "",
) -> SourceName:
    """Describe a source as most tests want it."""
    text = SETTINGS.format(name=name, format=kind, roster=roster, live=live, more=more)
    recipe.set_source(text.encode(), by="tests")
    return SourceName(name)


def files(tables: Mapping[str, str]) -> list[NamedBytes]:
    """A night's files from rows drawn as lines, each line the cells of its table's heading."""
    return [NamedBytes(f"ssd_{name}.csv", csv_of(name, rows)) for name, rows in tables.items()]


def csv_of(name: str, rows: str) -> bytes:
    """One file: the heading and the rows, cells parted by commas, blanks around them gone."""
    lines = [line.strip() for line in textwrap.dedent(rows).strip().splitlines()]
    return "\n".join(
        [HEADINGS[name], *(",".join(cell.strip() for cell in line.split(",")) for line in lines)]
    ).encode()


def night(
    at: str, tables: Mapping[str, str], source: str = "nightly", *, confirmed: bool = False
) -> recipe.Outcome:
    """Load a night received at a moment."""
    return recipe.load(
        files(tables),
        "night",
        AUTHORITY,
        SourceName(source),
        received_at=moment(at),
        by="tests",
        confirmed=confirmed,
    )


def moment(text: str) -> datetime:
    """A moment, as tests write it: a bare day means three in the morning."""
    return read_moment(text if "T" in text else f"{text}T03:00:00Z")


def counts(outcome: recipe.Outcome) -> dict[str, Any]:
    """How a delivery's rows were counted."""
    from lineofsight.service.store import chain

    found: dict[str, Any] = chain.body_of(outcome.link)["counts"]
    return found
