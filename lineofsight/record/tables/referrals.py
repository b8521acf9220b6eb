"""What comes before a referral, and what follows it: the episode of need, its assessments, enquiries and conferences."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

CONTACT = Table(
    name="contact",
    says="A contact with the service about a child, whatever came of it.",
    columns=(
        Column("child", "the child", required=True),
        Column("contacted_on", "the day of the contact", Kind.DAY),
        Column("made_by", "who made it, the department's code", codes="referral_source"),
        Column("made_by_says", "who made it, in the source's words"),
    ),
    key=("child", "contacted_on", "made_by", "made_by_says"),
    child=("child",),
    settled="contacted_on",
)

EARLY_HELP = Table(
    name="early_help",
    says="An episode or assessment of early help. It is no episode of need, so the service does not answer for the child.",
    columns=(
        Column("child", "the child", required=True),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it was over", Kind.DAY),
        Column("reason", "why it began, as recorded"),
        Column("end_reason", "why it ended, as recorded"),
        Column("organisation", "the organisation that gives it"),
        Column("worker", "the worker"),
    ),
    key=("child", "begun_on", "organisation"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

EPISODE = Table(
    name="episode",
    says="An episode of need, from a referral to its closing. While it is open, the service answers for the child.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral's number, or child and day if the source gives none", required=True),
        Column("begun_on", "the day of the referral", Kind.DAY),
        Column("closed_on", "the day it was closed", Kind.DAY),
        Column("need", "primary need, the department's code", codes="primary_need"),
        Column("referred_by", "who made the referral, the department's code", codes="referral_source"),
        Column("nfa", "whether no further action was taken on the referral"),
        Column("close_reason", "why it was closed, the department's code RC1 to RC9", codes="close_reason"),
        Column("team", "the team that took the referral"),
        Column("worker", "the worker who took the referral"),
    ),
    key=("child", "referral"),
    begins="begun_on",
    ends="closed_on",
    child=("child",),
)

ASSESSMENT = Table(
    name="assessment",
    says="An assessment of a child's needs.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral it belongs to"),
        Column("begun_on", "the day it began", Kind.DAY),
        Column("authorised_on", "the day a manager authorised it", Kind.DAY),
        Column("seen", "whether the child was seen"),
        Column("nfa", "whether no further action followed"),
        Column("team", "the assessing team"),
        Column("worker", "the assessing worker"),
    ),
    key=("child", "referral", "begun_on"),
    child=("child",),
    settled="authorised_on",
)

ENQUIRY = Table(
    name="enquiry",
    says="An enquiry under section 47 of the Children Act 1989.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral it belongs to"),
        Column("begun_on", "the day it began", Kind.DAY),
        Column("ended_on", "the first day on which it was over", Kind.DAY),
        Column("nfa", "whether no further action followed"),
        Column("team", "the team that completed it"),
        Column("worker", "the worker who completed it"),
    ),
    key=("child", "referral", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

CONFERENCE = Table(
    name="conference",
    says="An initial child protection conference.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral it belongs to"),
        Column("target_on", "the day by which it should be held", Kind.DAY),
        Column("held_on", "the day it was held", Kind.DAY),
        Column("transfer_in", "whether a plan transferred in from another authority"),
        Column("protection", "whether a child protection plan followed"),
        Column("team", "the team"),
        Column("worker", "the worker"),
    ),
    key=("child", "referral", "target_on", "held_on"),
    child=("child",),
    settled="held_on",
)
