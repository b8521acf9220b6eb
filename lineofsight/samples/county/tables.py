"""The tables that tell what was done for each child: assessments, enquiries, plans, care, reviews."""

from __future__ import annotations

from collections.abc import Iterable

from lineofsight.samples.county import published
from lineofsight.samples.county.cases import (
    ADULT,
    ASSESSED,
    CARE,
    DISABLED,
    NEED,
    PROTECTION,
    YEAR,
    Case,
    Child,
)
from lineofsight.samples.county.dice import Dice
from lineofsight.samples.county.simulation import FIRST, LAST, Answering, Visit
from lineofsight.samples.county.versions import Versions
from lineofsight.samples.county.waiting import team_of

_RESTRICTED_EVERY, _RESTRICTED_FIRST = 1_777, 50
"""Which children's records look restricted: those of people who work here, say."""
_ENQUIRED_IN_NEED = 0.47
_REVIEW_EVERY = 182
_CARE_REVIEWS = (20, 112)
_YES, _NO = "Y", "N"


class Tables:
    """Fills the tables from the cases as they turned out."""

    def __init__(self, dice: Dice, county: Answering) -> None:
        self._dice = dice
        self._county = county
        self._disabled: set[int] = set()
        self._begin_children()
        self._begin_assessments()
        self._begin_plans()
        self._begin_care()
        self._begin_visits()
        self._begin_staff()

    def _begin_children(self) -> None:
        """Who the children are, and why they are known."""
        self.child = Versions(
            "child", "child", "forename", "surname", "sex", "ethnicity", "born_on", "expected_on"
        )
        self.disability = Versions("disability", "child", "disability")
        self.episode = Versions(
            "episode",
            "child",
            "referral",
            "begun_on",
            "closed_on",
            "need",
            "referred_by",
            "nfa",
            "close_reason",
            "team",
        )

    def _begin_assessments(self) -> None:
        """What was found out about a child."""
        self.assessment = Versions(
            "assessment", "child", "referral", "begun_on", "authorised_on", "seen", "nfa", "team"
        )
        self.enquiry = Versions("enquiry", "child", "referral", "begun_on", "ended_on", "nfa", "team")
        self.conference = Versions(
            "conference", "child", "referral", "target_on", "held_on", "transfer_in", "protection", "team"
        )

    def _begin_plans(self) -> None:
        """The plans for children at home."""
        self.need_plan = Versions("need_plan", "child", "referral", "begun_on", "ended_on", "team")
        self.protection_plan = Versions(
            "protection_plan",
            "child",
            "referral",
            "begun_on",
            "ended_on",
            "initial_category",
            "latest_category",
            "other_authority",
        )
        self.protection_review = Versions(
            "protection_review", "child", "due_on", "held_on", "continued", "quorate"
        )

    def _begin_care(self) -> None:
        """Children looked after, and those who left care."""
        self.care_episode = Versions(
            "care_episode",
            "child",
            "care",
            "referral",
            "begun_on",
            "ended_on",
            "begun_because",
            "ended_because",
            "need",
            "entered_care_on",
        )
        self.placement = Versions("placement", "child", "care", "begun_on", "ended_on", "kind", "provider")
        self.legal_status = Versions("legal_status", "child", "status", "begun_on", "ended_on")
        self.care_review = Versions("care_review", "child", "care", "due_on", "held_on", "cancelled")
        self.care_leaver = Versions(
            "care_leaver",
            "child",
            "eligibility",
            "in_touch",
            "last_contact_on",
            "accommodation",
            "suitable",
            "activity",
            "adviser",
            "team",
        )

    def _begin_visits(self) -> None:
        """The visits under each kind of plan."""
        self.need_visit = Versions("need_visit", "child", "visited_on", "seen", "seen_alone", "bedroom")
        self.protection_visit = Versions(
            "protection_visit", "child", "visited_on", "seen", "seen_alone", "bedroom"
        )
        self.care_visit = Versions("care_visit", "child", "visited_on", "seen", "seen_alone")

    def _begin_staff(self) -> None:
        """Who works with whom, and in which team."""
        self.involvement = Versions(
            "involvement",
            "child",
            "referral",
            "worker",
            "team",
            "role",
            "begun_on",
            "ended_on",
            "change_reason",
        )
        self.worker = Versions(
            "worker",
            "worker",
            "staff_id",
            "name",
            "registration",
            "job_title",
            "department",
            "fte",
            "agency",
            "left_on",
        )
        self.team = Versions("team", "team", "name", "parent", "parent_name")

    def fill(self, children: Iterable[Child], cases: Iterable[Case]) -> list[Versions]:
        """Every table, filled."""
        for child in children:
            self._person(child)
        for case in cases:
            self._case(case)
        for visit in self._county.visits:
            self._visit(visit)
        return [one for one in vars(self).values() if isinstance(one, Versions)]

    def _person(self, child: Child) -> None:
        born = child.born <= LAST and child.born <= child.first_known
        restricted = child.number % _RESTRICTED_EVERY == _RESTRICTED_FIRST
        surname = f"{'Restricted' if restricted else 'Child'} {child.number:07}"
        cells = (child.id, "Synthetic", surname, child.sex, child.ethnicity)
        if born:
            self.child.state(child.first_known, *cells, child.born, None)
            return
        self.child.state(child.first_known, *cells, None, child.born, until=child.born + 3)
        self.child.state(child.born + 3, *cells, child.born, None)

    def _case(self, case: Case) -> None:
        closing = case.closed_entered or case.closed
        cells = (case.need, case.referred_by, _NO if case.acted else _YES)
        first = (case.child.id, case.referral, case.begun)
        self.episode.state(case.begun, *first, None, *cells, None, "front-door", until=closing)
        self.episode.state(closing, *first, case.closed, *cells, case.reason, "front-door")
        if not case.acted:
            return
        if not case.straight:
            self._assessment(case)
        if case.path == DISABLED and case.detailed and case.child.number not in self._disabled:
            self._disabled.add(case.child.number)
            self.disability.state(case.begun, case.child.id, "LD")
        if case.closed <= case.assessed or case.path == ASSESSED:
            return
        {NEED: self._need, DISABLED: self._need, PROTECTION: self._protection, CARE: self._care}[case.path](
            case
        )

    def _lag(self) -> int:
        return 0 if self._dice.chance(0.7) else self._dice.whole(1, 4)

    def _assessment(self, case: Case) -> None:
        cells = (case.child.id, case.referral, case.begun)
        team = team_of(case, case.begun - 1 if case.assessed == case.begun else case.begun).id
        done = case.assessed + self._lag()
        nothing_more = _YES if case.path == ASSESSED else _NO
        self.assessment.state(case.begun, *cells, None, None, None, team, until=done)
        self.assessment.state(
            done, *cells, case.assessed, _YES if self._dice.chance(0.97) else _NO, nothing_more, team
        )

    # -- plans --------------------------------------------------------------------------------------

    def _plan(self, to: Versions, case: Case, begun: int, ended: int, *after: str | None) -> None:
        """A plan from a day to another, which is not after the case's own last."""
        cells = (case.child.id, case.referral, begun)
        end_entered = ended + self._lag() if ended < case.closed else max(case.closed_entered, ended)
        to.state(begun + self._lag(), *cells, None, *after, until=end_entered)
        to.state(end_entered, *cells, ended, *after)

    def _need(self, case: Case) -> None:
        self._plan(self.need_plan, case, case.assessed, case.closed, team_of(case, case.assessed).id)
        if case.path == NEED and self._dice.chance(_ENQUIRED_IN_NEED):
            self._enquiry(
                case, case.begun + self._dice.whole(0, max(0, case.assessed - case.begun)), further=False
            )
            if self._dice.chance(0.12):
                self._conference(case, case.assessed, protection=False)

    def _enquiry(self, case: Case, begun: int, *, further: bool) -> None:
        ended = begun + self._dice.whole(3, 12)
        cells = (case.child.id, case.referral, begun)
        team = team_of(case, begun).id
        self.enquiry.state(begun, *cells, None, None, team, until=ended)
        self.enquiry.state(ended, *cells, ended, _NO if further else _YES, team)

    def _conference(self, case: Case, held: int, *, protection: bool) -> None:
        """Within fifteen working days of the enquiry's beginning three times in four."""
        target = held + self._dice.whole(0, 8) if self._dice.chance(0.743) else held - self._dice.whole(1, 15)
        self.conference.state(
            held + 1,
            case.child.id,
            case.referral,
            target,
            held,
            _NO,
            _YES if protection else _NO,
            team_of(case, held).id,
        )

    def _protection(self, case: Case) -> None:
        begun = case.assessed
        ended = max(begun + 1, case.closed - self._dice.whole(20, 60))
        self._enquiry(case, max(case.begun, begun - self._dice.whole(10, 20)), further=True)
        self._conference(case, begun, protection=True)
        category = self._dice.weighted(published.CATEGORY)
        self._plan(self.protection_plan, case, begun, ended, category, category, _NO)
        self._plan(self.need_plan, case, ended, case.closed, team_of(case, ended).id)
        due = begun + 90
        while due < min(ended, LAST):
            held = due + self._dice.whole(-12, 6)
            self.protection_review.state(
                held + 1, case.child.id, due, held, _NO if held + 180 > ended else _YES, _YES
            )
            due += _REVIEW_EVERY

    # -- care ---------------------------------------------------------------------------------------

    def _care(self, case: Case) -> None:
        child, care, begun, ended = case.child.id, f"SYNL{case.number:06}", case.assessed, case.closed
        because = "E11" if case.reason == "RC1" else "E4A"
        until = max(case.closed_entered, ended)
        first = (child, care, case.referral, begun)
        self.care_episode.state(begun, *first, None, "S", None, case.need, begun, until=until)
        self.care_episode.state(until, *first, ended, "S", because, case.need, begun)
        status = self._dice.weighted(published.LEGAL_STATUS)
        self.legal_status.state(begun, child, status, begun, None, until=until)
        self.legal_status.state(until, child, status, begun, ended)
        self._placements(child, care, begun, ended, until)
        self._care_reviews(child, care, begun, ended)
        if case.child.born + ADULT <= ended + 2 and ended <= LAST:
            self._leaves_care(case)

    def _placements(self, child: str, care: str, begun: int, ended: int, until: int) -> None:
        while begun < ended:
            kind = self._dice.weighted(published.PLACEMENT)
            moved = min(ended, begun + self._dice.whole(60, 1_400))
            entered = until if moved == ended else moved
            more = (kind, "PR4" if self._dice.chance(0.4) else "PR1")
            self.placement.state(begun, child, care, begun, None, *more, until=entered)
            self.placement.state(entered, child, care, begun, moved, *more)
            begun = moved

    def _care_reviews(self, child: str, care: str, begun: int, ended: int) -> None:
        first, second = _CARE_REVIEWS
        due = begun + first
        while due < min(ended, LAST):
            if due > FIRST - 400:
                held = due + self._dice.whole(-9, 7)
                self.care_review.state(held + 1, child, care, due, held, _NO)
            due += second - first if due == begun + first else _REVIEW_EVERY

    def _leaves_care(self, case: Case) -> None:
        touch = case.closed + self._dice.whole(5, 60)
        suitable = _YES if self._dice.chance(0.62) else _NO
        advisers = [one for one in self._county.staff.everyone if one.job_title == "Personal Adviser"]
        adviser = self._dice.of(advisers).number if advisers else None
        self.care_leaver.state(
            touch,
            case.child.id,
            "Former relevant",
            _YES,
            touch,
            "U",
            suitable,
            "F1",
            adviser,
            "leaving-care",
            until=case.child.born + round(21 * YEAR),
        )

    def _visit(self, visit: Visit) -> None:
        cells = (visit.case.child.id, visit.day, _YES if visit.seen else _NO, _YES if visit.alone else _NO)
        if visit.case.path == CARE:
            self.care_visit.state(visit.entered, *cells)
        elif visit.case.path == PROTECTION:
            self.protection_visit.state(visit.entered, *cells, cells[-1])
        else:
            self.need_visit.state(visit.entered, *cells, cells[-1])
