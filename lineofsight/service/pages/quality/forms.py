"""The forms of data quality: what the list is narrowed by, and an answer about one issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms

from lineofsight.service.access.view import day_said
from lineofsight.service.pages.forms import Filters, Form, ReadField, WordsField
from lineofsight.vocabulary.days import in_words

_LONGEST = timedelta(days=366)
_SHORTEST_REASON = 10


def _day(text: str) -> date:
    return day_said(text, "the last day")


class IssueFilters(Filters):
    """What the list of issues is narrowed by."""

    severity, source, table = WordsField(80), WordsField(80), WordsField(80)


class AnswerForm(Form):
    """Who owns an issue, and until which day it is accepted and why; at least one of the two."""

    problem = "The answer was not saved"
    owner = forms.CharField(
        required=False,
        max_length=120,
        label="Who owns it",
        help_text="The post or team that puts it right in the source system, for example: case system team",
    )
    until = ReadField(
        _day,
        required=False,
        label="Last day on which it is accepted (optional)",
        help_text="For example 2020-03-31. After that day the issue is open again. Leave it empty if the issue stays open",
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    why = forms.CharField(
        required=False,
        max_length=500,
        label="Why it is accepted (optional)",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, *posted: Any, by: str, today: date, names_a_child: Callable[[str], bool], **kwargs: Any
    ) -> None:
        super().__init__(*posted, **kwargs)
        self.today, self.names_a_child = today, names_a_child
        self.fields["why"].help_text = f"Your answer is stored with your name, {by}. Do not name a child."

    def clean_owner(self) -> str:
        """Who owns it, where it names no child."""
        return self._no_child("owner")

    def clean_why(self) -> str:
        """Why it is accepted, where it names no child."""
        return self._no_child("why")

    def _no_child(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if self.names_a_child(text):
            raise forms.ValidationError("Do not give a child’s number here.")
        return text

    def clean_until(self) -> date | None:
        """A day from today on, within a year."""
        until: date | None = self.cleaned_data["until"]
        if until and not self.today <= until <= self.today + _LONGEST:
            last = in_words((self.today + _LONGEST).isoformat())
            raise forms.ValidationError(f"Give a day from today to {last}.")
        return until

    def clean(self) -> dict[str, Any]:
        """An accepted issue has a reason, and an answer says something."""
        given = super().clean() or {}
        if self.errors:
            return given
        if given["until"] and len(given["why"]) < _SHORTEST_REASON:
            self.add_error("why", "Give a reason of at least 10 letters.")
        elif given["why"] and not given["until"]:
            self.add_error("until", "Give the day until which it is accepted.")
        elif not given["owner"] and not given["until"]:
            self.add_error("owner", "Say who owns it, or until when it is accepted.")
        return given
