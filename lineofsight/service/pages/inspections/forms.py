"""The forms of inspections: completing what was read from a report, and saying whether two findings are the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lineofsight.oversight.inspections import Inspection
from lineofsight.oversight.returning import CONFIRMED, REFUSED
from lineofsight.service.pages.forms import Form, choices_of
from lineofsight.vocabulary.codes import code_set

_CELLS = ("kind", "framework", "body", "begun_on", "ended_on", "published_on", "lead_inspector", "theme")
_CODES = {"kind": "inspection_kind", "framework": "framework"}
_SPARE = 3
"""Empty lines offered for areas for improvement that were not read."""

VERDICTS = {CONFIRMED: "The same failing", REFUSED: "Not the same failing"}
_SHORTEST_WHY = 10
NOT_KNOWN = "These two findings are not known. Open the page again and choose from it."


class ReadingForm(Form):
    """One inspection with its grades and findings; what is known now is filled in."""

    problem = "The reading was not saved"

    def __init__(self, *posted: Any, one: Inspection) -> None:
        super().__init__(*posted, initial=_known(one), auto_id="%s")
        self.one = one
        self._names = {
            "cells": list(_CELLS),
            "grades": [f"grade-{area}" for area in code_set("judgement_area")],
            "lines": [f"{part}-{number}" for number in self._numbers() for part in ("says", "page")],
        }
        for name in _CELLS:
            self.fields[name] = _cell(name)
        for name in self._names["grades"]:
            self.fields[name] = forms.ChoiceField(
                choices=choices_of(code_set("grade"), "Not judged, or not known"),
                required=False,
                label=name.removeprefix("grade-").capitalize(),
            )
        for number in self._numbers():
            self.fields[f"says-{number}"] = forms.CharField(
                required=False, label=f"Area for improvement {number}", widget=forms.Textarea({"rows": 3})
            )
            page = forms.TextInput({"class": "govuk-input--width-3", "inputmode": "numeric"})
            self.fields[f"page-{number}"] = forms.CharField(
                required=False, label=f"Page of the report for area {number}", widget=page
            )

    def _numbers(self) -> range:
        last = max((told.cells["number"] for told in self.one.weaknesses), default=0)
        return range(1, last + _SPARE + 1)

    @property
    def parts(self) -> dict[str, list[forms.BoundField]]:
        """The fields of the inspection, of its grades, and of what must improve."""
        return {part: [self[name] for name in names] for part, names in self._names.items()}

    def field_of(self, finding: dict[str, Any]) -> str | None:
        """A finding about a grade or a line is shown at it: its row's key ends in the area or the number."""
        last = str(finding["key"] or "").rpartition("/")[2]
        by_table = {"judgement": f"grade-{last}", "weakness": f"says-{last}"}
        return by_table.get(finding["table"]) or super().field_of(finding)

    def reading(self) -> dict[str, list[dict[str, str]]]:
        """The reading as its format takes it: only grades and lines that were filled in."""
        given: dict[str, str] = self.cleaned_data
        grades = {area: grade for area in code_set("judgement_area") if (grade := given[f"grade-{area}"])}
        without = (
            {}
            if "overall effectiveness" in grades
            else {"without_overall": self.one.cells.get("without_overall") or "not judged"}
        )
        own = {"inspection": self.one.id, "begun_on": given["begun_on"]}
        return {
            "inspection": [{"id": self.one.id, **{name: given[name] for name in _CELLS}, **without}],
            "judgement": [{**own, "area": area, "grade": grade} for area, grade in grades.items()],
            "weakness": [
                {**own, "number": str(n), "label": str(n), "says": says, "page": given[f"page-{n}"]}
                for n in self._numbers()
                if (says := given[f"says-{n}"])
            ],
        }


def _cell(name: str) -> forms.Field:
    label = name.replace("_on", " on").replace("_", " ").capitalize()
    if name in _CODES:
        return forms.ChoiceField(choices=choices_of(code_set(_CODES[name])), label=label)
    day = name.endswith("_on")
    return forms.CharField(
        required=False, label=label, widget=forms.TextInput({"type": "date"} if day else None)
    )


def _known(one: Inspection) -> dict[str, str]:
    """What is known now, as the form's fields."""
    held = {name: one.cells.get(name) for name in _CELLS}
    fields = {
        name: date.fromordinal(value).isoformat() if name.endswith("_on") and value else str(value or "")
        for name, value in held.items()
    }
    fields |= {f"grade-{judged.area}": judged.grade for judged in one.judgements}
    for told in one.weaknesses:
        fields[f"says-{told.cells['number']}"] = told.cells["says"]
        fields[f"page-{told.cells['number']}"] = str(told.cells.get("page") or "")
    return fields


class VerdictForm(Form):
    """Whether two findings tell of the same failing, and why."""

    later = forms.CharField(error_messages={"required": NOT_KNOWN}, widget=forms.HiddenInput)
    earlier = forms.CharField(error_messages={"required": NOT_KNOWN}, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=list(VERDICTS.items()),
        error_messages=dict.fromkeys(("required", "invalid_choice"), NOT_KNOWN),
        widget=forms.HiddenInput,
    )
    why = forms.CharField(required=False, label="Reason")

    def clean_why(self) -> str:
        """Why, on one line."""
        why = " ".join(str(self.cleaned_data["why"]).split())
        if len(why) < _SHORTEST_WHY:
            raise forms.ValidationError(
                f"Give a reason of at least {_SHORTEST_WHY} letters, so that others can judge it."
            )
        return why

    def is_about(self, later: str, earlier: str) -> bool:
        """Whether this is what somebody sent about that pair."""
        return (self["later"].value(), self["earlier"].value()) == (later, earlier)
