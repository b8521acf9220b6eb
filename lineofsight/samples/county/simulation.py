"""Two years of who answers, a day at a time: who waits, who is given whom, who leaves, what is entered late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lineofsight.samples.county import story, waiting
from lineofsight.samples.county.arrivals import IN_FULL_FROM
from lineofsight.samples.county.cases import (
    ASSESSED,
    CARE,
    DISABLED,
    PROTECTION,
    Case,
    weekend,
)
from lineofsight.samples.county.dice import Dice
from lineofsight.samples.county.involvements import FAMILY_SUPPORT, Book, before_the_story
from lineofsight.samples.county.teams import BY_ID, DUTY_TRAY, Staff, Team, Worker
from lineofsight.samples.county.waiting import Open

FIRST = IN_FULL_FROM.toordinal()
LAST = story.CUT_SHORT.toordinal()
_LEAVES_A_DAY = {True: 0.40 / 365, False: 0.16 / 365}
"""The chance of a worker from an agency, or an employed one, to leave on a day."""


@dataclass(frozen=True)
class Visit:
    """Somebody called on a child."""

    case: Case
    day: int
    seen: bool
    alone: bool
    entered: int


class Answering:
    """Plays the story's days in their order. Whoever waits is in `waiting`, whoever does not in a worker's hands."""

    def __init__(self, dice: Dice, cases: list[Case], scale: float) -> None:
        self.dice = dice
        self.scale = scale
        self.staff = Staff(dice, scale, FIRST - 1)
        self.book = Book()
        self.visits: list[Visit] = []
        self.waiting: list[Open] = []
        self.open: dict[int, Open] = {}
        self._arriving: dict[int, list[Case]] = defaultdict(list)
        self._handing_over: dict[int, list[Open]] = defaultdict(list)
        self._closing: dict[int, list[Open]] = defaultdict(list)
        self._visiting: dict[int, list[tuple[Open, Worker]]] = defaultdict(list)
        self._joining: dict[int, list[Team]] = defaultdict(list)
        for case in cases:
            self._placed(case)

    def _placed(self, case: Case) -> None:
        if not case.acted:
            case.closed_entered = case.closed
        elif case.closed <= FIRST:
            case.closed_entered = case.closed
            team = waiting.team_of(case, case.closed)
            before_the_story(
                self.book, self.dice, case, self.dice.of(self.staff.holders[team.id]).number, team.id
            )
        else:
            self._arriving[max(case.begun, FIRST)].append(case)

    def begin_day(self, day: int) -> None:
        """Workers come and go, and cases open, are handed over and close."""
        self._staff_changes(day)
        for case in self._arriving.pop(day, ()):
            self._arrive(case, day)
        for open_case in self._handing_over.pop(day, ()):
            self._hand_over(open_case, day)
        for open_case in self._closing.pop(day, ()):
            self._come_to_an_end(open_case, day)

    def end_day(self, day: int) -> None:
        """Children who wait are given workers, and workers make their visits."""
        self._allocate(day)
        for open_case, worker in self._visiting.pop(day, ()):
            self._visit(open_case, worker, day)

    # -- children come and go -------------------------------------------------------------------

    def _arrive(self, case: Case, day: int) -> None:
        open_case = Open(case, waiting.team_of(case, day))
        self.open[case.number] = open_case
        self._closing[case.closed].append(open_case)
        if case.assessed > day:
            self._handing_over[case.assessed].append(open_case)
        if day == FIRST and case.begun < FIRST:
            since = self.dice.whole(
                max(case.begun, case.assessed if case.assessed <= FIRST else 0, FIRST - 400), FIRST
            )
            self.give(open_case, day, begun=since, lag=0)
        else:
            self.wait(open_case, day)
        if self.dice.chance(0.12) and case.path != ASSESSED:
            helper = self.dice.of(self.staff.supporting).number
            open_case.support = self.book.begin(case, helper, open_case.team.id, day, day, FAMILY_SUPPORT)

    def _hand_over(self, open_case: Open, day: int) -> None:
        """The assessment is done: the child goes to another team, unless nobody was there to do it."""
        if open_case.case.number not in self.open or (open_case.case.closed <= day and open_case.worker):
            return
        if not open_case.worker:
            open_case.case.assessed = day + 7
            open_case.case.closed = max(
                open_case.case.closed, day + (7 if open_case.case.path == ASSESSED else 28)
            )
            self._handing_over[day + 7].append(open_case)
            return
        open_case.team = waiting.team_of(open_case.case, day)
        direct = 0.9 if open_case.case.path in (CARE, PROTECTION) else 0.25
        if self.dice.chance(direct):
            self.give(open_case, day, begun=day, lag=self._lag(day))
        else:
            self.wait(open_case, day)

    def _come_to_an_end(self, open_case: Open, day: int) -> None:
        if open_case.case.number not in self.open:
            return
        if open_case.case.closed > day:
            self._closing[open_case.case.closed].append(open_case)
            return
        self.close(open_case, day, day + self._lag(day))

    def close(self, open_case: Open, day: int, entered: int) -> None:
        """A case is closed, and nobody answers for the child any more."""
        open_case.case.closed, open_case.case.closed_entered = day, entered
        self._let_go(open_case, day, entered)
        if open_case.support:
            self.book.end(open_case.support, day, entered)
        del self.open[open_case.case.number]

    # -- who answers ------------------------------------------------------------------------------

    def _let_go(self, open_case: Open, day: int, entered: int, reason: str | None = None) -> None:
        if open_case.worker:
            del open_case.worker.children[open_case.case.number]
            open_case.worker = None
        elif open_case in self.waiting:
            self.waiting.remove(open_case)
        if open_case.row:
            self.book.end(open_case.row, day, entered, reason)
            open_case.row = None
        open_case.waits_since = None

    def wait(self, open_case: Open, day: int, how: str | None = None) -> None:
        """Nobody answers from a day on: a manager's name, the duty tray, a team alone or nothing stands there."""
        self._let_go(open_case, day, day, "TEAMCHANGE" if open_case.worker else None)
        open_case.waits_since = day
        how = how or waiting.how(self.dice, day, assessing=open_case.case.assessed > day)
        if how != waiting.NOBODY:
            whose = {
                waiting.MANAGER: self.staff.managers[open_case.team.id].number,
                waiting.DUTY: DUTY_TRAY,
            }.get(how)
            open_case.row = self.book.begin(open_case.case, whose, open_case.team.id, day, day)
        self.waiting.append(open_case)

    def give(self, open_case: Open, day: int, *, begun: int, lag: int) -> None:
        """A worker of the child's team answers from `begun` on; it is entered `lag` days after `day`."""
        worker = self.staff.least_loaded(open_case.team, begun)
        self._let_go(open_case, begun, day + lag)
        open_case.worker, open_case.frozen = worker, False
        worker.children[open_case.case.number] = None
        open_case.row = self.book.begin(open_case.case, worker.number, open_case.team.id, begun, day + lag)
        self._visiting[day + self.dice.whole(1, 12)].append((open_case, worker))

    def _lag(self, day: int) -> int:
        """How many days later something is entered."""
        if day >= story.ENTERED_AT_ONCE.toordinal() - 4 or self.dice.chance(0.8):
            return 0
        return 1 if self.dice.chance(0.6) else self.dice.whole(2, 4)

    def _allocate(self, day: int) -> None:
        """As many children are given a worker as brings those who wait down to what the story says."""
        most = round(story.waiting_on(day) * self.scale)
        if weekend(day) and most:
            return
        while len(self.waiting) > most and (open_case := waiting.next_of(self.dice, self.waiting)):
            self.give(open_case, day, begun=day, lag=self._lag(day))

    # -- workers ----------------------------------------------------------------------------------

    def _staff_changes(self, day: int) -> None:
        for team in self._joining.pop(day, ()):
            self.staff.joined(team, day)
        if weekend(day):
            return
        for holders in self.staff.holders.values():
            for worker in list(holders):
                if self.dice.chance(_LEAVES_A_DAY[worker.agency] * 1.4) and len(holders) > 1:
                    self.leave(worker, day)

    def leave(self, worker: Worker, day: int) -> None:
        """A worker leaves; somebody joins the team within a fortnight, and the children wait meanwhile."""
        self.staff.leaves(worker, day)
        self._joining[day + self.dice.whole(1, 14)].append(BY_ID[worker.team.id])
        for number in list(worker.children):
            open_case = self.open[number]
            if self.dice.chance(0.6):
                self.give(open_case, day, begun=day, lag=self._lag(day))
            else:
                self.wait(open_case, day)

    # -- visits -----------------------------------------------------------------------------------

    def _visit(self, open_case: Open, worker: Worker, day: int) -> None:
        if open_case.worker is not worker:
            return
        if weekend(day):
            self._visiting[day + 2].append((open_case, worker))
            return
        seen = self.dice.chance(0.93)
        entered = day + self.dice.whole(0, 3)
        self.visits.append(Visit(open_case.case, day, seen, seen and self.dice.chance(0.7), entered))
        usual = {CARE: 38, PROTECTION: 15, DISABLED: 40}.get(open_case.case.path, 26)
        tired = 1.6 if worker.load > 22 else 1.0
        self._visiting[day + self.dice.whole(usual - 6, round(usual * 1.3 * tired))].append(
            (open_case, worker)
        )
