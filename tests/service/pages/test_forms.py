"""What every form does: shows again what was typed, puts each error beside its field, and links to it from the summary."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from lineofsight.service.pages.forms import Filters, Form, ReadField, RefusedAt, WordsField, at_field
from lineofsight.service.receive.recipe import CameSecond, RowsRefused
from lineofsight.vocabulary.refusal import Refused


def read_number(text: str) -> int:
    if not text.isdecimal():
        raise Refused("Write a number, such as 3.")
    return int(text)


class Example(Form):
    problem = "It was not taken"
    words = forms.CharField(help_text="A few", required=False)
    number = ReadField(read_number, required=False)
    kinds = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


class Narrowing(Filters):
    kind = WordsField(5)
    team = WordsField()


def sent(text: str) -> Example:
    form = Example(QueryDict(text))
    form.is_valid()
    return form


def drawn(form: Form) -> str:
    source = (
        '{% include "components/form_errors.html" with form=form only %}'
        '{% for field in form %}{% include "components/form_field.html" with field=field only %}{% endfor %}'
    )
    return engines["django"].from_string(source).render({"form": form})


def test_what_a_reader_refuses_is_beside_its_field_with_what_was_typed() -> None:
    page = drawn(sent("words=%3Cb%3E&number=many&kinds=b"))
    assert "It was not taken" in page and '<a href="#id_number">Write a number, such as 3.</a>' in page
    assert page.index('id="id_number_error"') < page.index('value="many"')
    assert 'aria-describedby="id_number_error"' in page and 'aria-invalid="true"' in page
    assert "govuk-input govuk-input--error" in page and 'value="&lt;b&gt;"' in page
    assert 'aria-describedby="id_words_helptext"' in page and 'id="id_words_helptext">A few' in page
    assert 'value="b" id="id_kinds_1" checked' in " ".join(page.split())


def test_nothing_wrong_has_no_summary_and_nothing_written_is_none() -> None:
    form = sent("number=")
    assert "govuk-error-summary" not in drawn(form)
    assert form.cleaned_data["number"] is None and sent("number=7").cleaned_data["number"] == 7


FINDINGS = [
    {"column": "words", "says": "Too many words.", "do": "Say less."},
    {"column": "elsewhere", "says": "It cannot be.", "do": "Mend it."},
]


@pytest.mark.parametrize(
    ("refused", "summary"),
    [
        (Refused("No."), [("No.", "#main-content")]),
        (RefusedAt("words", "No."), [("No.", "#id_words")]),
        (RefusedAt("hidden", "No."), [("No.", "#main-content")]),
        (RefusedAt("elsewhere", "No."), [("No.", "#main-content")]),
        (
            CameSecond(RefusedAt("number", "No.")),
            [("Another entry was recorded just before yours, so yours was not. No.", "#id_number")],
        ),
        (
            RowsRefused(FINDINGS),
            [("Too many words. Say less.", "#id_words"), ("It cannot be. Mend it.", "#main-content")],
        ),
    ],
)
def test_what_is_refused_later_is_shown_at_the_field_it_is_about(
    refused: Refused, summary: list[tuple[str, str]]
) -> None:
    form = sent("words=x")
    form.refuse(refused)
    assert [(one["text"], one["href"]) for one in form.summary()] == summary


def test_a_refusal_within_a_field_is_about_it() -> None:
    with pytest.raises(RefusedAt, match="many") as refused, at_field("number"):
        raise Refused("There are too many.")
    assert refused.value.field == "number"


def test_filters_take_any_words_and_give_those_that_are_some() -> None:
    narrowing = Narrowing(RequestFactory().get("/?kind=abcdefgh&team=%20&other=x"))
    assert narrowing.chosen == {"kind": "abcde"}
    assert narrowing.each == {"kind": "abcde", "team": ""}
    assert Narrowing(RequestFactory().get("/?kind=%00")).each == {"kind": "", "team": ""}
