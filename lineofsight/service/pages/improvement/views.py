"""Actions as at a day: the list with how honest the plan is and what no plan covers, and each on its own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lineofsight.charts import OverDays, over_days
from lineofsight.oversight.improvement import Action, Step
from lineofsight.oversight.plan_checks import honesty
from lineofsight.oversight.statements import Statement
from lineofsight.oversight.sustained import NOT_SEEN, Counts
from lineofsight.queries import improvement as read
from lineofsight.queries.statements import handle_of, refer
from lineofsight.service.access import kept_files
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.filters import in_plain_words
from lineofsight.vocabulary.days import in_words

_DRAWN_DAYS = 182
"""How much is drawn of a measure whose days are worked out together; of another only as much as its test asks."""


@require_safe
def improvement(request: HttpRequest, authority: str) -> HttpResponse:
    """The plan."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    if render.wants_json(request):
        return render.json(asked, lambda: read.improvement(asked.record, asked.view, asked.day))
    found = read.actions(asked.record, asked.view, asked.day)
    plan = honesty(found, asked.day)
    return render.html(
        request,
        asked,
        "improvement/improvement.html",
        "improvement",
        {
            "actions": [row(asked, one) for one in found],
            "plan": [
                ("Reported complete, with no evidence", _links(asked, plan.closed_without_evidence)),
                ("Due date moved", _links(asked, plan.moved)),
                ("Owner has left", _links(asked, plan.owners_left)),
                ("Overdue", _links(asked, plan.overdue)),
            ],
            "aspects": read.coverage(asked.record, asked.view, asked.day, found),
            "new_href": asked.link("new-action") if asked.viewer.may(Permission.IMPROVE) else "",
        },
    )


def _links(asked: shell.ServicePage, found: list[Action]) -> list[tuple[str, str]]:
    return [(asked.link("action", handle_of(one.name)), one.title) for one in found]


def row(asked: shell.ServicePage, action: Action) -> dict[str, Any]:
    """One action as a list shows it."""
    return {
        "one": action,
        "href": asked.link("action", handle_of(action.name)),
        "overdue": action.is_overdue(asked.day),
        "due": in_words(action.due) if action.due else "",
        "moved": len(action.dues) - 1,
        "tone": tone(action, asked),
        "outcome": outcome_words(action),
    }


def tone(action: Action, asked: shell.ServicePage) -> str:
    """The colour of a standing's tag; the words tell the same."""
    if action.is_overdue(asked.day) or action.standing == "reopened":
        return "red"
    return {"sustained": "green", "signed off": "turquoise", "said done": "yellow", "dropped": "grey"}.get(
        action.standing, "blue"
    )


def outcome_words(action: Action) -> str:
    """How the action's test stands, in a few words."""
    found = action.outcome
    if found is None:
        return "cannot be measured" if action.test_written else ""
    since = (
        f" since {in_words(found.since.isoformat())}{' or before' if found.or_before else ''}"
        if found.since and found.state != "cannot be told"
        else ""
    )
    return f"{in_plain_words(found.state)}{since}"


def action_of(asked: shell.ServicePage, handle: str) -> Action:
    """The action that a handle stands for, as at the view's day."""
    found = read.actions(asked.record, asked.view, asked.day)
    for action in found:
        if handle_of(action.name) == handle:
            return action
    raise Http404


@require_safe
def one_action(request: HttpRequest, authority: str, action: str) -> HttpResponse:
    """One action: its finding, owner, days, test drawn, evidence, steps, and the statements that say so."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    found = action_of(asked, action)
    if render.wants_json(request):
        return render.json(asked, lambda: read.action_answer(found, asked.day))
    acts = asked.viewer.may(Permission.IMPROVE) or asked.viewer.may(Permission.SIGN_OFF)
    reopened, counts = found.reopened_itself_on, _counts(asked, found)
    return render.html(
        request,
        asked,
        "improvement/action.html",
        "improvement",
        {
            **row(asked, found),
            "drawing": _drawn(asked, found, counts),
            "counts": _weekly(counts),
            "today_href": asked.link("today"),
            "steps": [_step(step, to) for step, to in found.progress.reached],
            "out_of_order": [_step(step, "") for step in found.progress.out_of_order],
            "statements": [refer(said) for said in found.statements],
            "about": [refer(said) for said in found.about],
            "dues": [in_words(due) for due in found.dues],
            "evidence": [_evidence(asked, action, said) for said in found.evidence],
            "reopened": in_words(reopened.isoformat()) if reopened else "",
            "step_href": asked.link("action-step", action) if acts else "",
            "back": asked.link("improvement"),
        },
    )


def _step(step: Step, to: str) -> dict[str, Any]:
    told = refer(step.statement) if step.statement else None
    return {
        "step": step.step,
        "to": to,
        "on": in_words(step.day.isoformat()),
        "told": told,
        "says": step.statement.says
        if step.statement
        else "Reopened automatically: its test was not met on this day.",
    }


def _evidence(asked: shell.ServicePage, handle: str, said: Statement) -> dict[str, Any]:
    opens = kept_files.has_evidence(asked.viewer, said)
    href = asked.link("evidence", handle, said.evidence or "") if opens else ""
    return {"text": said.evidence, "href": href, "told": refer(said)}


def _counts(asked: shell.ServicePage, action: Action) -> Counts:
    """The measure of the action's test, a day each over the last half year; none where it has no test."""
    if action.test is None:
        return []
    limit = action.test
    drawn = limit.days if limit.measure == NOT_SEEN else max(_DRAWN_DAYS, limit.days)
    return read.series_of(asked.record, asked.view)(
        limit.measure, asked.day - timedelta(days=drawn), asked.day
    )


def _weekly(counts: Counts) -> list[tuple[str, int | None]]:
    """The same as the drawing: the last day, and each a week before, the latest first."""
    return [(in_words(day.isoformat()), count) for day, count in counts[::-1][::7]]


def _drawn(asked: shell.ServicePage, action: Action, counts: Counts) -> SafeString | None:
    """The counts as a line, beside the limit of the action's test."""
    if action.test is None or not counts:
        return None
    limit, first = action.test, counts[0][0]
    lines = [
        OverDays(limit.measure.capitalize(), counts),
        OverDays(f"Limit: {limit.at_most}", [(at, limit.at_most) for at, _ in counts]),
    ]
    return drawn(
        lambda width: over_days(
            lines,
            title=f"{limit.measure.capitalize()}, {in_words(first.isoformat())} to {in_words(asked.day.isoformat())}",
            description=f"The test {limit.written}: {outcome_words(action)}.",
            day=asked.day,
            width=width,
            key="action",
        )
    )


@require_safe
def evidence(request: HttpRequest, authority: str, action: str, sha256: str) -> HttpResponse:
    """A file of evidence, as it was given; only one that this action names."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    found = action_of(asked, action)
    said = next((said for said in found.evidence if said.evidence == sha256), None)
    stream = kept_files.evidence(asked.viewer, said) if said else None
    if stream is None:
        raise Http404
    with stream:
        answer = HttpResponse(stream.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{sha256[:12]}.evidence"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
