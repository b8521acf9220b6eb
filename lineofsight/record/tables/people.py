"""Children, and facts about them that do not change from day to day."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

CHILD = Table(
    name="child",
    says="A child or young person in the service, as the case system describes them.",
    columns=(
        Column("child", "the case system's number for the child", required=True),
        Column("forename", "forename"),
        Column("surname", "surname"),
        Column("sex", "sex: M, F or U"),
        Column("gender", "gender as recorded"),
        Column("ethnicity", "ethnicity, the department's code"),
        Column("born_on", "date of birth", Kind.DAY),
        Column("expected_on", "expected date of birth of a child not yet born", Kind.DAY),
        Column("died_on", "date of death", Kind.DAY),
        Column("upn", "unique pupil number"),
        Column("upn_unknown", "why there is no unique pupil number, the department's code"),
        Column("earlier_number", "the number an earlier case system gave"),
        Column("send", "whether a special educational need is recorded"),
        Column("mother", "whether the child is herself a mother"),
        Column("nationality", "nationality as recorded"),
    ),
    key=("child",),
    child=("child",),
)

ADDRESS = Table(
    name="address",
    says="Where a child lived, and when.",
    columns=(
        Column("child", "the child", required=True),
        Column("kind", "the kind of address"),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("postcode", "postcode"),
        Column("address", "the address as recorded"),
    ),
    key=("child", "kind", "begun_on", "postcode"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

DISABILITY = Table(
    name="disability",
    says="A child's recorded disability.",
    columns=(
        Column("child", "the child", required=True),
        Column("disability", "the disability, the department's code"),
    ),
    key=("child", "disability"),
    child=("child",),
)

IDENTIFIER = Table(
    name="identifier",
    says="Another number for a child, now or in the past.",
    columns=(
        Column("child", "the child", required=True),
        Column("kind", "the kind of number, such as a former unique pupil number"),
        Column("value", "the number"),
        Column("begun_on", "the first day it was valid", Kind.DAY),
        Column("ended_on", "the first day on which it was not valid", Kind.DAY),
    ),
    key=("child", "kind", "value"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

FAMILY = Table(
    name="family",
    says="That a child belongs to a family.",
    columns=(
        Column("family", "the case system's number for the family", required=True),
        Column("child", "the child", required=True),
    ),
    key=("family", "child"),
    child=("child",),
)

MOTHER = Table(
    name="mother",
    says="That a person in the record, who may be a child too, is the mother of a child.",
    columns=(
        Column("mother", "the mother's number", required=True),
        Column("child", "her child's number", required=True),
        Column("born_on", "her child's date of birth", Kind.DAY),
    ),
    key=("mother", "child"),
    child=("child", "mother"),
)
