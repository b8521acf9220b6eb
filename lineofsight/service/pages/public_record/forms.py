"""What statements are searched and narrowed by."""

from __future__ import annotations

from lineofsight.service.pages.forms import Filters, WordsField


class StatementsFilters(Filters):
    """What is looked for (`q`), and what else a statement has to be. `about` is for addresses that were given before."""

    q = WordsField(400)
    about, kind, topic, year, theme = WordsField(), WordsField(), WordsField(), WordsField(), WordsField()
    subject, document, linked, said_from = WordsField(), WordsField(), WordsField(), WordsField()
    said_to = WordsField()
