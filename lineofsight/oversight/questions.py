"""Questions, calls and requests with their time limits, and the gates that wait for their answers.

A question combines the statements about one subject of kind `question`. A statement of kind question
or request with another subject is a question of its own, and the statements that answer it are its
replies. Members' questions are apart (`members_questions`). A gate holds the questions that must be answered before a named step. Nobody can pass it
silently: if history says that it was passed, the gate shows how many questions were open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import MEMBER_QUESTION, Statement, Statements
from lineofsight.oversight.steps import in_step_order
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of
from lineofsight.vocabulary.days import Period, read_period
from lineofsight.vocabulary.refusal import Refused

_UNANSWERED = ("asked", "followed up", "partly answered", "none found")

QUESTION = Machine(
    "question",
    (
        Transition("asked", (BEGIN,), "asked", "Somebody is asked, perhaps with a day for the answer."),
        Transition("followed up", (*_UNANSWERED, "answered"), "followed up", "It is asked again."),
        Transition("partly answered", _UNANSWERED, "partly answered", "Part of it is answered."),
        Transition("answered", _UNANSWERED, "answered", "It is answered."),
        Transition(
            "none found",
            ("asked", "followed up", "none found"),
            "none found",
            "Somebody looked for an answer and found none.",
        ),
        Transition("question withdrawn", _UNANSWERED, "withdrawn", "The person who asked withdraws it."),
    ),
)
"""Which step may follow which for a question."""

GATE = Machine(
    "gate",
    (
        Transition("gate set", (BEGIN,), "set", "A named step must wait until questions are answered."),
        *(
            Transition("waived", (one,), one, "Somebody waives a question and says why.")
            for one in ("set", "held back")
        ),
        Transition(
            "held back", ("set", "held back"), "held back", "The step is not taken: questions are open."
        ),
        Transition("passed", ("set", "held back"), "passed", "The step is taken."),
    ),
)
"""Which step may follow which for a readiness gate."""


@dataclass(frozen=True)
class Step:
    """One step of a question that a statement names or implies."""

    step: str | None
    statement: Statement


@dataclass(frozen=True)
class Question:
    """One question as at a day. `statements` are all statements about it, in order."""

    name: str
    statements: tuple[Statement, ...]
    progress: Progress[Step]

    @property
    def standing(self) -> str:
        """Its standing, without its time limit."""
        return self.progress.standing

    @property
    def asked(self) -> Statement:
        """The statement that first asked it."""
        return self.statements[0]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer or part of it."""
        return self.standing in _UNANSWERED

    @property
    def due(self) -> str | None:
        """The day, month or year by which an answer is due, as last asked."""
        put = [one.statement for one in self.progress.taken if one.step in ("asked", "followed up")]
        return next((one.due_on for one in reversed(put) if one.due_on), None)

    @property
    def looked_in(self) -> list[str]:
        """Where somebody looked for an answer without finding one, while there is none."""
        vain = self.of("none found") if self.standing == "none found" else []
        return [one.looked_in for one in vain if one.looked_in]

    def of(self, *steps: str) -> list[Statement]:
        """The statements of these steps."""
        return [one.statement for one in self.progress.taken if one.step in steps]

    def days_waited(self, day: date) -> int:
        """How many days it waited, from the first day it can have been asked to its answer or, if none, to `day`."""
        ends = [one.first_day for one in self.of("answered", "question withdrawn")]
        end = day if self.is_open or not ends else ends[-1]
        return max(0, (end - _put_on(self.asked)).days)

    def is_overdue(self, day: date) -> bool:
        """Whether its due day has passed without a full answer."""
        due = _period(self.due)
        return self.is_open and due is not None and due.last < day

    def shown_standing(self, day: date) -> str:
        """Its standing, with its time limit."""
        return "overdue" if self.is_overdue(day) else self.standing


def _period(written: str | None) -> Period | None:
    return read_period(written or "")


def _put_on(statement: Statement) -> date:
    """The first day on which a question can have been asked or a reply given: without a step, the day it was said.

    A statement that something was not found applies to the days it is about, whenever somebody looked.
    """
    if _said_step(statement):
        return statement.first_day
    return (
        min(statement.first_day, statement.said_first)
        if statement.kind == "not found"
        else statement.said_first
    )


def questions(statements: Statements, day: date) -> list[Question]:
    """Every question, call and request asked by a day, as at that day, in the order they were asked."""
    rows: dict[str, list[Statement]] = {}
    for statement in in_step_order(QUESTION, statements):
        if statement.subject_kind == "question":
            rows.setdefault(statement.subject, []).append(statement)
        elif statement.kind in ("request", "question") and statement.subject_kind not in (
            "gate",
            MEMBER_QUESTION,
        ):
            rows.setdefault(statement.reference, []).append(statement)
    found = [made for name, said in rows.items() if (made := _question(name, said, statements, day))]
    return sorted(found, key=lambda one: (_put_on(one.asked), one.name))


def _question(name: str, said: list[Statement], among: Statements, day: date) -> Question | None:
    replies = {reply.reference: reply for one in said for reply in among.of(one, "answers")}
    own = {one.reference for one in said}
    every = [*said, *(reply for reference, reply in replies.items() if reference not in own)]
    known = [one for one in every if _put_on(one) <= day]
    steps = [Step(_step(one, own), one) for one in known]
    put = [one for one in steps if one.statement.reference in own]
    if not put:
        return None
    first = next((one for one in put if one.step == "asked"), put[0])
    rest = sorted((one for one in steps if one is not first), key=lambda one: _place(one.statement))
    ordered = [first, *rest]
    told = [one for one in ordered if one.step]
    return Question(name, tuple(one.statement for one in ordered), progress_of(QUESTION, told))


def _place(statement: Statement) -> tuple[date, date, str]:
    """The order of replies: within one month or day, the more exactly dated reply comes last."""
    return _put_on(statement), statement.said_last, statement.reference


def _step(statement: Statement, own: Iterable[str]) -> str | None:
    """The step that a statement names or, if it names none, the step that its kind implies."""
    if said := _said_step(statement):
        return said
    if statement.reference in own:
        return (
            "asked"
            if statement.kind in ("request", "question")
            else _reply(statement)
            if statement.answers
            else None
        )
    return _reply(statement)


def _said_step(statement: Statement) -> str | None:
    """The step of a question that a statement names. (A motion that was decided counts as a request.)"""
    return (
        statement.step if statement.subject_kind == "question" or statement.step in QUESTION.steps else None
    )


def _reply(statement: Statement) -> str:
    return "none found" if statement.kind == "not found" else "answered"


# -- gates ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiver:
    """One waived question: who waived it, why and when."""

    question: Question
    statement: Statement


@dataclass(frozen=True)
class Gate:
    """A named step and the questions it waits for, as at a day."""

    name: str
    statements: tuple[Statement, ...]
    progress: Progress[Statement]
    questions: tuple[Question, ...]
    waivers: tuple[Waiver, ...]
    open_when_passed: tuple[Question, ...]

    @property
    def waiting_for(self) -> list[Question]:
        """The questions that are not answered, withdrawn or waived."""
        waived = {one.question.name for one in self.waivers}
        return [one for one in self.questions if one.is_open and one.name not in waived]

    @property
    def standing(self) -> str:
        """Its standing, with the number of open questions if it was passed with some open."""
        count = len(self.open_when_passed)
        if self.progress.standing == "passed" and count:
            return f"passed with {count} open"
        return self.progress.standing


def gates(statements: Statements, day: date) -> list[Gate]:
    """Every gate set by a day, as at that day, in order."""
    rows: dict[str, list[Statement]] = {}
    for statement in in_step_order(GATE, statements):
        if statement.subject_kind == "gate" and statement.first_day <= day:
            rows.setdefault(statement.subject, []).append(statement)
    asked = questions(statements, day)
    return [_gate(name, said, asked, statements) for name, said in rows.items()]


def _gate(name: str, said: list[Statement], asked: list[Question], among: Statements) -> Gate:
    at = progress_of(GATE, [one for one in said if one.step])
    its = [one for one in asked if _behind(one, said)]
    waivers = _waivers(at.taken, its)
    passed = [one for one in at.taken if one.step == "passed"]
    if not passed:
        return Gate(name, tuple(said), at, tuple(its), waivers, ())
    then = {one.name: one for one in questions(among, passed[0].first_day)}
    before = Gate(
        name, tuple(said), at, tuple(then[one.name] for one in its if one.name in then), waivers, ()
    )
    return Gate(name, tuple(said), at, tuple(its), waivers, tuple(before.waiting_for))


def _behind(question: Question, said: list[Statement]) -> bool:
    """Whether a question and a gate are linked, from either side."""
    gate, own = {one.reference for one in said}, {one.reference for one in question.statements}
    to_gate = {to for one in question.statements for to in one.links("bears_on")}
    to_question = {to for one in said for to in one.links("bears_on")}
    return not gate.isdisjoint(to_gate) or not own.isdisjoint(to_question)


def _waivers(taken: Iterable[Statement], its: list[Question]) -> tuple[Waiver, ...]:
    return tuple(
        Waiver(question, one)
        for one in taken
        if one.step == "waived"
        for question in its
        if not {other.reference for other in question.statements}.isdisjoint(one.links("bears_on"))
    )


def check_pass(gate: Gate) -> None:
    """Refuses the step while a question is neither answered nor waived."""
    GATE.check_step(gate.progress.standing, "passed")
    if waiting := gate.waiting_for:
        listed = "; ".join(one.asked.title for one in waiting)
        raise Refused(
            f"It cannot be passed: {len(waiting)} of its questions "
            f"{'is' if len(waiting) == 1 else 'are'} open ({listed}). Have them answered, or waive each and say why."
        )


def can_pass(gate: Gate) -> bool:
    """Whether the gate may be passed."""
    try:
        check_pass(gate)
    except Refused:
        return False
    return True


def check_waive(gate: Gate, question: Question, why: str) -> None:
    """Refuses to waive a question that the gate does not wait for, or to waive without a reason."""
    GATE.check_step(gate.progress.standing, "waived")
    if question.name not in {one.name for one in gate.waiting_for}:
        raise Refused("That question does not wait behind this gate, so it cannot be waived.")
    if not why.strip():
        raise Refused("Say why the question is waived.")
