"""What statements are searched and narrowed by."""

from __future__ import annotations

from lineofsight.service.pages.forms import Filters, WordsField


class StatementsFilters(Filters):
    """Words in a statement, and what else it has to be."""

    about, kind, topic, theme, subject = WordsField(), WordsField(), WordsField(), WordsField(), WordsField()
    document, linked, said_from, said_to = WordsField(), WordsField(), WordsField(), WordsField()
