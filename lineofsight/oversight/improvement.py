"""Actions: what somebody undertook to do about a finding, who answers for it, and whether it held.

An action is what the statements of one subject of kind `action` add up to. Nobody closes one by saying so
twice: somebody other than its owner signs it off, and only a measure shows it sustained. When that measure
fails later, the action stands reopened from that day, whoever has noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.oversight import leadership
from lineofsight.oversight.held import FAILS, HOLDS, Counts, Outcome, Test, first_failing, outcome, read_test
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import in_step_order
from lineofsight.oversight.transitions import BEGIN, Machine, Stood, Transition, stood
from lineofsight.vocabulary.days import read_period
from lineofsight.vocabulary.refusal import Refused

OPEN = ("proposed", "agreed", "evidenced", "reopened")
"""Where something is still to be done."""
DONE = ("said done", "signed off", "sustained")
"""Where somebody has said that it is done."""

ACTION = Machine(
    "action",
    (
        Transition("proposed", (BEGIN,), "proposed", "Somebody proposes it."),
        Transition("agreed", (BEGIN, "proposed"), "agreed", "An owner agrees to it, with a day."),
        *(Transition("due date moved", (one,), one, "Its day is moved; every day it had is kept.") for one in OPEN),
        *(Transition("owner changed", (one,), one, "Another post answers for it.") for one in (*OPEN, "said done")),
        Transition("evidence given", ("agreed", "evidenced", "reopened"), "evidenced", "Something shows it done."),
        *(Transition("evidence given", (one,), one, "More shows it done.") for one in ("said done", "signed off")),
        Transition("said done", ("agreed", "evidenced", "reopened"), "said done", "Its owner says it is done."),
        Transition("signed off", ("said done",), "signed off", "Somebody who is not its owner says so too."),
        Transition("sustained", ("signed off",), "sustained", "Its test has held for as long as it asks."),
        Transition("reopened", (*DONE, "dropped", "reopened"), "reopened", "It is taken up again, or its test failed."),
        Transition("dropped", (*OPEN, "said done"), "dropped", "It will not be done."),
    ),
)  # fmt: skip
"""What may follow what of an action."""

SeriesOf = Callable[[str, date, date], Counts]
"""Gives a measure's count for each day between two."""


def no_series(measure: str, first: date, last: date) -> Counts:
    """The series of an authority of which nothing can be told."""
    del measure, first, last
    return []


@dataclass(frozen=True)
class Step:
    """One step of an action on a day. `statement` None: nobody said it, its test failed."""

    step: str | None
    day: date
    statement: Statement | None


@dataclass(frozen=True)
class Action:
    """One action as at a day: where it stands, and the statements that say so."""

    name: str
    statements: tuple[Statement, ...]
    stood: Stood[Step]
    about: tuple[Statement, ...]
    holders_when_taken_on: tuple[str, ...]
    holders: tuple[str, ...]
    vacant: bool
    test: Test | None
    test_refused: str
    outcome: Outcome | None

    @property
    def standing(self) -> str:
        """Where it stands."""
        return self.stood.standing

    @property
    def owner(self) -> str | None:
        """The post that answers for it."""
        return _latest(self.statements, "owner")

    @property
    def test_written(self) -> str | None:
        """Its test as somebody wrote it, whether or not it can be measured."""
        return _latest(self.statements, "test")

    @property
    def dues(self) -> tuple[str, ...]:
        """Every day by which it was ever due, in order; the last is the one that counts."""
        found = [one.due_on for one in self.statements if one.due_on]
        return tuple(due for at, due in enumerate(found) if at == 0 or found[at - 1] != due)

    @property
    def due(self) -> str | None:
        """The day, month or year by which it is due."""
        return self.dues[-1] if self.dues else None

    @property
    def evidence(self) -> tuple[Statement, ...]:
        """The statements that give something which shows it done."""
        return tuple(one for one in self.statements if one.evidence)

    @property
    def said_done_by(self) -> str | None:
        """Who last said that it is done."""
        said = [one.statement for one in self.stood.taken if one.step == "said done" and one.statement]
        return said[-1].said_by if said else None

    @property
    def reopened_itself_on(self) -> date | None:
        """The day on which its test failed after it was sustained, where that is why it stands reopened."""
        last = [one for one, to in self.stood.reached if to == "reopened"][-1:]
        return last[0].day if last and self.standing == "reopened" and last[0].statement is None else None

    @property
    def title(self) -> str:
        """What is to be done, in the words of its first statement."""
        return self.statements[0].title

    @property
    def themes(self) -> list[str]:
        """The failings it is about: its own, and those of the findings it is about."""
        return list(dict.fromkeys(theme for one in (*self.statements, *self.about) for theme in one.themes))

    def is_overdue(self, day: date) -> bool:
        """Whether its day has passed and nobody has said it is done."""
        due = read_period(self.due or "")
        return self.standing in OPEN and due is not None and due.last < day

    @property
    def owner_left(self) -> bool:
        """Whether it is not closed, and whoever held the owner's post when it was taken on holds it no more."""
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
    for one in in_step_order(ACTION, begun):
        rows.setdefault(one.subject, []).append(one)
    tenures = leadership.posts(statements, day)
    return [_action(name, said, statements, tenures, day, series) for name, said in rows.items()]


def _action(
    name: str, said: list[Statement], among: Statements, tenures: dict[str, list[leadership.Tenure]], day: date,
    series: SeriesOf,
) -> Action:  # fmt: skip
    test, refused = _test(_latest(said, "test"))
    steps = [Step(one.step, one.first_day, one) for one in said if one.step]
    counts = _counts(test, steps, day, series)
    owner = _latest(said, "owner")
    held = tenures.get(owner or "", [])
    now = leadership.holding(held, day)
    return Action(
        name, tuple(said), stood(ACTION, _reopening(steps, test, counts, day)), _about(said, among),
        _named(leadership.holding(held, _taken_on(said, owner, day))), _named(now), any(t.holder is None for t in now),
        test, refused, outcome(test, counts, day) if test else None,
    )  # fmt: skip


def _test(written: str | None) -> tuple[Test | None, str]:
    """A test, or why what was written is not one that can be measured: history is never refused."""
    try:
        return (read_test(written), "") if written else (None, "")
    except Refused as refused:
        return None, str(refused)


def _counts(test: Test | None, steps: list[Step], day: date, series: SeriesOf) -> Counts:
    """A test's counts for as far back as its span, and as any day on which the action was called sustained."""
    if test is None:
        return []
    sustained = [one.day for one in steps if one.step == "sustained"]
    first = min([day - timedelta(days=test.days), *sustained])
    return series(test.measure, first, day)


def _reopening(steps: list[Step], test: Test | None, counts: Counts, day: date) -> list[Step]:
    """The steps, with a reopening put in on the first day its test failed while it stood sustained."""
    told, standing, since = list[Step](), BEGIN, date.min
    for one in [*steps, None]:
        until = one.day - timedelta(days=1) if one else day
        failed = first_failing(test, counts, since, until) if test and standing == "sustained" else None
        if failed:
            told.append(Step("reopened", failed, None))
            standing = "reopened"
        if one is not None:
            told.append(one)
            to = ACTION.after(standing, one.step or "")
            since = one.day if to == "sustained" else since
            standing = to or standing
    return told


def _about(said: list[Statement], among: Statements) -> tuple[Statement, ...]:
    """The findings that an action is about: what its statements bear on, but for the action's own."""
    own = {one.reference for one in said}
    found = {to.reference: to for one in said for to in among.to(one, "bears_on")}
    return tuple(to for reference, to in found.items() if reference not in own)


def _taken_on(said: list[Statement], owner: str | None, day: date) -> date:
    """The day from which the post has answered for it."""
    return next((one.first_day for one in said if one.owner == owner), day)


def _named(tenures: Iterable[leadership.Tenure]) -> tuple[str, ...]:
    return tuple(one.holder for one in tenures if one.holder and one.holder != "not named")


# -- what somebody enters now -----------------------------------------------------------------------


def check_sign_off(action: Action, by: Iterable[str], said_done_by: Iterable[str] = ()) -> None:
    """Refuses a sign-off by whoever owns an action or said it done, under any of their names."""
    signing = {_plain(name) for name in by if name.strip()}
    if not signing:
        raise Refused("Say who signs it off.")
    if signing & {_plain(name) for name in (action.owner or "", *action.holders)}:
        raise Refused("Its owner cannot sign it off: somebody else, who has seen the evidence, must.")
    if signing & {_plain(name) for name in (action.said_done_by or "", *said_done_by)}:
        raise Refused("Whoever said that it is done cannot sign it off too: somebody else must.")


def can_sign_off(action: Action, by: Iterable[str], said_done_by: Iterable[str] = ()) -> bool:
    """Whether somebody may sign an action off."""
    return _can(lambda: check_sign_off(action, by, said_done_by))


def check_sustained(action: Action) -> None:
    """Refuses to call an action sustained that no measure shows to have held."""
    if action.test is None or action.outcome is None:
        raise Refused(
            "It cannot be called sustained: it has no test that can be measured. "
            + (action.test_refused or "Give it one, such as `unallocated under 10 for 13 weeks`.")
        )
    if action.outcome.state != HOLDS:
        why = "its test fails" if action.outcome.state == FAILS else "its test has not been shown to hold"
        raise Refused(f"It cannot be called sustained: {why} ({action.test.written}: {action.outcome.says}).")


def can_sustain(action: Action) -> bool:
    """Whether an action's test shows that it has held."""
    return _can(lambda: check_sustained(action))


def _can(check: Callable[[], None]) -> bool:
    try:
        check()
    except Refused:
        return False
    return True


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()) or "\0"
