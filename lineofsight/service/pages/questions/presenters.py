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


def state_words(one: MembersQuestion) -> str:
    """How a question stands, as its tag says it."""
    if one.state == OVERDUE:
        return f"overdue by {days(one.clock.days_late)}"
    return "document given" if one.document and one.state == ANSWERED else one.state


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
    one: MembersQuestion, among: MembersQuestions, may: Collection[Permission], *, mine: bool = False
) -> dict[str, Any]:
    """A question for a template, with what this viewer may do about it; `mine`: the viewer asked it."""
    titles = {each.name: each for each in among.questions}
    return {
        "one": one,
        "asked_on": say(one.asked_on),
        "due": say(one.clock.due),
        "state": state_words(one),
        "tone": TONES[one.state],
        "clock": clock_words(one.clock, one.state),
        "waited": days(one.clock.days_waited),
        "follows": titles.get(one.follows or ""),
        "follow_ups": [titles[name] for name in one.follow_ups if name in titles],
        "steps": [step(each, one) for each in one.steps],
        "links": links(one, among.authority, may, mine=mine),
    }


def step(each: Step, one: MembersQuestion) -> dict[str, Any]:
    """One step for the timeline."""
    given = one.document and each.step == "answered"
    return {
        "what": "Document given" if given else _STEPS[each.step],
        "on": say(each.on),
        "by": each.said_by,
        "says": each.says,
        "href": each.statement.address,
    }


def links(
    one: MembersQuestion, authority: str, may: Collection[Permission], *, mine: bool
) -> list[tuple[str, str]]:
    """The addresses of what this viewer may do about a question now, each with its words."""
    found = []
    if Permission.ANSWER in may and one.answer is None:
        found.append(("answer-question", "Reply"))
    if Permission.ASK in may and one.answer is not None:
        found.append(("follow-up", "Ask a follow-up question"))
    if Permission.ASK in may and mine and one.state == STOPPED:
        found.append(("clarify", "Say what you mean"))
    return [(reverse(name, args=[authority, one.name]), says) for name, says in found]
