"""Plans for children in need and in need of protection, with their visits and reviews."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

_VISIT = (
    Column("child", "the child; if the row names none, that of its plan or period of care", required=True),
    Column("visited_on", "the day of the visit", Kind.DAY),
    Column("seen", "whether the child was seen"),
    Column("seen_alone", "whether the child was seen alone"),
)
_NEED_PLAN = Column("need_plan", "the case system's number for the child in need plan")
_PROTECTION_PLAN = Column("protection_plan", "the case system's number for the child protection plan")
_BEDROOM = Column("bedroom", "whether the child's bedroom was seen")


def visit_table(name: str, says: str, *more: Column, under: Column) -> Table:
    """A table of visits. Every column but `under` is part of the key, because two workers may visit on one day.

    `under`: the number of what the visit is made under, which a nightly reload may give anew.
    """
    columns = (*_VISIT, *more)
    key = tuple(column.name for column in columns)
    return Table(name, says, (*columns, under), key, child=("child",), settled="visited_on")


NEED_PLAN = Table(
    name="need_plan",
    says="A child in need plan.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral it belongs to"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("team", "the team"),
        Column("worker", "the worker"),
        _NEED_PLAN,
    ),
    key=("child", "referral", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

NEED_VISIT = visit_table("need_visit", "A visit under a child in need plan.", _BEDROOM, under=_NEED_PLAN)

PROTECTION_PLAN = Table(
    name="protection_plan",
    says="A child protection plan.",
    columns=(
        Column("child", "the child", required=True),
        Column("referral", "the referral it belongs to"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("initial_category", "the category of abuse when it began", codes="abuse_category"),
        Column("latest_category", "the category of abuse now", codes="abuse_category"),
        Column("other_authority", "whether another authority made the plan"),
        _PROTECTION_PLAN,
    ),
    key=("child", "begun_on"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

PROTECTION_VISIT = visit_table(
    "protection_visit", "A visit under a child protection plan.", _BEDROOM, under=_PROTECTION_PLAN
)

PROTECTION_REVIEW = Table(
    name="protection_review",
    says="A review conference of a child protection plan.",
    columns=(
        Column("child", "the child", required=True),
        Column("due_on", "the day it was due", Kind.DAY),
        Column("held_on", "the day it was held", Kind.DAY),
        Column("continued", "whether the plan continued"),
        Column("quorate", "whether it was quorate"),
        Column("participation", "how the child took part"),
        _PROTECTION_PLAN,
    ),
    key=("child", "due_on", "held_on"),
    child=("child",),
    settled="held_on",
)
