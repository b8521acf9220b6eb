"""Children looked after and young people leaving care."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table
from lineofsight.record.tables.plans import visit_table

CARE_EPISODE = Table(
    name="care_episode",
    says="An episode of being looked after; a new one begins whenever status or placement changes.",
    columns=(
        Column("child", "the child", required=True),
        Column("care", "the number of the period of care it belongs to"),
        Column("referral", "the referral it belongs to"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("begun_because", "why it began, the department's code", codes="care_began"),
        Column("ended_because", "why it ended, the department's code"),
        Column("need", "primary need, the department's code", codes="primary_need"),
        Column("entered_care_on", "the day the child came into care", Kind.DAY),
        Column("last_officer_contact_on", "the last contact of the independent reviewing officer", Kind.DAY),
    ),
    key=("child", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

PLACEMENT = Table(
    name="placement",
    says="Where a child looked after was placed.",
    columns=(
        Column("child", "the child"),
        Column("care", "the number of the period of care it belongs to"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("kind", "the kind of placement, the department's code", codes="placement_kind"),
        Column("provider", "who provides it, the department's code", codes="placement_provider"),
        Column("urn", "Ofsted's number for the home or agency"),
        Column("postcode", "postcode"),
        Column("distance", "miles from home, as recorded"),
        Column("change_reason", "why it ended, the department's code"),
    ),
    key=("child", "care", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

LEGAL_STATUS = Table(
    name="legal_status",
    says="The legal status under which a child was looked after.",
    columns=(
        Column("child", "the child", required=True),
        Column("status", "legal status, the department's code", codes="legal_status"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
    ),
    key=("child", "status", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

CARE_VISIT = visit_table(
    "care_visit",
    "A visit to a child looked after.",
    under=Column("care", "the number of the period of care it belongs to"),
)

CARE_REVIEW = Table(
    name="care_review",
    says="A review of a child looked after.",
    columns=(
        Column(
            "care",
            "the number of the period of care it belongs to, worked out from child and day if the row names none",
            required=True,
        ),
        Column("child", "the child, if the delivery gives the period of care's child"),
        Column("due_on", "the day it was due", Kind.DAY),
        Column("held_on", "the day it was held", Kind.DAY),
        Column("cancelled", "whether it was cancelled"),
        Column("participation", "how the child took part, the department's code"),
    ),
    key=("care", "due_on", "held_on"),
    child=("child",),
    settled="held_on",
)

CARE_LEAVER = Table(
    name="care_leaver",
    says="A young person entitled to support after care.",
    columns=(
        Column("child", "the young person", required=True),
        Column("eligibility", "which entitlement"),
        Column("in_touch", "whether in touch, the department's code"),
        Column("last_contact_on", "the latest contact", Kind.DAY),
        Column("accommodation", "accommodation, the department's code"),
        Column("suitable", "whether it is suitable"),
        Column("activity", "main activity, the department's code"),
        Column("plan_review_on", "the pathway plan's review", Kind.DAY),
        Column("adviser", "the personal adviser"),
        Column("team", "the allocated team"),
        Column("worker", "the allocated worker"),
    ),
    key=("child",),
    child=("child",),
)

MISSING = Table(
    name="missing",
    says="A time during which a child was missing.",
    columns=(
        Column("child", "the child", required=True),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the day the child was found", Kind.DAY),
        Column("kind", "missing or away without leave, the department's code"),
        Column("interview_offered", "whether a return interview was offered"),
        Column("interview_accepted", "whether it was accepted"),
    ),
    key=("child", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)
