"""Forms as GOV.UK draws them: what was typed is shown again, each error beside its field and in the summary above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.forms.widgets import Input
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from lineofsight.service.receive import recipe
from lineofsight.vocabulary.refusal import Refused

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (Input, "govuk-input"),
)
"""What each kind of control is called in the style sheet; the first that fits."""


class RefusedAt(Refused):
    """A refusal that is about one field of a form."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Within it, a refusal is about that field."""
    try:
        yield
    except Refused as refused:
        raise RefusedAt(name, str(refused)) from None


class Field(forms.BoundField):
    """A field with its class in the style sheet, and an id without blanks, so that the summary can link to it."""

    @property
    def auto_id(self) -> str:
        """The control's id; the names of some fields are codes with blanks in them."""
        return str(super().auto_id).replace(" ", "-")

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The control's attributes, its class among them, and that of an error where there is one."""
        built = super().build_widget_attrs(attrs, widget)
        control = widget or self.field.widget
        known = next((name for kind, name in _CLASSES if isinstance(control, kind)), "")
        if known and not control.is_hidden:
            own = control.attrs.get("class", "")
            built["class"] = " ".join(filter(None, (known, f"{known}--error" if self.errors else "", own)))
        return built


class Form(forms.Form):
    """A form of a page. `problem` is the heading of its error summary."""

    bound_field_class = Field
    use_required_attribute = False
    problem = "There is a problem"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def summary(self) -> list[dict[str, str]]:
        """Every error with the place of the field it is about; what is about no field leads to the form's page."""
        return [
            {"text": self.in_summary(name, str(error)), "href": self._place_of(name)}
            for name, errors in self.errors.items()
            for error in errors
        ]

    def in_summary(self, name: str, error: str) -> str:  # noqa: ARG002 - some forms put the field's label before it
        """An error as the summary words it."""
        return error

    def _place_of(self, name: str) -> str:
        if name not in self.fields or self[name].is_hidden:
            return "#main-content"
        return f"#{self.fields[name].widget.attrs.get('id') or self[name].auto_id}"

    def refuse(self, refused: Refused) -> None:
        """Show why what was asked cannot be done, beside the field that it is about where it is about one."""
        if isinstance(refused, recipe.RowsRefused):
            for finding in refused.findings:
                self._refuse_at(self.field_of(finding), f"{finding['says']} {finding['do']}")
            return
        why = refused.why if isinstance(refused, recipe.CameSecond) else refused
        self._refuse_at(why.field if isinstance(why, RefusedAt) else None, str(refused))

    def field_of(self, finding: dict[str, Any]) -> str | None:
        """The field that a finding of intake is about: that of the column's name."""
        column: str | None = finding["column"]
        return column

    def _refuse_at(self, name: str | None, says: str) -> None:
        self.add_error(name if name in self.fields else None, says)


class ReadField(forms.CharField):
    """Text as a reader understands it: what the reader refuses is the field's error. None where nothing was written."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        """What the reader makes of the text."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.read(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None


class WordsField(forms.CharField):
    """Words of an address by which a list is narrowed: whatever they are, cut to a length, and none is an error."""

    def __init__(self, most: int = 200, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        """The words, cut."""
        return str(super().to_python(value) or "")[: self.most].strip()


class Filters(Form):
    """What an address narrows a list by. What cannot be is left out, and the list is not narrowed by it."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.GET, *args, **kwargs)

    @property
    def chosen(self) -> dict[str, str]:
        """What was given, by its name; nothing that is empty."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def each(self) -> dict[str, str]:
        """The same with what is empty."""
        return {name: self.chosen.get(name, "") for name in self.fields}


Posted = tuple[QueryDict | None, MultiValueDict[str, Any] | None]


def posted(request: HttpRequest) -> Posted:
    """What was sent with a form, and its files; neither where the form is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def choices_of(values: Any, empty: str | None = None) -> list[tuple[str, str]]:
    """Choices that are said as they are written, with one for none of them where it has words."""
    return [*([] if empty is None else [("", empty)]), *((value, value) for value in values)]
