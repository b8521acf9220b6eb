"""A named person's answer about a data quality issue: kept as an entry, and nothing is overwritten."""

from __future__ import annotations

import json
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.issue_answers import ENDING
from lineofsight.queries import quality as read
from lineofsight.queries.quality import Issue
from lineofsight.service.access.findings import names_a_child
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.forms import posted
from lineofsight.service.pages.quality import labels
from lineofsight.service.pages.quality.forms import AnswerForm
from lineofsight.service.pages.quality.views import issue_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day, written
from lineofsight.vocabulary.refusal import Refused

ANSWERS = source_name("data-quality-answers")
"""The source under which answers are recorded."""


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, authority: str, issue: str) -> HttpResponse:
    """A form that says who owns an issue, and until when it is accepted."""
    asked = shell.asked_of(request, authority, Permission.ACCEPT_ISSUES)
    found = issue_of(asked, issue)
    latest = found.answers[0] if found.answers else None
    form = AnswerForm(
        *posted(request),
        by=asked.viewer.by,
        today=london_day(asked.now),
        names_a_child=lambda text: names_a_child(asked.record, text),
        initial={"owner": latest.owner or "" if latest else ""},
    )
    if form.is_bound and form.is_valid():
        try:
            _record(asked, found, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved with your name. Earlier answers stay on record.")
            return redirect("issue", authority, issue)
    more = {"issue": labels.issue(asked, found), "form": form}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "quality/answer.html", "data-quality", more, status=status)


def _record(asked: shell.ServicePage, issue: Issue, form: AnswerForm) -> None:
    def check(_moment: datetime) -> None:
        if issue.name not in read.answer_names(open_record(asked.authority)):
            raise Refused("A newer delivery no longer has this issue, so there is nothing to answer.")

    given = form.cleaned_data
    row = {
        "issue": issue.name,
        "owner": given["owner"],
        "why": given["why"],
        "until": given["until"].isoformat() if given["until"] else "",
        "said_by": asked.viewer.by,
        "said_on": london_day(asked.now).isoformat(),
    }
    body = {"entered_at": written(asked.now), "issue_answer": [row]}
    file = NamedBytes(f"answer{ENDING}", json.dumps(body, ensure_ascii=False).encode())
    recipe.record_statement([file], authority_code(asked.authority), ANSWERS, by=asked.viewer.by, check=check)
