"""The forms of records that are due: asking for erasures, and deciding about one."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.service.pages.forms import Form

_LARGEST_NUMBER = 2**63 - 1


class AskForm(Form):
    """Which children somebody asks to be erased, by their handles."""

    children = forms.MultipleChoiceField(
        required=True,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice", "invalid_list"), "Select at least one child on this page."
        ),
    )

    def __init__(self, *posted: Any, handles: list[str]) -> None:
        super().__init__(*posted)
        self.fields["children"] = forms.MultipleChoiceField(
            choices=[(handle, handle) for handle in handles],
            error_messages=self.fields["children"].error_messages,
        )


class DecideForm(Form):
    """Whether a child is erased, as somebody else asked. `confirmed`: the page to check it first was seen."""

    number = forms.IntegerField(
        min_value=1,
        max_value=_LARGEST_NUMBER,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Choose a request on this page."
        ),
    )
    decision = forms.ChoiceField(
        choices=[("erase", "Erase"), ("keep", "Keep")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say whether to erase or to keep."),
    )
    confirmed = forms.CharField(required=False)
