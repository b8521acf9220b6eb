"""The form that says whether two findings are the same."""

from __future__ import annotations

from django import forms

from lineofsight.oversight.returning import CONFIRMED, REFUSED
from lineofsight.service.pages.forms import Form

VERDICTS = {CONFIRMED: "The same failing", REFUSED: "Not the same failing"}
_SHORTEST_WHY = 10
NOT_KNOWN = "These two findings are not known. Open the page again and choose from it."


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
