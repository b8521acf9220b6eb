"""Records that need not be kept any longer: who is due and why, asking for an erasure, and a second person's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.queries import retention as read
from lineofsight.queries.retention import DueChild, RetentionDue, RetentionRule
from lineofsight.service.access import retention as door
from lineofsight.service.access.handles import child_of, handle_of
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.forms import Form, posted
from lineofsight.service.pages.retention.forms import AskForm, DecideForm
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

_MOST = 50
_UNCLEAR = 100
_DUE: tuple[Column[DueChild], ...] = (
    Column("select", "Select"),
    Column("child", "Child", sort=lambda one: one.child),
    Column("rule", "Rule", sort=lambda one: one.rule),
    Column("due_since", "Due since", sort=lambda one: one.due_since),
)
_COUNTED_FROM = {
    "birth": "date of birth",
    "death": "date of death",
    "order": "day of the order",
    "last record": "latest day recorded for the child",
}


@require_http_methods(["GET", "HEAD", "POST"])
def records_due(request: HttpRequest, authority: str) -> HttpResponse:
    """Children whose records are due today, those of whom it is not known, what was asked, and the rules."""
    asked = shell.asked_of(request, authority, Permission.RETENTION)
    seen = door.seen_by(asked.viewer, asked.record)
    handles = [handle_of(authority, one.child) for one in seen.due.children]
    form = AskForm(*posted(request), handles=handles)
    if form.is_bound and form.is_valid():
        wanted = [child_of(asked.record, handle) for handle in form.cleaned_data["children"]]
        try:
            count = door.ask(asked.viewer, [child for child in wanted if child is not None])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Asked for {count}. Nothing is erased until a second person decides.")
            return redirect("records-due", authority)
    return _page(request, asked, seen, form)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, authority: str) -> HttpResponse:
    """A second person's decision about one child: a page to check first, where it erases."""
    asked = shell.asked_of(request, authority, Permission.RETENTION)
    form = DecideForm(*posted(request))
    if not form.is_bound:
        return redirect("records-due", authority)  # such as after signing in again
    if form.is_valid():
        number, says = form.cleaned_data["number"], form.cleaned_data
        try:
            if says["decision"] == "keep":
                door.keep(asked.viewer, number)
                messages.success(
                    request, "The record is kept. It stays on the list while its rule says it is due."
                )
                return redirect("records-due", authority)
            if says["confirmed"] != "yes":
                return _check(request, asked, door.asked_for(asked.viewer, number))
            link = door.confirm(asked.viewer, number)
        except Refused as refused:
            form.refuse(refused)
        else:
            says_done = (
                f"Erased: number {link.number} in the record, with the rule and both names. The database overwrites "
                "the freed pages within a day. Backups keep what they held until they are deleted."
            )
            messages.success(request, says_done)
            return redirect("records-due", authority)
    return _page(request, asked, door.seen_by(asked.viewer, asked.record), form)


def _check(request: HttpRequest, asked: shell.ServicePage, one: door.Asked) -> HttpResponse:
    door.log_seen(asked.viewer, [one.child])
    context = {"one": one, "handle": handle_of(asked.authority, one.child)}
    return render.html(request, asked, "retention/check.html", "records-due", context)


def _page(request: HttpRequest, asked: shell.ServicePage, seen: door.Seen, form: Form) -> HttpResponse:
    due = seen.due
    if render.wants_json(request):
        named = [one.child for one in due.children] + [one.child for one in due.cannot_tell]
        door.log_seen(asked.viewer, named)
        return render.json(asked, lambda: due)
    table = tables.table(
        request,
        due.children,
        _DUE,
        caption="Records due",
        per_page=_MOST,
        link=lambda extra: asked.link("records-due", extra=extra),
    )
    unclear = due.cannot_tell[:_UNCLEAR]
    shown = [one.child for one in (*table.page, *seen.asked)] + [one.child for one in unclear]
    door.log_seen(asked.viewer, shown)
    titles = {rule.rule: rule.title for rule in due.rules}
    waiting = {one.child for one in seen.asked}
    policy = read.policy(asked.record, london_day(asked.now))
    context = {
        "form": form,
        "today": in_words(due.as_at.isoformat()),
        "due": due,
        "table": table,
        "rows": [_row(asked, one, titles, waiting) for one in table.page],
        "unclear": [{"handle": handle_of(asked.authority, one.child), **vars(one)} for one in unclear],
        "asked_for": [
            {"handle": handle_of(asked.authority, one.child), "own": one.by == asked.viewer.by, **vars(one)}
            for one in seen.asked
        ],
        "restricted": seen.restricted,
        "rules": [_rule(rule) for rule in due.rules],
        "without_rule_set": any(rule.years is None for rule in due.rules),
        "files": policy.files,
        "files_from": in_words(policy.files.in_force_from.isoformat()) if policy.files.in_force_from else "",
        "holds": [{**vars(one), "on_words": in_words(one.on.isoformat())} for one in policy.holds],
        "can_ask": can_ask(due),
    }
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "retention/due.html", "records-due", context, status)


def can_ask(due: RetentionDue) -> bool:
    """Whether anything may be asked for: something is due and no hold stands."""
    return bool(due.children) and not due.holds


def _row(
    asked: shell.ServicePage, one: DueChild, titles: dict[str, str], waiting: set[str]
) -> dict[str, Any]:
    return {
        "handle": handle_of(asked.authority, one.child),
        "child": one.child,
        "title": titles[one.rule],
        "because": one.because,
        "since": in_words(one.due_since.isoformat()),
        "waits": one.child in waiting,
    }


def _rule(rule: RetentionRule) -> dict[str, Any]:
    return {
        "title": rule.title,
        "years": f"{rule.years} years" if rule.years else "Not set",
        "counted_from": _COUNTED_FROM[rule.counted_from] if rule.counted_from else "",
        "source": rule.source,
        "confidence": rule.confidence,
        "from_day": in_words(rule.in_force_from.isoformat()) if rule.in_force_from else "",
        "set_by": rule.set_by,
    }
