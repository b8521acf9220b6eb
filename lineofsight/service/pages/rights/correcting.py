"""Somebody says that a row about a child is wrong: what they say and what was decided, kept beside the row."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.corrections import ENDING
from lineofsight.queries.children import Cells, Child, first_day
from lineofsight.queries.corrections import row_key
from lineofsight.record.tables import TABLES
from lineofsight.service.access import attempts, handles
from lineofsight.service.access.children import open_for
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.forms import Form, posted
from lineofsight.service.pages.service import table_words
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day, written
from lineofsight.vocabulary.refusal import Refused

CORRECTIONS = source_name("corrections")
"""The source under which corrections are recorded."""
ASKED_BY = ("the young person", "a parent", "a carer", "somebody acting for the young person")
OUTCOMES = ("noted", "to be corrected in the source system", "refused")


class CorrectionForm(Form):
    """Which row, which part of it, who asked, what it should say, and what was decided."""

    problem = "The correction was not saved"
    row = forms.ChoiceField(label="Which row is said to be wrong")
    part = forms.CharField(max_length=100, label="Which part of it", help_text="For example: main need")
    asked_by = forms.ChoiceField(label="Who asked", choices=[(one, one.capitalize()) for one in ASKED_BY])
    requested = forms.CharField(
        max_length=500,
        label="What it should say",
        help_text="In the words of the person who asked. It is shown to everybody who may open this child.",
        widget=forms.Textarea({"rows": 3}),
    )
    outcome = forms.ChoiceField(
        label="What was decided", choices=[(one, one.capitalize()) for one in OUTCOMES]
    )
    why = forms.CharField(
        required=False,
        max_length=500,
        label="Why (needed where it is refused)",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *posted: Any, rows: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*posted, **kwargs)
        self.fields["row"].choices = [(str(at), label) for at, (_, label) in enumerate(rows)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == "refused" and not given.get("why", "").strip():
            self.add_error("why", "Say why it was refused.")
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """A form that records a correction. The look at the child is written to the access log."""
    asked = shell.asked_of(request, authority, Permission.CORRECT)
    number = handles.child_of(asked.record, handle)
    if number is None:
        attempts.refuse(asked.viewer, None, handle, attempts.REFUSED)
    try:
        found = open_for(asked.viewer, asked.record, number, asked.figure_query)
    except Refused:
        raise Http404 from None
    rows = rows_of(found)
    form = CorrectionForm(*posted(request), rows=[(key, label) for _, key, label in rows])
    if form.is_bound and form.is_valid():
        try:
            _record(asked, number, rows[int(form.cleaned_data["row"])], form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                "Saved with your name. The row stays as the source states it, with this shown next to it.",
            )
            return redirect("child", authority, handle)
    more = {
        "heading": "Record a correction",
        "before": [
            "The record is never edited. What is said to be wrong, and what was decided, is shown with the row."
        ],
        "button": "Save the correction",
        "form": form,
        "back": reverse("child", args=[authority, handle]),
    }
    return render.html(
        request, asked, "people/form.html", "unallocated", more, status=422 if form.is_bound else 200
    )


def rows_of(found: Child) -> list[tuple[str, str, str]]:
    """The rows about a child: their table, their key, and how a person tells them apart."""
    return [
        (
            name,
            row_key(TABLES[name], row),
            f"{table_words.table(TABLES[name]).capitalize()}: {_label(name, row)}",
        )
        for name, rows in found.rows.items()
        for row in rows
    ]


def _label(name: str, row: Cells) -> str:
    """A row's first day with the source that states it."""
    first = (
        None if name == "child" else first_day(TABLES[name])
    )  # a day of birth tells nobody which row it is
    day = in_words(str(row[first])) if first and row[first] else "no day"
    return f"{day}, from {row['source']}"


def _record(asked: shell.ServicePage, number: str, row: tuple[str, str, str], given: dict[str, Any]) -> None:
    cells = {
        "child": number,
        "about": row[0],
        "row": row[1],
        **{name: given[name] for name in ("part", "asked_by", "requested", "outcome", "why")},
        "said_by": asked.viewer.by,
        "said_on": london_day(asked.now).isoformat(),
    }
    body = {"entered_at": written(asked.now), "correction": [cells]}
    file = NamedBytes(f"entered{ENDING}", json.dumps(body, ensure_ascii=False).encode())
    recipe.record_statement([file], authority_code(asked.authority), CORRECTIONS, by=asked.viewer.by)
