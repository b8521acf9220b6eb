"""What an evidence pack is asked for on its page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lineofsight.queries.followed import PackQuery
from lineofsight.service.access.view import day_said
from lineofsight.service.pages.forms import Form, ReadField, RefusedAt
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused

MOST_DAYS = 731
"""The longest period of a pack that is made on a page: two years. The command has no such limit."""


def _day(text: str) -> date:
    return day_said(text, "of the period")


def _topics() -> list[tuple[str, str]]:
    return [(each.code, f"{each.code.capitalize()}: {each.says}") for each in code_set("topic").values()]


class PackForm(Form):
    """A period of at most two years, and topics; none means all."""

    problem = "The pack was not made"
    first = ReadField(
        _day, label="First day", error_messages={"required": "Give the first day of the period"}
    )
    last = ReadField(_day, label="Last day", error_messages={"required": "Give the last day of the period"})
    topic = forms.MultipleChoiceField(
        required=False,
        label="Topics",
        help_text="Choose none for all topics",
        choices=_topics,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, **kwargs: Any) -> None:
        super().__init__(*given, **kwargs)
        self.fields["from"], self.fields["to"] = self.fields.pop("first"), self.fields.pop("last")
        self.order_fields(["from", "to", "topic"])
        for name in ("from", "to"):
            self.fields[name].widget = forms.DateInput({"type": "date", "class": "govuk-input--width-10"})

    def query(self) -> PackQuery:
        """The question of a form that is valid; refuses a period that is too long, or ends before it begins."""
        first, last = self.cleaned_data["from"], self.cleaned_data["to"]
        if (last - first).days >= MOST_DAYS:
            raise RefusedAt("to", "Choose a period of at most two years, or make several packs.")
        known = list(code_set("topic"))
        topics = sorted(self.cleaned_data["topic"], key=known.index)
        try:
            return PackQuery(first, last, tuple(topics))
        except Refused as refused:
            raise RefusedAt("to", str(refused)) from None
