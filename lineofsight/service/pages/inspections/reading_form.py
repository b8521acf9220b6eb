"""The form of a reading by hand: an inspection with its grades and what must improve. What is sent replaces what was read.

What the form does not show of a line (its printed number, the point it belongs to, what it refers to) stays with the line, and
the printed words stay with a grade that is not changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from lineofsight.intake.formats.inspection_report import inspection_id, without_overall
from lineofsight.intake.formats.report_judgements import areas_of
from lineofsight.intake.formats.report_reading import AREAS, BODY, LEAD, grade_of, reading_of
from lineofsight.oversight.inspections import Inspection
from lineofsight.service.pages.forms import Form, choices_of
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.refusal import Refused

_CELLS = (
    "kind",
    "framework",
    "body",
    "begun_on",
    "ended_on",
    "published_on",
    "lead_inspector",
    "inspectors",
    "theme",
)
_CODES = {"kind": "inspection_kind", "framework": "framework"}
_HINTS = {"inspectors": "If the report names several and no lead. Put a semicolon between two names."}
_LINE = ("says", "page", "section", "due")
_KEPT = ("label", "within", "refers_to", "national_framework")
"""What a line keeps that the form does not show."""
SPARE = 3
"""Empty lines offered after those that are known."""
MORE = 10
_MOST_LINES = 200
_BY_HAND = "a reading by hand"

Reading = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class FormLine:
    """The fields of one area for improvement."""

    number: int
    says: forms.BoundField
    page: forms.BoundField
    section: forms.BoundField
    due: forms.BoundField

    @property
    def stands(self) -> str:
        """Its heading and its deadline, as they are now."""
        return ", ".join(filter(None, (self.section.value(), self.due.value())))


class ReadingForm(Form):
    """One inspection with its grades and findings; what is known now is filled in. `inspection` None: entered from nothing."""

    problem = "The reading was not saved"

    def __init__(self, *posted: Any, inspection: Inspection | None = None, typed: Any = None) -> None:
        """`typed`: what was sent so far, where more lines were asked for; nothing of it is checked yet."""
        super().__init__(*posted, initial=typed or _known(inspection), auto_id="%s")
        self.one = inspection
        self._count = min(self._lines(self.data or typed or {}), _MOST_LINES)
        self._areas = list(code_set("judgement_area"))
        for name in _CELLS:
            self.fields[name] = _cell(name)
        for area in self._areas:
            self.fields[f"grade-{area}"] = forms.ChoiceField(
                choices=choices_of(code_set("grade"), "No grade"), required=False, label=area.capitalize()
            )
        for number in range(1, self._count + 1):
            self.fields.update(_line_fields(number))
        self.initial["line_count"] = str(self._count)
        self.fields["line_count"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["settled"] = forms.MultipleChoiceField(
            required=False,
            label="Tick what is true of the report",
            choices=[(part, _settles(part)) for part in self._to_settle()],
            widget=forms.CheckboxSelectMultiple,
        )

    def _lines(self, sent: Any) -> int:
        """How many lines the form has: as many as were sent, or those known and a few to spare."""
        if str(sent.get("line_count", "")).isdecimal():
            return int(sent["line_count"]) + (MORE if "more" in sent else 0)
        return max((told.cells["number"] for told in self._known_lines()), default=0) + SPARE

    def _known_lines(self) -> tuple[Any, ...]:
        return self.one.weaknesses if self.one else ()

    def _to_settle(self) -> list[str]:
        if self.one is None:
            return [AREAS]
        return list(dict.fromkeys([*self.one.unread, *([] if self.one.weaknesses else [AREAS])]))

    # -- as the template draws it -------------------------------------------------------------------

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields of the inspection."""
        return [self[name] for name in _CELLS]

    @property
    def grades(self) -> list[forms.BoundField]:
        """The fields of the grades."""
        return [self[f"grade-{area}"] for area in self._areas]

    @property
    def lines(self) -> list[FormLine]:
        """The fields of what must improve, line by line."""
        return [
            FormLine(number, *(self[f"{part}-{number}"] for part in _LINE))
            for number in range(1, self._count + 1)
        ]

    @property
    def lines_sent(self) -> forms.BoundField:
        """How many lines were drawn, hidden."""
        return self["line_count"]

    @property
    def to_settle(self) -> forms.BoundField | None:
        """What may be ticked as not in the report; None where everything was read."""
        return self["settled"] if self._to_settle() else None

    # -- as it is sent ------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """The first day, where it is missing, is asked for here: an inspection is named by it."""
        given = super().clean() or {}
        if not given.get("begun_on"):
            self.add_error("begun_on", "Enter the first day of fieldwork, for example 2022-11-07.")
        elif read_day(given["begun_on"]) is None:
            self.add_error("begun_on", "The first day of fieldwork cannot be read. Write it as 2022-11-07.")
        for number in range(1, self._count + 1):
            page = given.get(f"page-{number}", "")
            if page and not page.isdecimal():
                self.add_error(f"page-{number}", "Enter the page as a number.")
        return given

    @property
    def id(self) -> str:
        """The inspection's name; from nothing, that which a report read by machine would have."""
        if self.one is not None:
            return self.one.id
        given = self.cleaned_data
        return inspection_id(given["framework"], read_day(given["begun_on"]) or date.min, given["kind"])

    def reading(self, by: str, **more: str) -> Reading:
        """The reading as its format takes it: the whole list, the grades that were filled in, and what is still unread.

        `more`: other cells of the inspection, such as its report.
        """
        given: dict[str, str] = self.cleaned_data
        own = {"inspection": self.id, "begun_on": given["begun_on"]}
        grades = {area: grade for area in self._areas if (grade := given[f"grade-{area}"])}
        items = self._items(own)
        inspection = {
            "id": self.id,
            **{name: given[name] for name in _CELLS},
            **self._without_overall(list(grades)),
            **self._published_by(),
            "graded": "; ".join(grades),
            "listed": str(len(items)),
            "unread": "; ".join(self._unread(list(grades), bool(items))),
            "read_by": by,
            **more,
        }
        return {
            "inspection": [inspection],
            "judgement": [own | self._judgement(area, grade) for area, grade in grades.items()],
            "weakness": items,
        }

    def _without_overall(self, areas: list[str]) -> dict[str, str]:
        if "overall effectiveness" in areas:
            return {}
        if grade_of("overall effectiveness") in self.cleaned_data["settled"]:
            return {"without_overall": "not judged"}
        known = self.one.cells.get("without_overall") if self.one else None
        given = self.cleaned_data
        why = known or without_overall(given["kind"], given["framework"], areas)
        return {"without_overall": str(why)} if why else {}

    def _published_by(self) -> dict[str, str]:
        """Where the day of publication comes from: the person, once they give another."""
        given, known = self.cleaned_data["published_on"], _known(self.one).get("published_on", "")
        if not given:
            return {}
        by = self.one.cells.get("published_by") if self.one and given == known else None
        return {"published_by": by or _BY_HAND}

    def _judgement(self, area: str, grade: str) -> dict[str, str]:
        judged = next((each for each in self.one.judgements if each.area == area), None) if self.one else None
        kept = judged.told.cells if judged and judged.grade == grade else {}
        return {"area": area, "grade": grade} | {
            name: str(kept[name]) for name in ("printed", "page") if kept.get(name)
        }

    def _items(self, own: dict[str, str]) -> list[dict[str, str]]:
        """The lines that have words, numbered from 1; each keeps what the form does not show of it."""
        given = self.cleaned_data
        known = {told.cells["number"]: told.cells for told in self._known_lines()}
        filled = [number for number in range(1, self._count + 1) if given[f"says-{number}"]]
        numbers = {before: str(now) for now, before in enumerate(filled, 1)}
        items = []
        for before, now in numbers.items():
            kept = {name: str(value) for name in _KEPT if (value := known.get(before, {}).get(name))}
            kept["within"] = numbers.get(known.get(before, {}).get("within") or 0, "")
            if kept.get("label", str(before)) == str(before):
                kept["label"] = now
            items.append(own | {"number": now} | kept | {part: given[f"{part}-{before}"] for part in _LINE})
        return items

    def _unread(self, areas: list[str], has_items: bool) -> list[str]:
        """What nobody has read yet: the parts that were unread, without those now filled in or settled."""
        given = self.cleaned_data
        filled = {grade_of(area) for area in areas} | set(given["settled"])
        filled |= {BODY} if given["body"] else set()
        filled |= {LEAD} if given["lead_inspector"] or given["inspectors"] else set()
        filled |= {AREAS} if has_items else set()
        if self.one is not None:
            return [part for part in self.one.unread if part not in filled]
        parts = [BODY, *map(grade_of, areas_of(given["kind"], given["framework"])), AREAS]
        return [part for part in parts if part not in filled]


def typed_of(sent: QueryDict) -> dict[str, Any]:
    """What was typed so far, to be shown again with more lines."""
    return {**{name: sent.get(name, "") for name in sent}, "settled": sent.getlist("settled")}


def as_read(texts: Sequence[str], name: str) -> dict[str, str]:
    """The form's fields as far as a report's pages can be read: a person then only adds what is missing."""
    try:
        read = reading_of(texts, name)
    except Refused:
        return {}
    report, items = read.report, read.weaknesses.items
    days = {"begun_on": read.begun_on, "ended_on": report.ended_on, "published_on": report.published_on}
    fields = {
        "kind": report.kind,
        "framework": report.framework,
        "body": report.body,
        "lead_inspector": report.lead_inspector,
        "inspectors": "; ".join(report.inspectors),
        "theme": report.theme,
        **{name: day.isoformat() for name, day in days.items() if day},
        **{f"grade-{judged.area}": judged.grade for judged in read.judged},
        "line_count": str(len(items) + SPARE),
    }
    for item in items:
        own = {"says": item.says, "page": str(item.page), "section": item.section, "due": item.due}
        fields |= {f"{part}-{item.number}": words for part, words in own.items()}
    return fields


def _settles(part: str) -> str:
    if part == AREAS:
        return "The report lists nothing that needs to improve"
    if part.startswith("page "):
        return f"I have looked at {part}, and nothing on it is missing here"
    return f"The report does not give the {part}"


_LABELS = {
    "kind": "Kind of inspection or visit",
    "body": "Body inspected",
    "begun_on": "First day of fieldwork",
    "ended_on": "Last day of fieldwork",
    "published_on": "Day it was published",
    "theme": "What it looked at",
}


def _cell(name: str) -> forms.Field:
    label = _LABELS.get(name) or name.replace("_", " ").capitalize()
    if name in _CODES:
        return forms.ChoiceField(choices=choices_of(code_set(_CODES[name])), label=label)
    day = name.endswith("_on")
    return forms.CharField(
        required=False,
        label=label,
        help_text=_HINTS.get(name, ""),
        widget=forms.TextInput({"type": "date"} if day else None),
    )


def _line_fields(number: int) -> dict[str, forms.Field]:
    page = forms.TextInput({"class": "govuk-input--width-3", "inputmode": "numeric"})
    return {
        f"says-{number}": forms.CharField(
            required=False, label=f"Area for improvement {number}", widget=forms.Textarea({"rows": 3})
        ),
        f"page-{number}": forms.CharField(
            required=False, label=f"Page of the report for area {number}", widget=page
        ),
        f"section-{number}": forms.CharField(required=False, label=f"Heading that area {number} is under"),
        f"due-{number}": forms.CharField(required=False, label=f"By when area {number} is due, as printed"),
    }


def _known(inspection: Inspection | None) -> dict[str, str]:
    """What is known now, as the form's fields."""
    if inspection is None:
        return {}
    held = {name: inspection.cells.get(name) for name in _CELLS}
    fields = {
        name: date.fromordinal(value).isoformat() if name.endswith("_on") and value else str(value or "")
        for name, value in held.items()
    }
    fields |= {f"grade-{judged.area}": judged.grade for judged in inspection.judgements}
    for told in inspection.weaknesses:
        for part in _LINE:
            fields[f"{part}-{told.cells['number']}"] = str(told.cells.get(part) or "")
    return fields
