"""The plain rule: every clock of one child, and when the record could first know of a breach. Tests compare others with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lineofsight.clocks.care import care_clocks
from lineofsight.clocks.chain import Clock, Rules
from lineofsight.clocks.need import assessments, conferences
from lineofsight.clocks.plans import plan_clocks
from lineofsight.clocks.rows import Row, Rows
from lineofsight.vocabulary.moments import end_of, microseconds

Versions = Mapping[str, Sequence[Row]]
"""By table, every version of the rows of one child that was ever stated."""

_NEVER = 10**9


def clocks_of(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """Every clock of a child that had begun by the day, in order of its first day."""
    found = [
        *assessments(rules, child, rows),
        *conferences(rules, child, rows),
        *plan_clocks(rules, child, rows),
        *care_clocks(rules, child, rows),
    ]
    return sorted(_once(found), key=lambda clock: (clock.begun_on, clock.kind.code, clock.due_on))


def _once(clocks: Iterable[Clock]) -> list[Clock]:
    """Of clocks alike in kind, first day and due day, the one that ended first."""
    found: dict[tuple[str, str, int, int], Clock] = {}
    for clock in clocks:
        other = found.get(clock.identity)
        if other is None or _ended(clock) < _ended(other):
            found[clock.identity] = clock
    return list(found.values())


def _ended(clock: Clock) -> tuple[int, bool]:
    return (_NEVER if clock.ended_on is None else clock.ended_on, not clock.met)


@dataclass(frozen=True)
class Knowledge:
    """How what was known of one child changed. Moments are in microseconds.

    `known_by`: the moment an answer is given for. `received`: the moments of deliveries up to it, in order.
    `rules_by`: the rules by what sources had delivered by a moment.
    """

    child: str
    versions: Versions
    known_from: str
    known_to: str
    known_by: int
    received: Sequence[int]
    rules_by: Callable[[int], Rules]

    def clocks_by(self, moment: int) -> Mapping[tuple[str, str, int, int], Clock]:
        """The clocks known by a moment, by what they are alike in; worked out once for each change of what was known."""
        state = bisect_right(self._changes, moment)
        if state not in self._worked_out:
            found = clocks_of(self.rules_by(moment), self.child, self._rows_by(moment))
            self._worked_out[state] = {clock.identity: clock for clock in found}
        return self._worked_out[state]

    @cached_property
    def _worked_out(self) -> dict[int, Mapping[tuple[str, str, int, int], Clock]]:
        return {}

    @cached_property
    def _changes(self) -> list[int]:
        """The moments at which any row of the child became known or was replaced, and the first of each table's."""
        own = {
            row[column]
            for rows in self.versions.values()
            for row in rows
            for column in (self.known_from, self.known_to)
        }
        return sorted(own | set(self.rules_by(self.known_by).tables_since))

    def _rows_by(self, moment: int) -> dict[str, list[Row]]:
        return {
            table: [row for row in rows if row[self.known_from] <= moment < row[self.known_to]]
            for table, rows in self.versions.items()
        }


def noticed_at(knowledge: Knowledge, clock: Clock, as_at: int) -> int | None:
    """The first delivery after the due day by which the record knew that the clock had begun and was not kept.

    None for a clock that was kept, or of which nothing was received since.
    """
    if clock.breached_on(as_at) is None:
        return None
    due = _end_of(clock.due_on)
    for moment in knowledge.received[bisect_right(knowledge.received, due) :]:
        then = knowledge.clocks_by(moment).get(clock.identity)
        if then is not None and then.breached_on(as_at) is not None:
            return moment
    return None


def recorded_late(knowledge: Knowledge, clock: Clock) -> bool:
    """Whether a clock was met in time and the record did not know it by the end of the due day."""
    due = _end_of(clock.due_on)
    if not _kept(clock) or knowledge.known_by <= due:
        return False
    then = knowledge.clocks_by(due).get(clock.identity)
    return then is None or not _kept(then)


def _kept(clock: Clock) -> bool:
    return clock.met and clock.ended_on is not None and clock.ended_on <= clock.due_on


def _end_of(day: int) -> int:
    return microseconds(end_of(date.fromordinal(day)))
