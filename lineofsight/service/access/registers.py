"""Registers that grow out of statements, as anybody may read them: posts, reviews, instruments, duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from lineofsight.oversight import decisions as decisions_of
from lineofsight.oversight import directions as instruments_of
from lineofsight.oversight import duties as duties_of
from lineofsight.oversight import improvement as improvement_of
from lineofsight.oversight import reviews as reviews_of
from lineofsight.oversight.decisions import Decision, Indicator
from lineofsight.oversight.directions import INSTRUMENT, Instrument, Requirement
from lineofsight.oversight.duties import Held
from lineofsight.oversight.improvement import Action
from lineofsight.oversight.inheritance import Inherited, inheritances
from lineofsight.oversight.leadership import Tenure, posts
from lineofsight.oversight.reviews import Review, Timed, codes_of
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.transitions import Machine
from lineofsight.service.access import statements as read
from lineofsight.service.access.view import View, present
from lineofsight.service.store import chain
from lineofsight.vocabulary.moments import london_day


def known(authority: str, view: View) -> Statements:
    """The statements a register grows out of; none where the authority has none."""
    return read.statements(authority, view) if authority in read.authorities() else Statements([])


def day_of(view: View) -> date:
    """The day a register is as at: that asked, else the London day of the moment asked."""
    return view.day or london_day(min(view.known_by, present()))


def head(authority: str, view: View) -> dict[str, Any]:
    """How every answer of a register begins."""
    position = chain.position_known(authority, view.moment, witnessed=view.witnessed)
    return {"authority": authority, **view.as_json(), "as_at": day_of(view).isoformat(), "position": position}


def brief(one: Statement) -> dict[str, Any]:
    """A statement as a register names it: where it is, what it says, whose word it is."""
    return {"reference": f"{one.authority}/{one.reference}", "address": read.address_of(one), "headline": one.title,
            "kind": one.kind, "step": one.step, "about_from": one.about_from or one.said_on, "said_by": one.said_by, "said_on": one.said_on, "confidence": one.confidence}  # fmt: skip


def briefs(some: Iterable[Statement]) -> list[dict[str, Any]]:
    """The same of several."""
    return [brief(one) for one in some]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


# -- posts --------------------------------------------------------------------------------------


def tenures(authority: str, view: View) -> dict[str, list[Tenure]]:
    """Each post's holders and vacancies that began by the day; an end after it is shown where it was foretold."""
    day = day_of(view)
    found = posts(known(authority, view), min(day, london_day(view.known_by)))
    begun = {
        name: [one for one in many if (one.begun or one.ended or date.min) <= day]
        for name, many in found.items()
    }
    return {name: many for name, many in begun.items() if many}


def inherited(authority: str, view: View, held: list[Tenure]) -> list[Inherited]:
    """For each holder of a post, what was open on the day they came, by what is known by the moment."""
    return inheritances(known(authority, view), held, day_of(view))


def posts_answer(authority: str, view: View) -> dict[str, Any]:
    """The answer of `posts --json`."""
    day = day_of(view)
    found = [
        {"post": name, "on_the_day": [_tenure(one) for one in many if one.covers(day)], "tenures": [_tenure(one) for one in many],
         "inherited": [_inherited(one) for one in inherited(authority, view, many)]}
        for name, many in tenures(authority, view).items()
    ]  # fmt: skip
    return {**head(authority, view), "posts": found}


def _tenure(one: Tenure) -> dict[str, Any]:
    return {
        "holder": one.holder, "vacant": one.holder is None, "terms": one.terms, "from": _day(one.begun), "from_exact": one.sure_begin,
        "until": _day(one.ended), "until_exact": one.sure_end, "end_told": one.said_to_end, "statements": briefs(one.statements),
    }  # fmt: skip


def _inherited(one: Inherited) -> dict[str, Any]:
    figure = one.unallocated
    return {
        "holder": one.tenure.holder, "on": one.day.isoformat(), "after": one.before,
        "requirements": [_requirement(each) for each in one.requirements],
        "undertakings": [brief(each.statement) for each in one.promises],
        "reviews": [{"code": each.code, "publication": each.publication} for each in one.reviews],
        "unallocated": {"value": figure.number, **brief(figure.statement)} if figure else None,
    }  # fmt: skip


# -- reviews ------------------------------------------------------------------------------------


def reviews(authority: str, view: View) -> list[Review]:
    """Every review told of by the day, by code."""
    return reviews_of.reviews(known(authority, view), day_of(view))


def reviews_answer(authority: str, view: View) -> dict[str, Any]:
    """The answer of `reviews --json`."""
    day = day_of(view)
    followed = improvement_of.actions(known(authority, view), day)
    return {
        **head(authority, view),
        "reviews": [_review(one, followed, day) for one in reviews(authority, view)],
    }


def _recommendation(one: Action, day: date) -> dict[str, Any]:
    """An action about something a review said: a recommendation followed."""
    return {"name": one.name, "title": one.title, "standing": one.standing, "owner": one.owner, "holders": list(one.holders),
            "due": one.due, "overdue": one.is_overdue(day), "statements": briefs(one.statements)}  # fmt: skip


def _review(one: Review, followed: Iterable[Action], day: date) -> dict[str, Any]:
    own = [action for action in followed if any(one.code in codes_of(said) for said in action.about)]
    counted = [said for said in one.statements if said.value and "recommendation" in (said.unit or "")]
    return {
        "recommendations": [_recommendation(action, day) for action in own],
        "recommendations_told": [{"value": said.value, **brief(said)} for said in counted],
        "code": one.code, "regime": one.regime.name, "standing": one.stood.standing, "publication": one.publication,
        "look_again_on": one.look_again_on, "decision": brief(one.decision) if one.decision else None,
        "steps": [{"on": step.first_day.isoformat(), "to": to, **brief(step)} for step, to in one.stood.reached],
        "out_of_order": briefs(one.stood.out_of_order), "after_a_gap": briefs(one.stood.gaps),
        "clocks": [_clock(each) for each in one.clocks], "statements": briefs(one.statements),
    }  # fmt: skip


def _clock(one: Timed) -> dict[str, Any]:
    return {"code": one.clock.code, "says": one.clock.says, "limit": one.clock.limit, "source": one.clock.source,
            "confidence": one.clock.confidence, "from": _day(one.begun_on), "due": _day(one.due_on), "done": _day(one.ended_on),
            "state": one.state}  # fmt: skip


# -- directions ---------------------------------------------------------------------------------


def directions(authority: str, view: View) -> list[Instrument]:
    """Every instrument issued by the day."""
    return instruments_of.instruments(known(authority, view), day_of(view))


def directions_answer(authority: str, view: View) -> dict[str, Any]:
    """The answer of `directions --json`."""
    return {**head(authority, view), "instruments": [_instrument(one) for one in directions(authority, view)]}


def _instrument(one: Instrument) -> dict[str, Any]:
    return {
        "subject": one.subject, "issuer": one.issuer, "standing": one.standing, "in_force": one.in_force,
        "issued_on": _day(one.issued_on), "ended_on": _day(one.ended_on), "replaces": list(one.replaces), "replaced_by": list(one.replaced_by),
        "requirements": [_requirement(each) for each in one.requirements],
        "appointed": [{"post": each.subject, "holder": each.holder, **brief(each)} for each in one.appointed],
        "conflicts": [{"says": brief(own), "against": brief(other), "of": other.subject} for own, other in one.conflicts],
        "statements": briefs(one.statements),
    }  # fmt: skip


def _requirement(one: Requirement) -> dict[str, Any]:
    return {"says": one.statement.says, "of": one.statement.subject, "due": one.due_on, "standing": one.standing, "late_days": one.late_days,
            "shown_by": briefs(one.shown_by), **brief(one.statement)}  # fmt: skip


# -- who is liable, who commissions, who operates -------------------------------------------------


def duties_answer(authority: str, view: View) -> dict[str, Any]:
    """For each function, who is liable, commissions and operates on the day, and every hold before."""
    among, day = known(authority, view), day_of(view)
    now = duties_of.on_day(among, day)
    every = duties_of.held(among, day)
    functions = [
        {"function": name, "on_the_day": {part: [one.body for one in many] for part, many in parts.items()},
         "holds": [_held(one) for one in every if one.function == name]}
        for name, parts in now.items()
    ]  # fmt: skip
    return {**head(authority, view), "functions": functions, "scope": briefs(duties_of.outside(among, day))}


def _held(one: Held) -> dict[str, Any]:
    return {
        "part": one.part,
        "body": one.body,
        "from": one.begun_on.isoformat(),
        "until": _day(one.ended_on),
        **brief(one.statement),
    }


# -- what somebody enters now -----------------------------------------------------------------------


def check_step(authority: str, kind: str, subject: str, step: str) -> None:
    """Refuses a step of a review or an instrument to which no way leads from where it stands now.

    What others said long ago is told as they said it: steps between may be missing, but none may run backwards.
    """
    for machine, standing in _standing_now(authority, kind, subject):
        if step in machine.steps and machine.reached_by(standing, step) is None:
            machine.check_step(standing, step)


def _standing_now(authority: str, kind: str, subject: str) -> list[tuple[Machine, str]]:
    view = View(None, present())
    if kind == "review":
        codes = subject.replace(", ", " and ").split(" and ")
        return [(one.regime, one.stood.standing) for one in reviews(authority, view) if one.code in codes]
    if kind == "direction":
        return [
            (INSTRUMENT, one.stood.standing) for one in directions(authority, view) if one.subject == subject
        ]
    return []


# -- decisions and contracts ------------------------------------------------------------------------


def decisions_answer(authority: str, view: View) -> dict[str, Any]:
    """Every decision and contract told of by the day, with reasons, claims for and against, and what was not found."""
    among, day = known(authority, view), day_of(view)
    return {
        **head(authority, view),
        "decisions": [_decision(one) for one in decisions_of.decisions(among, day)],
        "contracts": [_contract(one) for one in decisions_of.decisions(among, day, "contract")],
    }


def _decision(one: Decision) -> dict[str, Any]:
    parts = {name: briefs(many) for name, many in one.parts.items()}
    disputed = [{"says": brief(own), "against": brief(other)} for own, other in one.disputed]
    return {
        "subject": one.subject,
        "standing": one.standing,
        "begun_on": one.begun_on.isoformat(),
        "by": list(one.by),
        "deciders": list(one.deciders),
        "decided_on": _day(min(map(decisions_of.told_on, one.steps["decided"]), default=None)),
        "steps": {name: briefs(many) for name, many in one.steps.items()},
        "parts": parts,
        "disputed": disputed,
    }


def _contract(one: Decision) -> dict[str, Any]:
    return {
        **{name: cell for name, cell in _decision(one).items() if name not in ("deciders", "decided_on", "standing")},
        "indicators": [_indicator(each) for each in one.indicators],
    }  # fmt: skip


def _indicator(one: Indicator) -> dict[str, Any]:
    return {"name": one.name, "standing": one.stood.standing, "target": one.target, "set_on": _day(one.set_on),
            "revised_on": [day.isoformat() for day in one.revised_on], "never_revised": not one.revised_on,
            "statements": briefs(one.statements)}  # fmt: skip
