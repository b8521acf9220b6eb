"""Hand-worked children: their rows, the day they are looked at, and every clock they then have.

A clock is drawn as kind, first day, due day, state, the day it was met or ended, and the day of its breach.
"""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.clocks.chain import Rules
from lineofsight.clocks.child import clocks_of
from lineofsight.vocabulary.calendar import england
from lineofsight.vocabulary.limits import Limit
from tests.support.clock_rows import ordinal, rows_of

CASES = {
    "an assessment in time": ("2019-12-01", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-11-20",
        "assessment 2019-10-08 2019-12-10 met 2019-11-20 -"),
    "on the due day is in time": ("2019-12-20", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-12-10",
        "assessment 2019-10-08 2019-12-10 met 2019-12-10 -"),
    "a day late": ("2019-12-20", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-12-11",
        "assessment 2019-10-08 2019-12-10 met_late 2019-12-11 2019-12-11"),
    "authorised after the day asked for is not yet": ("2019-11-19", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-11-20",
        "assessment 2019-10-08 2019-12-10 running - -"),
    "ten working days left are due soon": ("2019-11-26", "episode referral=r 2019-10-08..",
        "assessment 2019-10-08 2019-12-10 due_soon - -"),
    "eleven are not": ("2019-11-25", "episode referral=r 2019-10-08..", "assessment 2019-10-08 2019-12-10 running - -"),
    "overdue from the day after": ("2019-12-11", "episode referral=r 2019-10-08..",
        "assessment 2019-10-08 2019-12-10 overdue - 2019-12-11"),
    "no further action has no clock": ("2019-12-11", "episode referral=r 2019-10-08.. nfa=Y", ""),
    "begun and closed on one day has none": ("2019-12-11", "episode referral=r 2019-10-08..2019-10-08", ""),
    "closed before it was due": ("2019-12-20", "episode referral=r 2019-10-08..2019-11-01",
        "assessment 2019-10-08 2019-12-10 ended 2019-11-01 -"),
    "closed when it was overdue": ("2020-01-20", "episode referral=r 2019-10-08..2020-01-06",
        "assessment 2019-10-08 2019-12-10 ended 2020-01-06 2019-12-11"),
    "authorised on the closing day": ("2019-12-20", "episode referral=r 2019-10-08..2019-11-01\nassessment referral=r 2019-10-09..2019-11-01",
        "assessment 2019-10-08 2019-12-10 met 2019-11-01 -"),
    "authorised after closing": ("2019-12-20", "episode referral=r 2019-10-08..2019-11-01\nassessment referral=r 2019-10-09..2019-11-02",
        "assessment 2019-10-08 2019-12-10 ended 2019-11-01 -"),
    "an assessment from before the referral does not meet it": ("2019-11-01", "episode referral=r 2019-10-08..\nassessment referral=r 2019-09-01..2019-10-01",
        "assessment 2019-10-08 2019-12-10 running - -"),
    "a further assessment has its own": ("2020-01-10", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-11-20\nassessment referral=r 2019-11-20..2020-01-09",
        "assessment 2019-10-08 2019-12-10 met 2019-11-20 -\nassessment 2019-11-20 2020-01-27 met 2020-01-09 -"),
    "one begun before the first was authorised has none": ("2020-01-10", "episode referral=r 2019-10-08..\nassessment referral=r 2019-10-09..2019-11-20\nassessment referral=r 2019-11-19..",
        "assessment 2019-10-08 2019-12-10 met 2019-11-20 -"),
    "one begun on the closing day has none": ("2020-01-10", "episode referral=r 2019-10-08..2019-12-01\nassessment referral=r 2019-10-09..2019-11-20\nassessment referral=r 2019-12-01..",
        "assessment 2019-10-08 2019-12-10 met 2019-11-20 -"),
    "without a referral by its first day, of the earliest episode": ("2019-12-01", "episode referral=r 2019-10-08..\nepisode referral=s 2019-10-10..\nassessment 2019-10-11..2019-11-20",
        "assessment 2019-10-08 2019-12-10 met 2019-11-20 -\nassessment 2019-10-10 2019-12-12 due_soon - -"),
    "the same episode from two sources is one clock": ("2019-11-01", "episode referral=r 2019-10-08..\nepisode referral=r 2019-10-08.. source=two",
        "assessment 2019-10-08 2019-12-10 running - -"),
    "a source that never delivers assessments cannot tell": ("2020-01-01", "episode referral=r 2019-10-08.. source=none",
        "assessment 2019-10-08 2019-12-10 cannot_tell - -"),

    "a conference in time": ("2019-05-20", "enquiry referral=r 2019-04-17..2019-04-25\nconference referral=r @2019-05-10",
        "initial-conference 2019-04-17 2019-05-13 met 2019-05-10 -"),
    "the enquiry ended and no conference is known by then": ("2019-05-09", "enquiry referral=r 2019-04-17..2019-04-25\nconference referral=r @2019-05-10",
        "initial-conference 2019-04-17 2019-05-13 ended 2019-04-25 -"),
    "an enquiry without further action": ("2019-05-09", "enquiry referral=r 2019-04-17..2019-04-25 nfa=Y", ""),
    "a conference of another referral": ("2019-05-20", "episode referral=r 2019-04-01.. nfa=Y\nepisode referral=s 2019-04-01.. nfa=Y\nenquiry referral=r 2019-04-17..\nconference referral=s @2019-05-10",
        "initial-conference 2019-04-17 2019-05-13 overdue - 2019-05-14"),
    "a conference that names no referral": ("2019-05-20", "enquiry referral=r 2019-04-17..\nconference @2019-05-10",
        "initial-conference 2019-04-17 2019-05-13 met 2019-05-10 -"),
    "a transfer-in conference is none": ("2019-05-20", "enquiry referral=r 2019-04-17..\nconference referral=r @2019-05-10 transfer_in=Y",
        "initial-conference 2019-04-17 2019-05-13 overdue - 2019-05-14"),

    "reviews of a plan anchor on the one before": ("2020-01-01", "protection_plan 2018-11-30..\nprotection_review @2019-02-28\nprotection_review @2019-08-31",
        "protection-review 2018-11-30 2019-02-28 met 2019-02-28 -\nprotection-review 2019-02-28 2019-08-28 met_late 2019-08-31 2019-08-29\nprotection-review 2019-08-31 2020-02-29 running - -"),
    "a review on the first day is none": ("2019-01-01", "protection_plan 2018-11-30..\nprotection_review @2018-11-30",
        "protection-review 2018-11-30 2019-02-28 running - -"),
    "a review on the last day is one, and begins no other": ("2019-04-01", "protection_plan 2018-11-30..2019-02-20\nprotection_review @2019-02-20",
        "protection-review 2018-11-30 2019-02-28 met 2019-02-20 -"),
    "another authority’s plan has none": ("2019-04-01", "protection_plan 2018-11-30.. other_authority=Y", ""),
    "a review where two plans touch is of the first": ("2019-03-01", "protection_plan 2018-11-30..2019-02-20\nprotection_plan 2019-02-20..\nprotection_review @2019-02-20",
        "protection-review 2018-11-30 2019-02-28 met 2019-02-20 -\nprotection-review 2019-02-20 2019-05-20 running - -"),
    "a review that was not quorate was held": ("2019-03-01", "protection_plan 2018-11-30..\nprotection_review @2019-02-20 quorate=N",
        "protection-review 2018-11-30 2019-02-28 met 2019-02-20 -\nprotection-review 2019-02-20 2019-08-20 running - -"),

    "three steps of care reviews": ("2019-12-01", "care_episode care=c 2019-01-02..\ncare_review care=c @2019-01-29\ncare_review care=c @2019-05-10\ncare_review care=c @2019-11-01",
        "care-review 2019-01-02 2019-01-30 met 2019-01-29 -\ncare-review 2019-01-29 2019-04-29 met_late 2019-05-10 2019-04-30\ncare-review 2019-05-10 2019-11-10 met 2019-11-01 -\ncare-review 2019-11-01 2020-05-01 running - -"),
    "a cancelled review is none": ("2019-02-10", "care_episode care=c 2019-01-02..\ncare_review care=c @2019-01-29 cancelled=Y",
        "care-review 2019-01-02 2019-01-30 overdue - 2019-01-31"),
    "rows of care that touch are one period": ("2019-02-10", "care_episode care=c 2019-01-02..2019-01-20\ncare_episode care=d 2019-01-20..\ncare_review care=c @2019-01-29",
        "care-review 2019-01-02 2019-01-30 met 2019-01-29 -\ncare-review 2019-01-29 2019-04-29 running - -"),
    "a gap makes two periods": ("2019-02-10", "care_episode care=c 2019-01-02..2019-01-20\ncare_episode care=c 2019-01-21..\ncare_review care=c @2019-01-29",
        "care-review 2019-01-02 2019-01-30 ended 2019-01-20 -\ncare-review 2019-01-21 2019-02-18 met 2019-01-29 -\ncare-review 2019-01-29 2019-04-29 running - -"),
    "a review whose number no row has goes by its day": ("2019-02-10", "care_episode care=c 2019-01-02..\ncare_review care=x @2019-01-29",
        "care-review 2019-01-02 2019-01-30 met 2019-01-29 -\ncare-review 2019-01-29 2019-04-29 running - -"),
    "short breaks have no clocks": ("2019-02-10", "care_episode care=c 2019-01-02..\nlegal_status status=V4 2019-01-02..\nplacement care=c 2019-01-02..", ""),
    "a period begins anew where a short break ends": ("2019-03-20", "care_episode care=c 2019-01-02..\nlegal_status status=V3 2019-01-02..2019-03-01\nlegal_status status=C2 2019-03-01..\nplacement kind=U6 2019-01-02..",
        "care-review 2019-03-01 2019-03-29 due_soon - -\ncare-visit 2019-03-01 2019-03-08 overdue - 2019-03-09"),

    "visits from the placement’s first day": ("2019-03-20", "placement kind=U6 2019-01-02..\ncare_visit @2019-01-02\ncare_visit @2019-02-13",
        "care-visit 2019-01-02 2019-01-09 met 2019-01-02 -\ncare-visit 2019-01-02 2019-02-13 met 2019-02-13 -\ncare-visit 2019-02-13 2019-03-27 due_soon - -"),
    "each placement starts anew, and its first day is its own": ("2019-02-01", "placement kind=U6 2019-01-02..2019-01-20\nplacement kind=K2 2019-01-20..\ncare_visit @2019-01-08\ncare_visit @2019-01-20",
        "care-visit 2019-01-02 2019-01-09 met 2019-01-08 -\ncare-visit 2019-01-08 2019-02-19 ended 2019-01-20 -\ncare-visit 2019-01-20 2019-01-27 met 2019-01-20 -\ncare-visit 2019-01-20 2019-03-03 running - -"),
    "a visit at which the child was not seen meets nothing": ("2019-01-20", "placement kind=U6 2019-01-02..\ncare_visit @2019-01-08 seen=N\ncare_visit @2019-01-09 seen=Y",
        "care-visit 2019-01-02 2019-01-09 met 2019-01-09 -\ncare-visit 2019-01-09 2019-02-20 running - -"),
    "a visit on the last day meets its clock": ("2019-02-01", "placement kind=U6 2019-01-02..2019-01-09\ncare_visit @2019-01-09",
        "care-visit 2019-01-02 2019-01-09 met 2019-01-09 -"),
    "with parents another clock runs, weekly to the first review": ("2019-02-20", "care_episode care=c 2019-01-02..\nplacement care=c kind=P1 2019-01-02..\ncare_review care=c @2019-01-25\ncare_visit @2019-01-09\ncare_visit @2019-01-16\ncare_visit @2019-01-28",
        "care-review 2019-01-02 2019-01-30 met 2019-01-25 -\ncare-visit-with-parents 2019-01-02 2019-01-09 met 2019-01-09 -\ncare-visit-with-parents 2019-01-09 2019-01-16 met 2019-01-16 -\ncare-visit-with-parents 2019-01-16 2019-01-23 met_late 2019-01-28 2019-01-24\ncare-review 2019-01-25 2019-04-25 running - -\ncare-visit-with-parents 2019-01-28 2019-03-11 running - -"),
    "under an interim order every four weeks after the first review": ("2019-02-01", "care_episode care=c 2019-01-02..\nlegal_status status=C1 2019-01-02..\nplacement care=c kind=P1 2019-01-02..\ncare_review care=c @2019-01-05\ncare_visit @2019-01-09",
        "care-review 2019-01-02 2019-01-30 met 2019-01-05 -\ncare-visit-interim-order 2019-01-02 2019-01-09 met 2019-01-09 -\ncare-review 2019-01-05 2019-04-05 running - -\ncare-visit-interim-order 2019-01-09 2019-02-06 due_soon - -"),
    "a care order starts visits anew with parents": ("2019-02-01", "legal_status status=C2 2019-01-20..\nplacement kind=P1 2019-01-02..\ncare_visit @2019-01-08\ncare_visit @2019-01-22",
        "care-visit-with-parents 2019-01-02 2019-01-09 met 2019-01-08 -\ncare-visit-with-parents 2019-01-08 2019-01-15 ended 2019-01-20 2019-01-16\ncare-visit-with-parents 2019-01-20 2019-01-27 met 2019-01-22 -\ncare-visit-with-parents 2019-01-22 2019-03-05 running - -"),

    "a local limit runs where the authority set it": ("2019-02-01", "protection_plan 2019-01-02..\nprotection_visit @2019-01-14",
        "protection-visit 2019-01-02 2019-01-16 met 2019-01-14 -\nprotection-review 2019-01-02 2019-04-02 running - -\nprotection-visit 2019-01-14 2019-01-28 overdue - 2019-01-29"),
    "a pathway plan six months after its last review": ("2019-09-01", "care_leaver @2019-02-28",
        "pathway-plan-review 2019-02-28 2019-08-28 overdue - 2019-08-29"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_clocks_of_a_child(name: str) -> None:
    day, rows, clocks = CASES[name]
    local = {("one", "protection-visit"): Limit(10, "working days")} if "local" in name else {}
    as_at = ordinal(day)
    assert as_at is not None
    rules = Rules(as_at, england(), lambda source, _: source != "none", local)
    found = clocks_of(rules, "A", rows_of(rows))

    def drawn(number: int | None) -> str:
        return "-" if number is None else date.fromordinal(number).isoformat()

    lines = [
        " ".join(
            (
                clock.kind.code,
                drawn(clock.begun_on),
                drawn(clock.due_on),
                clock.state(as_at, rules.calendar),
                drawn(clock.ended_on),
                drawn(clock.breached_on(as_at)),
            )
        )
        for clock in found
    ]
    assert sorted(lines) == sorted(clocks.splitlines())
