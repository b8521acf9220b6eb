"""The forms of a service's pages: finding a child, and what its lists are narrowed by."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from lineofsight.service.pages.forms import Filters, Form, WordsField


class FindForm(Form):
    """A child's number, as the case system gives it."""

    number = forms.CharField()


class RegisterFilters(Filters):
    """What the unallocated register is narrowed by."""

    state, reason, team, standing = WordsField(), WordsField(), WordsField(), WordsField()
    days_from, days_to = WordsField(), WordsField()


class WorkersFilters(Filters):
    """What the list of workers is narrowed by."""

    team, who = WordsField(), WordsField()


class BridgeFilters(Filters):
    """The day on which a bridge begins; `from` is a word of Python's, so it is named here and not in the class."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.fields["from"] = WordsField()
