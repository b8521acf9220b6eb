"""A member's question as pages and CSVs show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.urls import reverse

from lineofsight.oversight.members_questions import ANSWERED, OVERDUE, REFUSED, STOPPED, WAITING
from lineofsight.queries.members_questions import Clock, MembersQuestion, MembersQuestions, Step
from lineofsight.service.access.roles import Permission
from lineofsight.vocabulary.days import in_words

TONES = {OVERDUE: "red", WAITING: "blue", STOPPED: "yellow", ANSWERED: "green", REFUSED: "grey"}
_STEPS = {
    "asked": "Asked",
    "followed up": "Asked as a follow-up",
    "clarification asked": "Clarification asked: the clock stopped",
    "clarified": "Clarified: the clock went on",
    "answered": "Answered",
    "answer refused": "Refused, with the reason",
}


def days(count: int) -> str:
    """A number of days in words."""
    return f"{count:,} day{'' if count == 1 else 's'}"


def say(day: date | None) -> str:
    """A day in words."""
    return in_words(day.isoformat()) if day else ""


def state_words(members_question: MembersQuestion) -> str:
    """How a question stands, as its tag says it."""
    if members_question.state == OVERDUE:
        return f"overdue by {days(members_question.clock.days_late)}"
    return (
        "document given"
        if members_question.document and members_question.state == ANSWERED
        else members_question.state
    )


def clock_words(clock: Clock, state: str) -> list[str]:
    """What else is to be said of a clock, a sentence each."""
    said = []
    if clock.stopped_since:
        said.append(f"Clock stopped since {say(clock.stopped_since)}.")
    if clock.days_stopped:
        said.append(f"Stopped for {days(clock.days_stopped)}.")
    if clock.days_stopped and clock.first_due:
        said.append(f"Due {say(clock.first_due)} before the clock stopped.")
    if clock.days_late and state != OVERDUE:
        begins = {ANSWERED: "Answered", REFUSED: "Refused"}.get(state, "When the clock stopped, already")
        said.append(f"{begins} {days(clock.days_late)} late.")
    return said


def shown(
    members_question: MembersQuestion,
    among: MembersQuestions,
    may: Collection[Permission],
    *,
    mine: bool = False,
) -> dict[str, Any]:
    """A question for a template, with what this viewer may do about it; `mine`: the viewer asked it."""
    titles = {each.name: each for each in among.questions}
    return {
        "one": members_question,
        "asked_on": say(members_question.asked_on),
        "due": say(members_question.clock.due),
        "state": state_words(members_question),
        "tone": TONES[members_question.state],
        "clock": clock_words(members_question.clock, members_question.state),
        "waited": days(members_question.clock.days_waited),
        "follows": titles.get(members_question.follows or ""),
        "follow_ups": [titles[name] for name in members_question.follow_ups if name in titles],
        "steps": [step(each, members_question) for each in members_question.steps],
        "links": links(members_question, among.authority, may, mine=mine),
    }


def step(each: Step, members_question: MembersQuestion) -> dict[str, Any]:
    """One step for the timeline."""
    given = members_question.document and each.step == "answered"
    return {
        "what": "Document given" if given else _STEPS[each.step],
        "on": say(each.on),
        "by": each.said_by,
        "says": each.says,
        "href": each.statement.address,
    }


def links(
    members_question: MembersQuestion, authority: str, may: Collection[Permission], *, mine: bool
) -> list[tuple[str, str]]:
    """The addresses of what this viewer may do about a question now, each with its words."""
    found = []
    if Permission.ANSWER in may and members_question.answer is None:
        found.append(("answer-question", "Reply"))
    if Permission.ASK in may and members_question.answer is not None:
        found.append(("follow-up", "Ask a follow-up question"))
    if Permission.ASK in may and mine and members_question.state == STOPPED:
        found.append(("clarify", "Say what you mean"))
    return [(reverse(name, args=[authority, members_question.name]), says) for name, says in found]
