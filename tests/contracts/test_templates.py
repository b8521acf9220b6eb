"""What Django does not see to by itself when one template draws another."""

from __future__ import annotations

import re

import pytest

from tests.contracts.test_words import TEMPLATES, the_templates

WITH_A_FORM = {name for name in the_templates() if "{% csrf_token %}" in (TEMPLATES / name).read_text()}
"""The templates whose forms carry the token without which what they send is refused."""


def includes(source: str) -> list[tuple[str, str]]:
    """Each template that a template draws with nothing but what it is given, and what that is."""
    return re.findall(r'\{% include "([^"]+)"([^%]*) only %\}', source)


@pytest.mark.parametrize("name", the_templates())
def test_a_form_drawn_with_only_what_it_is_given_is_given_its_token(name: str) -> None:
    drawn = includes((TEMPLATES / name).read_text())
    assert [part for part, given in drawn if part in WITH_A_FORM and "csrf_token=" not in given] == []


def test_a_form_without_its_token_is_found() -> None:
    assert includes('{% include "form.html" with form=form only %}') == [("form.html", " with form=form")]
