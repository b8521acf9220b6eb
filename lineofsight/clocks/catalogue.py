"""Every limit that a clock keeps: what starts it, what ends it, how long, by which text, and how sure that text is.

`S`: the text was read. `S~`: it was read in part, or in a text about it. A limit known only generally is not
here: an authority may set it as its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lineofsight.vocabulary.limits import Convention, Limit

Confidence = Literal["S", "S~"]
Whose = Literal["national", "local"]

_EDITION = "2018 and 2023 editions read; the 2026 edition not yet checked"


@dataclass(frozen=True)
class Kind:
    """One kind of clock.

    `limits`: the limit of its first step and of those after; empty where an authority sets it. `begins_in` and
    `ends_in`: the tables that hold the events. `cannot_be_read`: why no source can run it; empty where one can.
    """

    code: str
    title: str
    starts: str
    ends: str
    limits: tuple[Limit, ...]
    citation: str
    confidence: Confidence
    begins_in: str = ""
    ends_in: str = ""
    edition: str = ""
    note: str = ""
    whose: Whose = "national"
    convention: Convention = Convention.NOT_COUNTED
    cannot_be_read: str = ""

    @property
    def source(self) -> str:
        """The citation with the edition that was read."""
        return f"{self.citation} ({self.edition})" if self.edition else self.citation


def _days(count: int) -> Limit:
    return Limit(count, "days")


def _working(count: int) -> Limit:
    return Limit(count, "working days")


def _months(count: int) -> Limit:
    return Limit(count, "months")


_TOGETHER = "Working Together to Safeguard Children"
_CARE = "Care Planning, Placement and Case Review (England) Regulations 2010"
_NO_TABLE = "The dataset has no column for it, so no source that is read here can say when it was done."

ASSESSMENT = Kind(
    "assessment",
    "Child and family assessment",
    "the referral",
    "the assessment is authorised",
    (_working(45),),
    f"{_TOGETHER}: 45 working days from the point of referral",
    "S",
    "episode",
    "assessment",
    _EDITION,
)
INITIAL_CONFERENCE = Kind(
    "initial-conference",
    "Initial child protection conference",
    "the section 47 enquiry begins",
    "the conference is held",
    (_working(15),),
    f"{_TOGETHER}: 15 working days from the strategy discussion that began the enquiry",
    "S",
    "enquiry",
    "conference",
    _EDITION,
    "The law counts from the strategy discussion; the source gives the enquiry’s first day.",
)
PROTECTION_REVIEW = Kind(
    "protection-review",
    "Review child protection conference",
    "the plan begins, then each review",
    "the next review is held",
    (_months(3), _months(6)),
    f"{_TOGETHER}: the first review within 3 months, then at most every 6 months",
    "S",
    "protection_plan",
    "protection_review",
    _EDITION,
)
CARE_REVIEW = Kind(
    "care-review",
    "Review of a child looked after",
    "the child becomes looked after, then each review",
    "the next review is held",
    (_working(20), _months(3), _months(6)),
    f"{_CARE}, regulation 33(1) and (2)",
    "S",
    "care_episode",
    "care_review",
)
CARE_VISIT = Kind(
    "care-visit",
    "Visit to a child looked after",
    "the placement begins, then each visit",
    "the next visit at which the child was seen",
    (_days(7), _days(42)),
    f"{_CARE}, regulation 28(2)",
    "S",
    "placement",
    "care_visit",
    note="The source does not show whether a longer interval was agreed, so the shorter one holds.",
)
CARE_VISIT_PARENTS = Kind(
    "care-visit-with-parents",
    "Visit to a child in care who lives with parents",
    "the placement or a new order begins, then each visit",
    "the next visit at which the child was seen",
    (_days(7), _days(7), _days(42)),
    f"{_CARE}, regulation 28(3) and (5)",
    "S",
    "placement",
    "care_visit",
    note="At least once a week until the first review, then every 6 weeks; under a care order every 6 weeks at once.",
)
CARE_VISIT_INTERIM = Kind(
    "care-visit-interim-order",
    "Visit to a child under an interim care order who lives with parents",
    "the placement or the order begins, then each visit",
    "the next visit at which the child was seen",
    (_days(7), _days(7), _days(28)),
    f"{_CARE}, regulation 28(4)",
    "S",
    "placement",
    "care_visit",
    note="At least once a week until the first review, then every 4 weeks.",
)
PATHWAY_REVIEW = Kind(
    "pathway-plan-review",
    "Review of a pathway plan",
    "the last review",
    "the next review",
    (_months(6),),
    "Care Leavers (England) Regulations 2010, as local procedures give them: at most every 6 months",
    "S~",
    "care_leaver",
    "care_leaver",
    note="The source gives only the latest review.",
)
PROTECTION_VISIT = Kind(
    "protection-visit",
    "Visit under a child protection plan",
    "the plan begins, then each visit",
    "the next visit at which the child was seen",
    (),
    "No national number: the authority sets it",
    "S~",
    "protection_plan",
    "protection_visit",
    whose="local",
)
NEED_VISIT = Kind(
    "need-visit",
    "Visit under a child in need plan",
    "the plan begins, then each visit",
    "the next visit at which the child was seen",
    (),
    "No national number: the authority sets it",
    "S~",
    "need_plan",
    "need_visit",
    whose="local",
)

RUN: tuple[Kind, ...] = (
    ASSESSMENT,
    INITIAL_CONFERENCE,
    PROTECTION_REVIEW,
    PROTECTION_VISIT,
    NEED_VISIT,
    CARE_REVIEW,
    CARE_VISIT,
    CARE_VISIT_PARENTS,
    CARE_VISIT_INTERIM,
    PATHWAY_REVIEW,
)
"""The clocks that a case system's tables can run."""

_NOT_RUN: tuple[Kind, ...] = (
    Kind("referral-decision", "Decision on a referral", "the referral is received", "a manager decides", (_working(1),),
         f"{_TOGETHER}, as local procedures give it: 1 working day", "S~", edition=_EDITION, cannot_be_read=_NO_TABLE),
    Kind("transfer-in-conference", "Conference after a move into the area", "the authority is told of the move",
         "the conference is held", (_working(15),), f"{_TOGETHER}: 15 working days", "S~", edition=_EDITION,
         cannot_be_read=_NO_TABLE),
    Kind("police-protection", "Police protection", "the child is removed", "it ends", (Limit(72, "hours"),),
         "Children Act 1989, section 46: 72 hours", "S", cannot_be_read="The dataset gives days and no times."),
    Kind("child-assessment-order", "Child assessment order", "the day the order gives", "it ends", (_days(7),),
         "Children Act 1989, section 43: 7 days", "S", convention=Convention.DAY_ONE, cannot_be_read=_NO_TABLE),
    Kind("care-proceedings", "Care proceedings (binds the court)", "the application is issued", "they are disposed of",
         (Limit(26, "weeks"),), "Children Act 1989, section 32: 26 weeks beginning with the day of issue", "S",
         convention=Convention.DAY_ONE, cannot_be_read=_NO_TABLE),
    Kind("private-fostering-visit", "Visit to a privately fostered child", "the authority becomes aware, then each visit",
         "the next visit", (Limit(6, "weeks"), Limit(12, "weeks")),
         "Children (Private Arrangements for Fostering) Regulations 2005, regulation 8", "S", cannot_be_read=_NO_TABLE),
    Kind("return-interview", "Interview after a child was missing", "the child is found", "the interview is held",
         (Limit(72, "hours"),), "Statutory guidance on children who run away or go missing (2014): 72 hours", "S",
         cannot_be_read="The dataset says whether an interview was offered, and not when it was held."),
    Kind("care-plan", "Care plan", "the child becomes looked after", "the plan is made", (_working(10),),
         f"{_CARE}, regulation 4, as local procedures give it: 10 working days", "S~", cannot_be_read=_NO_TABLE),
    Kind("temporary-approval", "Temporary approval of a connected person", "the placement begins", "full approval",
         (Limit(16, "weeks"),), f"{_CARE}, regulations 24 and 25: 16 weeks, and 8 more once", "S",
         cannot_be_read="The dataset does not show temporary approval."),
    Kind("health-assessment", "Review health assessment", "the last assessment", "the next assessment",
         (_months(6), _months(12)), "Local procedures: 6 months under the age of 5, 12 months from 5", "S",
         cannot_be_read="The dataset’s table of health assessments is not read here."),
    Kind("reviewing-officer", "Independent reviewing officer appointed", "the child becomes looked after",
         "an officer is appointed", (_working(5),), "Independent Reviewing Officers’ Handbook: 5 working days", "S",
         cannot_be_read=_NO_TABLE),
    Kind("adviser-visit", "Visit by a personal adviser", "new accommodation, then each visit", "the next visit",
         (_days(7), _months(2)), "Local procedures: 1 week, then at most 2 months", "S~", cannot_be_read=_NO_TABLE),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in (*RUN, *_NOT_RUN)}
"""Every kind of clock by its code."""
