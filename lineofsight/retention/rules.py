"""The rules on how long a child's rows are kept, as dated data: how many years, from which day, by which source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lineofsight.vocabulary.refusal import Refused

CountedFrom = Literal["birth", "death", "order", "last record"]
COUNTED_FROM: tuple[CountedFrom, ...] = ("birth", "death", "order", "last record")
LOOKED_AFTER, DIED, ADOPTED, NOT_LOOKED_AFTER = "looked-after", "died-under-18", "adopted", "not-looked-after"
MOST_YEARS = 150


@dataclass(frozen=True)
class Rule:
    """For how many years rows are kept. `years` is None where no law says and the authority has not.

    `in_force_from` is the day from which the rule is in force; `confidence` says how well its source is known;
    `set_by` names who set it for the authority, and is empty for a rule that comes with the product.
    """

    code: str
    title: str
    years: int | None
    counted_from: CountedFrom | None
    source: str
    confidence: str
    in_force_from: date | None
    set_by: str = ""

    def set_to(self, years: int, counted_from: str, *, source: str, in_force_from: date, set_by: str) -> Rule:
        """The same rule as an authority sets it. Raises Refused where it is none, or shorter than the law's."""
        counted = next((one for one in COUNTED_FROM if one == counted_from), None)
        if counted is None or not 1 <= years <= MOST_YEARS:
            raise Refused(f"Give 1 to {MOST_YEARS} years, counted from one of: {', '.join(COUNTED_FROM)}.")
        if self.years is not None and (counted != self.counted_from or years < self.years):
            raise Refused(
                f"The law keeps these rows for {self.years} years from {self.counted_from}; an authority may only keep them longer."
            )
        return replace(
            self,
            years=years,
            counted_from=counted,
            source=source,
            confidence="set by the authority",
            in_force_from=in_force_from,
            set_by=set_by,
        )


_CITED = "cited by councils' published retention schedules; the text of the regulation was not read here"
_NO_LAW = "no national figure; the authority has to set its own"
_CARE_PLANNING = (
    "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50, as the retention schedules "
    "of Merton and Salford cite it"
)
SHIPPED = (
    Rule(LOOKED_AFTER, "Looked after at any time", 75, "birth", _CARE_PLANNING, _CITED, date(2011, 4, 1)),
    Rule(DIED, "Looked after, and died under 18", 15, "death", _CARE_PLANNING, _CITED, date(2011, 4, 1)),
    Rule(
        ADOPTED,
        "Adopted",
        100,
        "order",
        "Disclosure of Adoption Information (Post-Commencement Adoptions) Regulations 2005, regulation 6, as the "
        "retention schedule of Salford cites it; used here for earlier orders too, whose rows are then kept longer",
        _CITED,
        date(2005, 12, 30),
    ),
    Rule(NOT_LOOKED_AFTER, "In need or protected, never looked after", None, None, "", _NO_LAW, None),
)  # fmt: skip
"""What the product knows. It ships no figure for rows that no law names."""

NOT_HELD = (
    "Rows of foster carers and applicants, which councils keep for 10 and 3 years, are not in this record. Rows of workers, "
    "teams and adopters have no rule here."
)
"""What the rules do not cover, for whoever reads the list."""


def rule_named(code: str) -> Rule:
    """A rule that comes with the product, by its code. Raises Refused where there is none."""
    rule = next((one for one in SHIPPED if one.code == code), None)
    if rule is None:
        raise Refused(f"There is no rule of that name. There are: {', '.join(one.code for one in SHIPPED)}.")
    return rule


def in_force(set_by_authority: Iterable[Rule], day: date) -> dict[str, Rule]:
    """The rules in force on a day, by code: of those an authority set the latest begun, else the product's."""
    found = {rule.code: rule for rule in SHIPPED}
    begun = [rule for rule in set_by_authority if rule.in_force_from and rule.in_force_from <= day]
    found |= {rule.code: rule for rule in sorted(begun, key=lambda one: one.in_force_from or date.min)}
    return found
