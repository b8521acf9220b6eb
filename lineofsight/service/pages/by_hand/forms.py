"""The form in which a person states a public statement; its fields are those of the intake format."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.service.pages.forms import Form
from lineofsight.vocabulary.codes import code_set

_LABELS = {
    "id": "Short name", "headline": "Headline", "subject_kind": "Kind of subject", "subject": "Subject", "topic": "Topics",
    "says": "What was said", "value": "Value", "bound": "How the number is meant", "unit": "Unit", "definition": "What the value counts", "counter": "Who counted",
    "event": "What happened in the post", "holder": "Office-holder", "terms": "On what terms",
    "step": "Step taken", "owner": "Owner (a post)", "test": "Test that shows it lasted", "evidence": "Evidence", "said_by": "Who said it",
    "said_on": "When it was said", "about_from": "About: first day", "about_to": "About: last day", "kind": "Kind of statement",
    "due_on": "Due", "asked_of": "Who has to answer", "looked_in": "Where you searched", "theme": "Subjects of the finding", "found": "Strength or weakness",
    "source_title": "Title of the source", "source_publisher": "Publisher", "source_date": "Date of the source",
    "source_address": "Address of the source", "source_place": "Page or paragraph", "quotation": "Quotation",
    "known_from": "Public from", "known_because": "What shows that", "note": "Our note", "our_finding": "Our finding", "noted_on": "Date of the note",
    "confidence": "How well the source is known",
}  # fmt: skip
_DAY = "A day, month or year, for example 2018-10-17, 2018-10 or 2018"
_HINTS = {
    "id": "Part of the page’s address: small letters, numbers and hyphens, for example ofsted-267",
    "subject": "Always use the same name, for example: agency rate, director of children’s services. Give a review by its code only",
    "says": "Use plain words. Do not include anything that could identify a child, a parent or somebody’s private life",
    "said_on": _DAY, "about_from": f"{_DAY}. Leave empty if it is about the day it was said", "about_to": "As above, or: open",
    "due_on": _DAY, "source_date": _DAY, "holder": "Only if the source names them as the holder of an office",
    "looked_in": "Needed if something was not found",
    "bound": "Leave empty if the number is exact",
    "quotation": "Word for word, a sentence at most, and only with its page or paragraph",
    "known_from": "The first day on which somebody can be shown to have read it. Leave empty to work it out",
    "note": "A remark of your own. It is shown as a note with its date, never as what was said", "noted_on": _DAY,
}  # fmt: skip
_GROUPS = (
    ("Statement", ("id", "headline", "kind", "says", "value", "bound", "unit", "definition", "counter")),
    (
        "What it is about",
        (
            "subject_kind",
            "subject",
            "topic",
            "theme",
            "found",
            "event",
            "holder",
            "terms",
            "step",
            "owner",
            "test",
            "evidence",
        ),
    ),
    (
        "Who said it, and when",
        ("said_by", "said_on", "about_from", "about_to", "due_on", "asked_of", "looked_in"),
    ),
    (
        "Source",
        (
            "source_title",
            "source_publisher",
            "source_date",
            "source_address",
            "source_place",
            "quotation",
            "known_from",
            "known_because",
            "confidence",
        ),
    ),
    ("Our note", ("our_finding", "note", "noted_on")),
    ("Links to other statements", RELATIONS),
)
_MANY = ("topic", "theme")


class StatementForm(Form):
    """Every field is text or a code; what may stand in it is the business of intake's checks, not of this form."""

    problem = "The statement was not saved"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _, names in _GROUPS:
            for name in names:
                self.fields[name] = _field(name)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in _GROUPS]

    def in_summary(self, name: str, error: str) -> str:
        """An error with its field's label: the form is long."""
        return f"{self.fields[name].label}: {error}" if name in self.fields else error

    def said(self) -> dict[str, str]:
        """What was filled in, as intake reads it."""
        cells = {
            name: "; ".join(v) if isinstance(v, list) else v.strip() for name, v in self.cleaned_data.items()
        }
        return {
            name: cell.replace("; ", " ") if name == "topic" else cell for name, cell in cells.items() if cell
        }


def _field(name: str) -> forms.Field:
    column = STATEMENT.column(name)
    label = _LABELS.get(name, name.replace("_", " ").capitalize())
    hint = _HINTS.get(name, f"{column.says[0].upper()}{column.says[1:]}" if name in RELATIONS else "")
    if column.codes is None:
        widget = forms.Textarea(attrs={"rows": 5}) if name == "says" else forms.TextInput()
        return forms.CharField(widget=widget, max_length=5000, label=label, help_text=hint, required=False)
    choices = [(code, code) for code in code_set(column.codes)]
    if name in _MANY:
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=boxes, label=label, required=False)
    choices = [("", "Choose one"), *choices]
    return forms.ChoiceField(choices=choices, label=label, help_text=hint, required=False)
