"""Who was said to answer for a child, and on which night that was first in an extract."""

from __future__ import annotations

from dataclasses import dataclass

from lineofsight.samples.county.cases import Case
from lineofsight.samples.county.dice import Dice

CASE_WORKER, FAMILY_SUPPORT, ADVISER = "CW", "FS", "PA"


@dataclass(eq=False, slots=True)
class Involvement:
    """A row of involvements. `entered` and `end_entered` are the nights that first had its beginning and its end."""

    case: Case
    worker: str | None
    team: str
    role: str
    begun: int
    entered: int
    ended: int | None = None
    end_entered: int | None = None
    reason: str | None = None


class Book:
    """Every involvement there ever was; no two bear the same key."""

    def __init__(self) -> None:
        self.rows: list[Involvement] = []
        self._keys: set[tuple[str, str, str, int]] = set()

    def begin(
        self, case: Case, worker: str | None, team: str, begun: int, entered: int, role: str = CASE_WORKER
    ) -> Involvement:
        """Somebody, or a team alone, takes over on a day; entered on another. A key that was used begins a day later."""
        while (key := (case.referral, worker or team, role, begun)) in self._keys:
            begun += 1
        self._keys.add(key)
        row = Involvement(case, worker, team, role, begun, max(entered, begun))
        self.rows.append(row)
        return row

    def end(self, row: Involvement, day: int, entered: int, reason: str | None = None) -> None:
        """It holds no longer from a day on."""
        row.ended = max(day, row.begun)
        row.end_entered = max(entered, row.entered)
        row.reason = reason

    def stated(self) -> list[Involvement]:
        """Those that were ever in an extract: not those that began and ended before anybody entered them."""
        return [
            row
            for row in self.rows
            if row.ended is None or row.ended > row.begun or row.entered < (row.end_entered or 0)
        ]


def before_the_story(book: Book, dice: Dice, case: Case, worker: str, team: str) -> None:
    """Who answered for a child whose case was over before the story begins."""
    row = book.begin(case, worker, team, case.begun, case.begun)
    book.end(row, case.closed, case.closed)
    if dice.chance(0.1):
        support = book.begin(case, worker, team, case.begun, case.begun, FAMILY_SUPPORT)
        book.end(support, case.closed, case.closed)
