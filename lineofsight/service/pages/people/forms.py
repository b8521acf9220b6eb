"""The forms of people: giving roles, deciding on requests, opening and restricting a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from lineofsight.service.access import guarding
from lineofsight.service.access import people as kept
from lineofsight.service.access.appointments import APPOINTED, Missing
from lineofsight.service.access.roles import PERMITTED, SCOPED, Role
from lineofsight.service.pages.forms import Form, ReadField, choices_of
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused

_LARGEST_NUMBER = 2**63 - 1
_PLAIN = {"autocapitalize": "none", "autocomplete": "off"}
_TOO_SHORT = f"Give a reason of at least {guarding.SHORTEST_REASON} letters, without naming the child."


def _topics() -> list[tuple[str, str]]:
    return [(each.code, f"{each.code.capitalize()}: {each.says}") for each in code_set("topic").values()]


def _confirmed() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)


class RoleForm(Form):
    """A role to be given, to whom and bounded by what; `wanted` is what it asks for."""

    name = forms.CharField(
        required=False,
        label="Name they sign in with",
        help_text="If they do not have an account yet, one is created.",
        widget=forms.TextInput(_PLAIN),
    )
    role = forms.ChoiceField(
        choices=choices_of(role.value for role in PERMITTED),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), f"There is no such role; use one of: {', '.join(PERMITTED)}."
        ),
    )
    team = forms.CharField(
        required=False,
        help_text="For a team manager or a head of service: the team’s code in the case system. A head of service also sees every team below it.",
        widget=forms.TextInput(_PLAIN),
    )
    worker = forms.CharField(
        required=False,
        label="Worker’s number",
        help_text="For a worker only: their number in the case system.",
        widget=forms.TextInput(_PLAIN),
    )
    covers = forms.MultipleChoiceField(
        required=False,
        label="Topics the appointment covers",
        help_text="For a commissioner, improvement partner or safeguarding partnership. Choose none for every topic.",
        choices=_topics,
        widget=forms.CheckboxSelectMultiple,
    )
    begins = forms.CharField(
        required=False,
        label="First day of the appointment",
        help_text="For example, 2019-10-09.",
        widget=forms.DateInput({"type": "date", "class": "govuk-input--width-10"}),
    )
    ends = forms.CharField(
        required=False,
        label="Last day of the appointment",
        help_text="Access ends after this day. A safeguarding partnership may have none.",
        widget=forms.DateInput({"type": "date", "class": "govuk-input--width-10"}),
    )
    document = forms.CharField(
        required=False,
        label="Document that appoints them",
        help_text="For example: Statutory direction of 10 June 2019, paragraph 4.",
        widget=forms.TextInput(_PLAIN),
    )
    confirmed = _confirmed()

    def __init__(self, *posted: Any, authority: str) -> None:
        super().__init__(*posted)
        self.authority = authority
        if APPOINTED.isdisjoint(PERMITTED):  # in a public record nobody is appointed
            for name in ("covers", "begins", "ends", "document"):
                self.fields[name].widget = self.fields[name].hidden_widget()

    def clean(self) -> dict[str, Any]:
        """That there can be such a role."""
        if not self.errors:
            said = self.said()
            try:
                self.wanted = kept.wanted(
                    said["name"],
                    said["role"],
                    self.authority,
                    team=said["team"],
                    worker=said["worker"],
                    appointment={
                        "topics": " ".join(self.cleaned_data["covers"]),
                        **{name: said[name] for name in ("begins", "ends", "document")},
                    },
                )
            except Missing as missing:
                self.add_error(missing.field, str(missing))
            except Refused as refused:
                self.add_error(_about(said), str(refused))
        return self.cleaned_data

    def said(self) -> dict[str, str]:
        """What was typed, to be asked for again once it was checked; topics are asked for beside it."""
        names = ("name", "role", "team", "worker", "begins", "ends", "document")
        return {name: self.cleaned_data[name] for name in names}

    def pairs(self) -> list[tuple[str, str]]:
        """The same with each topic, as a form sends them."""
        return [*self.said().items(), *(("covers", topic) for topic in self.cleaned_data["covers"])]


def _about(said: Mapping[str, str]) -> str:
    """The field that a refusal of a role is about: what bounds it and is missing, or what does not and is given."""
    bound = SCOPED.get(Role(said["role"]))
    if bound and not said[bound]:
        return bound
    too_much = (name for name in ("team", "worker") if name != bound and said[name])
    return next(too_much, "name")


class ChangeForm(Form):
    """One of what may be done to a person's roles and sign-in, and whether it was checked."""

    action = forms.ChoiceField()
    confirmed = _confirmed()

    def __init__(self, *posted: Any, offered: Mapping[str, str]) -> None:
        super().__init__(*posted)
        self.fields["action"].choices = list(offered.items())  # type: ignore[attr-defined]


def _number(says: str = "") -> forms.IntegerField:
    names = ("required", "invalid", "min_value", "max_value")
    errors = dict.fromkeys(names, says) if says else None
    return forms.IntegerField(
        min_value=1, max_value=_LARGEST_NUMBER, error_messages=errors, widget=forms.HiddenInput
    )


class DecisionForm(Form):
    """Confirming what somebody else asked for, or turning it down."""

    number = _number("No request with that number is waiting to be confirmed.")
    decision = forms.ChoiceField(
        choices=choices_of(("confirm", "turn-down")),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose whether to confirm or reject the request."
        ),
        widget=forms.HiddenInput,
    )


class NoticesForm(Form):
    """Up to which notice somebody has read."""

    number = _number()


class _ReasonField(ReadField):
    """A reason that goes into a child's access log."""

    def __init__(self, label: str, hint: str) -> None:
        super().__init__(
            guarding.reason_of,
            label=label,
            help_text=hint,
            error_messages={"required": _TOO_SHORT},
            widget=forms.Textarea({"rows": 4}),
        )


class OpeningForm(Form):
    """Why somebody has to open a child that is not open to them."""

    reason = _ReasonField(
        "Why you need to open it now", "Use your own words. Do not name the child or the family."
    )


class RestrictionForm(Form):
    """Who may still open a child, and why nobody else."""

    allowed = forms.CharField(
        required=False,
        label="Who can still open it",
        help_text="The names they sign in with, separated by commas. Include yourself if you need access.",
        widget=forms.TextInput(_PLAIN),
    )
    reason = _ReasonField("Reason", "Do not name the child or the family.")

    def names(self) -> list[str]:
        """The names, one each."""
        return str(self.cleaned_data["allowed"]).replace(",", " ").split()
