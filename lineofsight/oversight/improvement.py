"""Actions: what somebody agreed to do about a finding, who answers for it, and whether it was sustained.

An action combines the statements about one subject of kind `action`. Nobody closes an action alone: somebody
other than its owner signs it off, and only a measure shows that it is sustained. If that measure
fails later, the action is reopened from that day, whether or not anybody has noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.oversight import leadership
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import in_step_order
from lineofsight.oversight.sustained import (
    FAILS,
    HOLDS,
    Counts,
    Outcome,
    Test,
    first_failing,
    outcome,
    read_test,
)
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of
from lineofsight.vocabulary.days import read_period
from lineofsight.vocabulary.refusal import Refused

OPEN = ("proposed", "agreed", "evidenced", "reopened")
"""The standings with something still to do."""
DONE = ("said done", "signed off", "sustained")
"""The standings after somebody reported it complete."""

ACTION = Machine(
    "action",
    (
        Transition("proposed", (BEGIN,), "proposed", "Somebody proposes it."),
        Transition("agreed", (BEGIN, "proposed"), "agreed", "An owner agrees to it, with a due day."),
        *(
            Transition(
                "due date moved", (one,), one, "Its due day is moved. Earlier due days stay on record."
            )
            for one in OPEN
        ),
        *(
            Transition("owner changed", (one,), one, "Another post answers for it.")
            for one in (*OPEN, "said done")
        ),
        Transition(
            "evidence given",
            ("agreed", "evidenced", "reopened"),
            "evidenced",
            "Evidence shows that it is done.",
        ),
        *(
            Transition("evidence given", (one,), one, "More evidence shows that it is done.")
            for one in ("said done", "signed off")
        ),
        Transition(
            "said done", ("agreed", "evidenced", "reopened"), "said done", "Its owner reports it complete."
        ),
        Transition("signed off", ("said done",), "signed off", "Somebody other than its owner confirms it."),
        Transition(
            "sustained", ("signed off",), "sustained", "Its test has been met for as long as the test asks."
        ),
        Transition(
            "reopened",
            (*DONE, "dropped", "reopened"),
            "reopened",
            "Work on it starts again, or its test failed.",
        ),
        Transition("dropped", (*OPEN, "said done"), "dropped", "It will not be done."),
    ),
)
"""Which step may follow which for an action."""

SeriesOf = Callable[[str, date, date], Counts]
"""Gives a measure's count for each day between two days."""


def no_series(measure: str, first: date, last: date) -> Counts:
    """The series of an authority without data."""
    del measure, first, last
    return []


@dataclass(frozen=True)
class Step:
    """One step of an action on a day. `statement` is None if the step happened because the test failed."""

    step: str | None
    day: date
    statement: Statement | None


@dataclass(frozen=True)
class Action:
    """One action as at a day: its standing, and the statements behind it."""

    name: str
    statements: tuple[Statement, ...]
    progress: Progress[Step]
    about: tuple[Statement, ...]
    holders_when_taken_on: tuple[str, ...]
    holders: tuple[str, ...]
    vacant: bool
    test: Test | None
    test_refused: str
    outcome: Outcome | None

    @property
    def standing(self) -> str:
        """Its standing."""
        return self.progress.standing

    @property
    def owner(self) -> str | None:
        """The post that answers for it."""
        return _latest(self.statements, "owner")

    @property
    def test_written(self) -> str | None:
        """Its test as written, measurable or not."""
        return _latest(self.statements, "test")

    @property
    def dues(self) -> tuple[str, ...]:
        """Every due day it has had, in order. The last one counts."""
        found = [one.due_on for one in self.statements if one.due_on]
        return tuple(due for at, due in enumerate(found) if at == 0 or found[at - 1] != due)

    @property
    def due(self) -> str | None:
        """The day, month or year by which it is due."""
        return self.dues[-1] if self.dues else None

    @property
    def evidence(self) -> tuple[Statement, ...]:
        """The statements with evidence."""
        return tuple(one for one in self.statements if one.evidence)

    @property
    def said_done_by(self) -> str | None:
        """Who last reported it complete."""
        said = [one.statement for one in self.progress.taken if one.step == "said done" and one.statement]
        return said[-1].said_by if said else None

    @property
    def reopened_itself_on(self) -> date | None:
        """The day on which its test failed after it was sustained, if that is why it is reopened."""
        last = [one for one, to in self.progress.reached if to == "reopened"][-1:]
        return last[0].day if last and self.standing == "reopened" and last[0].statement is None else None

    @property
    def title(self) -> str:
        """What is to be done, in the words of its first statement."""
        return self.statements[0].title

    @property
    def themes(self) -> list[str]:
        """Its own themes, and the themes of the findings it is about."""
        return list(dict.fromkeys(theme for one in (*self.statements, *self.about) for theme in one.themes))

    def is_overdue(self, day: date) -> bool:
        """Whether its due day has passed and nobody has reported it complete."""
        due = read_period(self.due or "")
        return self.standing in OPEN and due is not None and due.last < day

    @property
    def owner_left(self) -> bool:
        """Whether it is open, and the person in the owner's post when it was agreed has left the post."""
        closed = self.standing in ("signed off", "sustained", "dropped")
        known = bool(self.holders_when_taken_on) and (bool(self.holders) or self.vacant)
        return not closed and known and not set(self.holders_when_taken_on) & set(self.holders)


def _latest(statements: Sequence[Statement], cell: str) -> str | None:
    found: list[str] = [text for one in statements if (text := getattr(one, cell))]
    return found[-1] if found else None


def actions(statements: Statements, day: date, series: SeriesOf = no_series) -> list[Action]:
    """Every action begun by a day, as at that day, in the order they began."""
    rows: dict[str, list[Statement]] = {}
    begun = (one for one in statements if one.subject_kind == "action" and one.first_day <= day)
    for statement in in_step_order(ACTION, begun):
        rows.setdefault(statement.subject, []).append(statement)
    tenures = leadership.posts(statements, day)
    return [_action(name, said, statements, tenures, day, series) for name, said in rows.items()]


def _action(
    name: str,
    said: list[Statement],
    among: Statements,
    tenures: dict[str, list[leadership.Tenure]],
    day: date,
    series: SeriesOf,
) -> Action:
    test, refused = _test(_latest(said, "test"))
    steps = [Step(one.step, one.first_day, one) for one in said if one.step]
    counts = _counts(test, steps, day, series)
    owner = _latest(said, "owner")
    held = tenures.get(owner or "", [])
    now = leadership.holding(held, day)
    return Action(
        name,
        tuple(said),
        progress_of(ACTION, _reopening(steps, test, counts, day)),
        _about(said, among),
        _named(leadership.holding(held, _taken_on(said, owner, day))),
        _named(now),
        any(t.holder is None for t in now),
        test,
        refused,
        outcome(test, counts, day) if test else None,
    )


def _test(written: str | None) -> tuple[Test | None, str]:
    """A test, or the reason why the written text is not measurable, because history is never refused."""
    try:
        return (read_test(written), "") if written else (None, "")
    except Refused as refused:
        return None, str(refused)


def _counts(test: Test | None, steps: list[Step], day: date, series: SeriesOf) -> Counts:
    """A test's counts, back to the start of its span or to the first day the action was called sustained."""
    if test is None:
        return []
    sustained = [one.day for one in steps if one.step == "sustained"]
    first = min([day - timedelta(days=test.days), *sustained])
    return series(test.measure, first, day)


def _reopening(steps: list[Step], test: Test | None, counts: Counts, day: date) -> list[Step]:
    """The steps, with a reopening on the first day the test failed while the action was sustained."""
    told, standing, since = list[Step](), BEGIN, date.min
    for step in [*steps, None]:
        until = step.day - timedelta(days=1) if step else day
        failed = first_failing(test, counts, since, until) if test and standing == "sustained" else None
        if failed:
            told.append(Step("reopened", failed, None))
            standing = "reopened"
        if step is not None:
            told.append(step)
            to = ACTION.after(standing, step.step or "")
            since = step.day if to == "sustained" else since
            standing = to or standing
    return told


def _about(said: list[Statement], among: Statements) -> tuple[Statement, ...]:
    """The findings that an action is about: what its statements bear on, without the action's own statements."""
    own = {one.reference for one in said}
    found = {to.reference: to for one in said for to in among.to(one, "bears_on")}
    return tuple(to for reference, to in found.items() if reference not in own)


def _taken_on(said: list[Statement], owner: str | None, day: date) -> date:
    """The day from which the owner's post answers for it."""
    return next((one.first_day for one in said if one.owner == owner), day)


def _named(tenures: Iterable[leadership.Tenure]) -> tuple[str, ...]:
    return tuple(one.holder for one in tenures if one.holder and one.holder != "not named")


# -- what somebody enters now -----------------------------------------------------------------------


def check_sign_off(action: Action, by: Iterable[str], said_done_by: Iterable[str] = ()) -> None:
    """Refuses a sign-off by the owner or by the person who reported it complete, under any of their names."""
    signing = {_plain(name) for name in by if name.strip()}
    if not signing:
        raise Refused("Say who signs it off.")
    if signing & {_plain(name) for name in (action.owner or "", *action.holders)}:
        raise Refused("Its owner cannot sign it off: somebody else, who has seen the evidence, must.")
    if signing & {_plain(name) for name in (action.said_done_by or "", *said_done_by)}:
        raise Refused("Whoever said that it is done cannot sign it off too: somebody else must.")


def can_sign_off(action: Action, by: Iterable[str], said_done_by: Iterable[str] = ()) -> bool:
    """Whether a person may sign off an action."""
    return _can(lambda: check_sign_off(action, by, said_done_by))


def check_sustained(action: Action) -> None:
    """Refuses to call an action sustained unless its measure shows it."""
    if action.test is None or action.outcome is None:
        raise Refused(
            "It cannot be called sustained: it has no test that can be measured. "
            + (action.test_refused or "Give it one, such as `unallocated under 10 for 13 weeks`.")
        )
    if action.outcome.state != HOLDS:
        why = "its test fails" if action.outcome.state == FAILS else "its test has not been shown to hold"
        raise Refused(f"It cannot be called sustained: {why} ({action.test.written}: {action.outcome.says}).")


def can_sustain(action: Action) -> bool:
    """Whether an action's test shows that it is sustained."""
    return _can(lambda: check_sustained(action))


def _can(check: Callable[[], None]) -> bool:
    try:
        check()
    except Refused:
        return False
    return True


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()) or "\0"
