"""Questions with their answer clock, and readiness gates, as at a day and known by a moment."""

from __future__ import annotations

from datetime import date
from typing import Any

from lineofsight.oversight import questions as rules
from lineofsight.oversight.questions import Gate, Question
from lineofsight.service.access import statements as read
from lineofsight.service.access.improvement import told
from lineofsight.service.access.view import View


def questions(authority: str, view: View, day: date) -> list[Question]:
    """Every question put by a day."""
    return rules.questions(read.statements(authority, view), day)


def gates(authority: str, view: View, day: date) -> list[Gate]:
    """Every gate set by a day."""
    return rules.gates(read.statements(authority, view), day)


def answer(authority: str, view: View, day: date) -> dict[str, Any]:
    """Both as JSON."""
    asked = questions(authority, view, day)
    return {
        **View(day, view.known_by, view.witnessed).as_json(),
        "position": read.position(authority, view),
        "authority": authority,
        "count": len(asked),
        "questions": [_question(one, day) for one in asked],
        "gates": [_gate(one) for one in gates(authority, view, day)],
    }


def _question(one: Question, day: date) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.asked.title, "asked_by": one.asked.said_by, "asked_of": one.asked.asked_of,
        "asked_on": one.asked.said_on, "due": one.due, "standing": one.shown_standing(day), "stands": one.standing,
        "overdue": one.is_overdue(day), "days_waited": one.days_waited(day), "looked_in": one.looked_in,
        "steps": [{"step": step.step, "standing": to, "statement": told(step.statement)} for step, to in one.stood.reached],
        "out_of_order": [{"step": step.step, "statement": told(step.statement)} for step in one.stood.out_of_order],
        "statements": [told(said) for said in one.statements],
    }  # fmt: skip


def _gate(one: Gate) -> dict[str, Any]:
    return {
        "name": one.name, "standing": one.standing, "questions": [asked.name for asked in one.questions],
        "waiting_for": [asked.name for asked in one.waiting_for],
        "waived": [{"question": waiver.question.name, "why": waiver.statement.says, "statement": told(waiver.statement)}
                   for waiver in one.waivers],
        "open_when_passed": [asked.name for asked in one.open_when_passed],
        "statements": [told(said) for said in one.statements],
    }  # fmt: skip
