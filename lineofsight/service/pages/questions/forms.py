"""What a member asks, in three fields, and what is replied; every text becomes public as it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms

from lineofsight.intake.checks.statement import MOST_CHARACTERS
from lineofsight.oversight.members_questions import CLEAR_DAYS, STATES, clear_days_after
from lineofsight.service.pages.forms import Filters, Form
from lineofsight.vocabulary.days import in_words

DOCUMENT = "document"
_PERIODS = ((7, "one week"), (14, "two weeks"), (28, "four weeks"))
_PUBLIC = "Anybody can read this. Do not name a child, a parent or a case, and do not give a case number."


class QuestionsFilters(Filters):
    """What the list of questions is narrowed by."""

    state = forms.ChoiceField(choices=[(one, one) for one in STATES], required=False)


class PublicForm(Form):
    """A form whose texts become public. `names_a_child` says whether a text holds a child's number."""

    def __init__(
        self, *posted: Any, today: date, names_a_child: Callable[[str], bool], **kwargs: Any
    ) -> None:
        super().__init__(*posted, **kwargs)
        self.today, self.names_a_child = today, names_a_child

    def clean(self) -> dict[str, Any]:
        """What was given, where no text of it names a child."""
        given = super().clean() or {}
        for name in [
            name for name, text in given.items() if isinstance(text, str) and self.names_a_child(text)
        ]:
            self.add_error(name, "Remove the child’s number. Anybody can read this.")
        return given

    def field_of(self, finding: dict[str, Any]) -> str | None:
        """Intake calls what was asked or replied `says`, and finds it in no field of another name."""
        column: str | None = super().field_of(finding)
        return "question" if column == "says" and "question" in self.fields else column


def _words(label: str, empty: str, hint: str = _PUBLIC, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        max_length=MOST_CHARACTERS,
        label=label,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": empty},
    )


def _office(label: str, hint: str, empty: str) -> forms.CharField:
    return forms.CharField(max_length=120, label=label, help_text=hint, error_messages={"required": empty})


class _TimedForm(PublicForm):
    """A question with the time for its answer."""

    problem = "The question was not asked"
    question = _words("Your question, or the document you ask for", "Enter your question.")

    def __init__(self, *posted: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*posted, today=today, **kwargs)
        choices = [
            (
                DOCUMENT,
                _by("Ten clear days, for a document for scrutiny", clear_days_after(today, CLEAR_DAYS)),
            )
        ]
        choices += [
            (str(days), _by(says.capitalize(), today + timedelta(days=days))) for days, says in _PERIODS
        ]
        self.fields["time"] = forms.ChoiceField(
            label="Time for the answer",
            help_text=(
                "A member of a scrutiny committee has a right to a document about a decision of the executive within "
                "ten clear days (SI 2012/2089, regulation 17). For any other question the day is your wish, not a law."
            ),
            choices=[("", "Choose one"), *choices, ("none", "No day")],
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the time for the answer."),
        )
        self.order_fields(self.field_order)

    def cells(self) -> dict[str, str]:
        """What was asked, as cells of a statement."""
        given = self.cleaned_data
        cells = {"kind": "request" if given["time"] == DOCUMENT else "question", "says": given["question"]}
        if given["time"].isdigit():
            cells["due_on"] = (self.today + timedelta(days=int(given["time"]))).isoformat()
        return cells


def _by(says: str, day: date) -> str:
    return f"{says}: by {in_words(day.isoformat())}"


class AskForm(_TimedForm):
    """A member's question, in three fields: what, of whom, and in what time."""

    asked_of = _office(
        "Who has to answer",
        "An office or body, not a person. For example: director of children’s services",
        "Enter the office or body that has to answer.",
    )
    field_order = ("question", "asked_of", "time")

    def cells(self) -> dict[str, str]:
        """What was asked and of whom."""
        return {**super().cells(), "asked_of": self.cleaned_data["asked_of"]}


class FollowUpForm(_TimedForm):
    """A question that follows an answer; it is asked of the same office."""

    field_order = ("question", "time")


class ClarifyForm(PublicForm):
    """What a member meant."""

    problem = "The clarification was not saved"
    says = _words("What you mean", "Say what you mean.")


_REPLIES = (
    ("answered", "Answer it, or give the document"),
    ("clarification asked", "Ask the member what is meant (the clock stops)"),
    ("answer refused", "Refuse it, and give the reason"),
)


class ReplyForm(PublicForm):
    """What becomes of a question. `offered` are the steps that can follow now."""

    problem = "The reply was not saved"
    says = _words(
        "Your answer, your question to the member, or your reason",
        "Enter your answer, your question to the member, or your reason.",
        hint=f"{_PUBLIC} For a document, say where it can be read.",
        rows=8,
    )
    said_by = _office(
        "Office that replies", "An office or body, not a person", "Enter the office that replies."
    )

    field_order = ("step", "says", "said_by")

    def __init__(self, *posted: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*posted, **kwargs)
        # Any step may be sent: one that cannot follow is refused with what can, not as an unknown word.
        step = forms.ChoiceField(
            label="What you do",
            choices=_REPLIES,
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you do."),
        )
        step.widget.choices = [("", "Choose one"), *(one for one in _REPLIES if one[0] in offered)]
        self.fields["step"] = step
        self.order_fields(self.field_order)
