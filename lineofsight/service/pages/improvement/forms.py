"""The forms in which somebody records what was done about an action, a question or a gate: one statement each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.evidence import MOST_BYTES, check_evidence
from lineofsight.intake.unpacking import EVIDENCE
from lineofsight.oversight.improvement import ACTION
from lineofsight.oversight.questions import GATE, QUESTION
from lineofsight.oversight.sustained import read_test
from lineofsight.oversight.transitions import Machine
from lineofsight.service.access import kept_files
from lineofsight.service.access.view import day_said
from lineofsight.service.pages.filters import in_plain_words
from lineofsight.service.pages.forms import Filters, Form, ReadField, WordsField, choices_of
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused

_WORDS: dict[str, tuple[str, str]] = {
    "name": ("Short name", "It cannot be changed later. For example: no child waits for a worker"),
    "headline": ("What is to be done", ""),
    "step": ("Step", ""),
    "says": ("Details", "What was done or decided. Do not include anything that could identify a child, a parent or somebody’s private life"),
    "said_by": ("Who states this", "The office or body, for example: director of children’s services"),
    "on": ("Day it was done", "It cannot be before the previous step"),
    "owner": ("Owner", "A post, not a person. This record shows who holds the post"),
    "due_on": ("When it is due", "A day, month or year, for example 2020-03-31 or 2020-03"),
    "test": ("Test", "How you will know that the change lasted: unallocated under 10 for 13 weeks, or allocated but not seen: none for 4 weeks"),
    "theme": ("Area of practice", ""),
    "bears_on": ("Finding it is about", "The end of the address of the finding’s own page, for example public-record/ofsted-267"),
    "evidence": ("Where the evidence is", "Or upload a file below. Do not upload a file about a child"),
    "file": ("Upload evidence", ""),
    "source_title": ("Title of the source", "The minutes, plan or letter that shows it"),
    "source_publisher": ("Publisher", ""),
    "asked_of": ("Who has to answer", "The office or body that has to answer"),
    "looked_in": ("Where you searched", "Needed if no answer was found"),
    "question": ("Question", "The question to waive"),
}  # fmt: skip
_NO_PERSON = "Do not include anything that could identify a child, a parent or somebody’s private life"
_QUESTION_WORDS = {
    "name": ("Short name", "It cannot be changed later. For example: cost of agency workers"),
    "headline": ("The question in one line", ""),
    "says": ("The question in full", _NO_PERSON),
    "on": ("Day it was asked", ""),
    "said_by": ("Who asks", "The office or body, for example: scrutiny committee"),
    "due_on": ("When the answer is due", "A day, month or year, for example 2020-03-31 or 2020-03"),
}
_GATE_WORDS = {
    "name": ("Short name", "It cannot be changed later. For example: move of the service to the trust"),
    "headline": ("The step that has to wait for answers", ""),
    "says": ("Details", f"Why the step has to wait. {_NO_PERSON}"),
    "on": ("Day it was decided", ""),
}
_SOURCE = ("says", "on", "said_by", "source_title", "source_publisher")
_NO_CELLS = ("name", "on", "file", "question")
"""Fields that are no cell of the statement as they were typed."""


class _DayInput(forms.TextInput):
    """A day, with the browser's own calendar."""

    input_type = "date"


class StatingForm(Form):
    """The fields of one statement. `offered` are the steps that can follow now, `waiting` the questions to be waived."""

    names: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """Labels and hints of this form, where they are not the usual ones."""
    button = "Save"
    machine: Machine
    choose = "Choose the step."
    needed: Mapping[str, str] = MappingProxyType({})
    """Fields that cannot be empty, with what is said where they are."""

    def __init__(
        self,
        *posted: Any,
        today: date,
        publisher: str,
        offered: Sequence[str] = (),
        questions: Sequence[str] = (),
        waiting: Sequence[str] = (),
    ) -> None:
        super().__init__(*posted, initial={"on": today.isoformat(), "source_publisher": publisher})
        self.today, self.offered, self.questions, self.waiting = today, offered, questions, waiting
        for name in self.names:
            self.fields[name] = self._made(name)

    def _made(self, name: str) -> forms.Field:
        label, hint = self.words.get(name, _WORDS[name])
        words: dict[str, Any] = {"label": label, "help_text": hint, "required": name in self.needed}
        if name in self.needed:
            words["error_messages"] = {"required": self.needed[name]}
        if name == "step":
            # Any step may be sent: one that cannot follow is refused with what can, not as an unknown word.
            errors = {"required": self.choose, "invalid_choice": self.choose}
            step = forms.ChoiceField(
                **words | {"required": True, "error_messages": errors}, choices=choices_of(self.machine.steps)
            )
            step.widget.choices = [(offer, in_plain_words(offer)) for offer in self.offered]
            return step
        if name == "question":
            errors = {"invalid_choice": "Choose the question to waive."}
            question = forms.ChoiceField(**words, error_messages=errors, choices=choices_of(self.questions))
            question.widget.choices = choices_of(self.waiting)
            return question
        if name == "theme":
            return forms.ChoiceField(**words, choices=choices_of(code_set("theme"), "Not stated"))
        if name == "file":
            return forms.FileField(**words, allow_empty_file=True, widget=forms.FileInput)
        if name == "on":
            says = "Enter the day on which it was done, from 1900 to 2200."
            day = {"required": True, "error_messages": {"required": says}, "widget": _DayInput}
            return ReadField(self._day, **words | day)
        if name == "test":
            return ReadField(_measurable, **words)
        return forms.CharField(
            **words, widget=forms.Textarea(attrs={"rows": 4}) if name == "says" else forms.TextInput
        )

    def _day(self, text: str) -> date:
        day = day_said(text, "on which it was done")
        if day > self.today:
            raise Refused("That day is in the future. Enter the day on which it was done.")
        return day

    def clean_file(self) -> NamedBytes | None:
        """The file of evidence under its hash: the name a person gave it might tell of somebody."""
        uploaded = self.cleaned_data["file"]
        if uploaded is None:
            return None
        content = uploaded.read(MOST_BYTES + 1)
        try:
            check_evidence(content)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        sha256 = hashlib.sha256(content).hexdigest()
        if kept_files.holds_children(sha256):
            raise forms.ValidationError(
                "That file holds a case system’s rows about children. It cannot be used as evidence."
            )
        return NamedBytes(f"{sha256}{EVIDENCE}", content)

    @property
    def day(self) -> date:
        """The day on which it was done."""
        day: date = self.cleaned_data["on"]
        return day

    def cells(self) -> dict[str, str]:
        """What was filled in, as cells of a statement; a file of evidence stands for words about where it is."""
        given = {name: text for name, text in self.cleaned_data.items() if text and name not in _NO_CELLS}
        if file := self.cleaned_data.get("file"):
            given["evidence"] = file.name.removesuffix(EVIDENCE)
        return given


def _measurable(text: str) -> str:
    read_test(text)
    return text


_NEEDED_FOR_A_STEP = {
    "due_on": "Enter when the action is due.",
    "owner": "Enter the post that owns the action.",
    "evidence": "Say where the evidence is, or upload it.",
}
"""What is said where a step lacks what it needs."""


class _ActionForm(StatingForm):
    """An action's step has what it needs."""

    machine = ACTION
    _steps_need: Mapping[str, tuple[str, ...]] = {
        "agreed": ("owner", "due_on"),
        "due date moved": ("due_on",),
        "owner changed": ("owner",),
        "evidence given": ("evidence",),
    }

    def clean(self) -> dict[str, Any]:
        """That what the step needs was given."""
        for name in self._steps_need.get(self.cleaned_data.get("step", ""), ()):
            if not self.cleaned_data.get(name) and not (name == "evidence" and self.files.get("file")):
                self.add_error(name, _NEEDED_FOR_A_STEP[name])
        return self.cleaned_data


class NewActionForm(_ActionForm):
    """An action, proposed or agreed."""

    button = "Add the action"
    names = (
        "name",
        "headline",
        "step",
        "says",
        "theme",
        "bears_on",
        "owner",
        "due_on",
        "test",
        "on",
        "said_by",
        "source_title",
        "source_publisher",
    )
    needed = MappingProxyType(
        {
            "name": "Enter a short name. It cannot be changed later.",
            "headline": "Say what is to be done.",
        }
    )


class ActionStepForm(_ActionForm):
    """The next step of an action."""

    button = "Record the step"
    names = (
        "step",
        "says",
        "on",
        "said_by",
        "owner",
        "due_on",
        "test",
        "evidence",
        "file",
        "source_title",
        "source_publisher",
    )


_NAMED = {"name": "Enter a short name. It cannot be changed later."}


class QuestionForm(StatingForm):
    """A question to be put."""

    words, button = _QUESTION_WORDS, "Ask the question"
    names = ("name", "headline", "asked_of", "due_on", "bears_on", *_SOURCE)
    machine, needed = QUESTION, _NAMED


class GateForm(StatingForm):
    """A named step to be put behind questions."""

    words, button = _GATE_WORDS, "Add the readiness check"
    names = ("name", "headline", "owner", "bears_on", *_SOURCE)
    machine, needed = GATE, _NAMED


class QuestionStepForm(StatingForm):
    """What became of a question."""

    button = "Record what happened"
    names = ("step", "due_on", "looked_in", *_SOURCE)
    machine, choose = QUESTION, "Choose what happened."


class GateStepForm(StatingForm):
    """A step of a gate: a question waived, held back, passed."""

    button = "Record the step"
    names = ("step", "question", *_SOURCE)
    machine = GATE


class ObligationsFilters(Filters):
    """What the list of obligations is narrowed by."""

    kind, standing, source = WordsField(300), WordsField(300), WordsField(300)
    owner, year = WordsField(300), WordsField(300)
