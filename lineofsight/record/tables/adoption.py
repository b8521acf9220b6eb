"""Children whose plan is permanence, such as adoption, and the people who adopt."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

PERMANENCE = Table(
    name="permanence",
    says="The way of a child looked after to adoption or another permanent order.",
    columns=(
        Column("child", "the child", required=True),
        Column("care", "the number of the period of care it belongs to"),
        Column("decided_on", "the day it was decided that the child should be placed for adoption", Kind.DAY),
        Column("fostering_decided_on", "the day fostering for adoption was decided", Kind.DAY),
        Column("placement_order_on", "the day of the placement order", Kind.DAY),
        Column("matched_on", "the day the child was matched with adopters", Kind.DAY),
        Column("fostering_placed_on", "the day the child was placed in fostering for adoption", Kind.DAY),
        Column("placed_on", "the day the child was placed for adoption", Kind.DAY),
        Column("order", "the kind of order, the department's code"),
        Column("ordered_on", "the day of the order", Kind.DAY),
        Column("reversed_on", "the day it was decided that the child should no longer be placed", Kind.DAY),
        Column("reversed_because", "why the child should no longer be placed, the department's code"),
        Column("adopted_by_carer", "whether the child was adopted by the foster carer"),
        Column("with_carer_from", "the day the child was first placed with that foster carer", Kind.DAY),
        Column("siblings", "whether the child belongs to a group of siblings"),
        Column("siblings_together", "how many are, or should be, placed together"),
        Column("siblings_apart", "how many are, or should be, placed apart"),
        Column("urn", "Ofsted's number for the agency that provides the placement"),
        Column("adopters", "how many adopt"),
        Column("adopters_sex", "the sex of those who adopt, the department's code"),
        Column("adopters_status", "the legal status of those who adopt, the department's code"),
        Column("worker", "the adoption social worker"),
        Column("adoptive_family", "the number of the adoptive family, if the source gives one"),
        Column("entered_care_on", "the day the child came into care, if the source gives it", Kind.DAY),
    ),
    key=("child", "care", "decided_on"),
    child=("child",),
)

ADOPTER = Table(
    name="adopter",
    says="Somebody who adopts or wishes to.",
    columns=(
        Column("adopter", "the number of the adopter", required=True),
        Column("adoptive_family", "the number of the adoptive family"),
        Column("sex", "sex: M, F or U"),
        Column("ethnicity", "ethnicity, the department's code"),
        Column("disability", "whether the adopter has a disability"),
        Column("fosters_for_adoption", "whether the adopter fosters for adoption"),
        Column("enquired_on", "the day of the enquiry", Kind.DAY),
        Column("stage_1_begun_on", "the day stage 1 began", Kind.DAY),
        Column("stage_1_ended_on", "the day stage 1 ended", Kind.DAY),
        Column("stage_2_begun_on", "the day stage 2 began", Kind.DAY),
        Column("stage_2_ended_on", "the day stage 2 ended", Kind.DAY),
        Column("applied_on", "the day of the application", Kind.DAY),
        Column("approved_on", "the day the application was approved", Kind.DAY),
        Column("matched_on", "the day of the match", Kind.DAY),
        Column("placed_on", "the day children were placed", Kind.DAY),
        Column("number_placed", "how many children were placed"),
        Column("ordered_on", "the day of the adoption order", Kind.DAY),
        Column("ended_on", "the day of leaving the process", Kind.DAY),
        Column("ended_because", "why the adopter left the process"),
    ),
    key=("adopter",),
)
